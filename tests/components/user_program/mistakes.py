"""Mistakes that pyright must find, each marked with the rule that finds it; not a line more and not a line less."""

from kaitops.components.resources import InferenceSet, ModelMirror, MultiRoleInference, RAGEngine, Workspace

Workspace(
    "unknown-key",
    resource={"labelSelectr": {"matchLabels": {"apps": "a"}}},  # reportArgumentType
    inference={"preset": {"name": "phi-4"}},
)
Workspace(
    "wrong-type",
    resource={"count": "1", "labelSelector": {}},  # reportArgumentType
    inference={"preset": {"name": "phi-4"}},
)
Workspace(
    "not-an-access-mode",
    resource={"labelSelector": {}},
    inference={"preset": {"name": "phi-4", "accessMode": "secret"}},  # reportArgumentType
)
Workspace(
    "within-the-pod",
    resource={"labelSelector": {}},
    inference={"template": {"spec": {"containers": [{"name": "a", "imag": "b"}]}}},  # reportArgumentType
)
Workspace(
    "deep-within-the-pod",
    resource={"labelSelector": {}},
    inference={"template": {"spec": {"tolerations": [{"key": "a", "operater": "Exists"}]}}},  # reportArgumentType
)
Workspace("no-resource", inference={"preset": {"name": "phi-4"}})  # reportCallIssue
Workspace("a-spec", resource={"labelSelector": {}}, spec={})  # reportCallIssue
InferenceSet("no-template", spec={"labelSelector": {}})  # reportArgumentType
RAGEngine("no-embedding", spec={"inferenceService": {"url": "http://a", "contextWindowSize": 1}})  # reportArgumentType
ModelMirror("wrong-registry", spec={"source": {"registry": "hub", "modelID": "a/b"}})  # reportArgumentType
MultiRoleInference(
    "wrong-role",
    spec={  # reportArgumentType
        "labelSelector": {},
        "model": {"name": "phi-4"},
        "roles": [{"type": "prefil"}],
    },
)
