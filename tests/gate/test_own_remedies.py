"""What a message of the gate's own checks tells people to do is done, and the message is gone; no message goes without.

The messages are those of ``test_true_green``: a case there that finds something has its remedy here, in the words that
the message has for it and as the edit that those words mean.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pytest

from tests.gate.objects import WORKSPACE
from tests.gate.test_true_green import CASES, SCALED, Case, judged

GONE = ""
Run = Callable[..., Any]


class Remedy(NamedTuple):
    """What a message says to do, and that done.

    Attributes:
        says: words of the message.
        edits: texts of the tree, and what takes their place.
        options: what the message has people say on the command line.
    """

    says: str
    edits: Sequence[tuple[str, str]] = ()
    options: Sequence[str] = ()


def edit(says: str, *texts: str) -> Remedy:
    return Remedy(says, list(zip(texts[::2], texts[1::2], strict=True)))


def told(says: str, *options: str) -> Remedy:
    return Remedy(says, (), options)


def set_of(notes: str = "") -> str:
    """A set in place of a Workspace."""
    return f"""\
apiVersion: kaito.sh/v1beta1
kind: InferenceSet
metadata: {{name: phi, namespace: team, annotations: {{{notes}}}}}
spec:
  labelSelector: {{matchLabels: {{apps: phi}}}}
  template:
    resource: {{instanceType: Standard_NC24ads_A100_v4}}
    inference: {{preset: {{name: phi-4-mini-instruct}}}}
"""


SERVICE_OF_SET = """\
apiVersion: v1
kind: Service
metadata: {name: phi, namespace: team}
spec: {selector: {inferenceset.kaito.sh/created-by: phi}, ports: [{port: 80, targetPort: 5000}]}
"""
RANGE = (
    "---\napiVersion: v1\nkind: LimitRange\nmetadata: {name: more, namespace: team}\nspec: {limits: [{type: Container, "
)
NAMES, OUT = "{ports: [{port: 53, protocol: UDP}]}", "{ports: [{port: 443}], to: [{ipBlock: {cidr: 0.0.0.0/0}}]}"
SEALED_WORDS = (
    "sops:\n  version: 3.10.2\n  mac: ENC[AES256_GCM,data:q1w2,iv:e3r4,tag:t5z6,type:str]\n", GONE,
)  # fmt: skip
TO_WORKSPACE = (
    set_of("kaito.sh/enableLB: 'True'").replace("template:\n", "template:\n    metadata: {annotations: {}}\n"),
    WORKSPACE.replace("  namespace: team\n", "  namespace: team\n  annotations: {kaito.sh/enablelb: 'True'}\n"),
)

REMEDIES: dict[str, Remedy] = {
    "a document without a kind": edit(
        "write both", "{metadata: {name: a}}", "{apiVersion: v1, kind: Namespace, metadata: {name: a}}"
    ),
    "a key that a Secret of SOPS lacks": edit("add the key", "TOKEN:", "HF_TOKEN:"),
    "a value in the clear": edit(
        "encrypt it by sops", "other: plain-words", "other: ENC[AES256_GCM,data:Zm9v,iv:YmFy,tag:YmF6,type:str]"
    ),
    "a Secret of SOPS without its mac": edit(
        "encrypt it anew", "mac: none", "mac: ENC[AES256_GCM,data:q1w2,iv:e3r4,tag:t5z6,type:str]"
    ),
    "words of SOPS on what is no Secret": edit("keep it in the clear", *SEALED_WORDS),
    "a misspelt key": edit("meant is", "disable-bench-mark", "disable-benchmark"),
    "a key of a domain of KAITO's": edit("meant is", "stream-source:", "stream-source-type:"),
    "a value that counts for nothing": edit("write one", '"transformer"', '"vllm"'),
    "a label that nothing reads": edit("meant is", "work-space", "workspace"),
    "the scaler on a Workspace": Remedy(
        "InferenceSet",
        [
            (
                WORKSPACE.replace(
                    "  namespace: team\n",
                    '  namespace: team\n  annotations:\n    scaledobject.kaito.sh/max-replicas: "3"\n',
                ),
                set_of('scaledobject.kaito.sh/max-replicas: "3"'),
            )
        ],
    ),
    "a key of the scaler that it read once": edit("drop it", ', scaledobject.kaito.sh/metricName: "a"', GONE),
    "the scaler in the template of a set": edit(
        "move it",
        '{NOTE: "true"}'.replace("NOTE", "scaledobject.kaito.sh/auto-provision"),
        "{}",
        "annotations: {}}\nspec",
        f"annotations: {{{SCALED}}}}}\nspec",
    ),
    "a key of the template on the set": edit(
        "spec.template.metadata",
        "annotations: {}",
        "annotations: {kaito.sh/performance-mode: throughput}",
        "annotations: {kaito.sh/performance-mode: balanced}",
        "annotations: {}",
    ),
    "a key whose letters differ in size": edit("meant is", "performanceMode", "performance-mode"),
    "a misspelt key of another place": edit("on a Workspace", *TO_WORKSPACE),
    "a value that KAITO compares with another one": edit("write one", "'true'", "'False'"),
    "a key that is like none": edit("drop it", "kaito.sh/whatever: a", GONE),
    "a key of a Workspace on an engine": edit("drop it", "kaito.sh/performance-mode: balanced", GONE),
    "an address in another namespace": edit("write phi.team.svc", "phi.other.svc", "phi.team.svc"),
    "a port that the Service has not": edit("HTTP port, 80", "phi:5000", "phi:80"),
    "a context above the served one": edit("write at most 131072", "131073", "131072"),
    "a context above what vLLM holds where none is declared": edit("write at most 86064", "86065", "86064"),
    "a set, which has no Service": edit("declare a Service for them", "---\n", "---\n" + SERVICE_OF_SET + "---\n"),
    "an address without a scheme": edit("write http://", "phi.team:80", "http://phi.team.svc:80"),
    "an address into the engine's own pod": edit("name the model's Service", "localhost:5000", "phi"),
    "an engine that asks itself": edit("name the Service of a model", "http://rag/", "http://phi/"),
    "a job, which serves nothing": edit("name one that serves it", "http://tune/", "https://llm.contoso.com/"),
    "a Secret of another namespace": told(
        "--assume-present Secret/team/weights", "--assume-present", "Secret/team/weights"
    ),
    "a Secret of other named namespaces": edit("declare it there too", "[other]", "[other, team]"),
    "a key that a Secret of the namespaces with a label lacks": edit(
        "add the key", "secretKey: TOKEN", "secretKey: HF_TOKEN"
    ),
    "a login of no form": edit("add the key", "secretKey: HF_TOKEN", "secretKey: .dockerconfigjson"),
    "a name that no Secret has": edit("write the name of one", "Push_Secret", "push"),
    "a placeholder in angle brackets": edit("write what is meant", '"<push-secret>"', "push"),
    "a placeholder in an image": edit("write what is meant", "yourregistry", "contoso"),
    "a placeholder in capitals": edit("write what is meant", "CHANGE_ME", "push"),
    "an adapter of another model": edit("tune phi-4-mini-instruct", "name: phi-4}", "name: phi-4-mini-instruct}"),
    "a Service of the name of a Workspace": edit("rename one", "metadata: {name: phi,", "metadata: {name: web,"),
    "an engine of the name of a Workspace": edit("rename one", "metadata: {name: phi,", "metadata: {name: rag,"),
    "a scaler and a number": edit("drop it", "  replicas: 2\n", GONE),
    "two scalers": edit(
        "keep one",
        "AUTO".replace("AUTO", 'scaledobject.kaito.sh/auto-provision: "true", '),
        GONE,
        SCALED.partition(", ")[2],
        GONE,
    ),
    "bounds the wrong way round": edit("correct the bounds", "minReplicaCount: 5", "minReplicaCount: 1"),
    "more replicas than the limit of nodes": edit("raise it or lower that", "nodeCountLimit: 3", "nodeCountLimit: 4"),
    "a scaler of a Workspace": edit(
        "declare an InferenceSet", WORKSPACE, set_of(), "kind: Workspace, name", "kind: InferenceSet, name"
    ),
    "a scaler of a Workspace that it takes for a set": edit("declare an InferenceSet", WORKSPACE, set_of()),
    "a mount of no volume": edit(
        "declare the volume", "volumes: [", "volumes: [{name: dshm, emptyDir: {medium: Memory}}, "
    ),
    "a volume twice": edit(
        "rename it", "volumes: [{name: weights, emptyDir: {}}, ", "volumes: [{name: other, emptyDir: {}}, "
    ),
    "a port beyond 65535": edit("correct it", "70000", "7000"),
    "a request above its limit": edit("lower it", "memory: 64Gi}, limits", "memory: 6Gi}, limits"),
    "a name of signs that are not allowed": edit("rename it", "The_Server", "server"),
    "a policy of restarts for jobs": edit("drop it", "      restartPolicy: Never\n", GONE),
    "a probe of a port without that name": edit("name the port", "port: web}", "port: http}"),
    "a probe of a port that nobody opens": edit(
        "probe the port that the server listens on", "port: 8081", "port: 5000"
    ),
    "a server on another port": edit("listen on 5000", "8000", "5000"),
    "a server that says its port in its command": edit("listen on 5000", "'9000'", "'5000'"),
    "more processors than a node gives": edit("ask for less", 'cpu: "24"', 'cpu: "23"'),
    "more memory than the machine has": edit("ask for less", "300Gi", "219Gi"),
    "processors of another kind": edit("drop it", "      nodeSelector: {kubernetes.io/arch: arm64}\n", GONE),
    "a machine of another size": edit(
        "drop it", "      nodeSelector: {node.kubernetes.io/instance-type: Standard_ND96asr_v4}\n", GONE
    ),
    "a Service that sends past KAITO's pod": edit("correct one of both", "8000", "5000"),
    "a Service of one pod that sends past it": edit("correct one of both", "8000", "5000"),
    "an image with a variable": edit("write the value", "${REGISTRY}", "contoso.azurecr.io"),
    "a Service that sends elsewhere": edit("correct one of both", "targetPort: 9090", "targetPort: 8080"),
    "a Service that sends to a name": edit("correct one of both", "targetPort: web", "targetPort: http"),
    "more GPUs than the selected size has": edit("ask for fewer", "nvidia.com/gpu: 2", "nvidia.com/gpu: 1"),
    "more than the selected size has": edit("take a larger size", "Standard_D16s_v5", "Standard_D32s_v5"),
    "a level that refuses KAITO's pod": edit("a lower level", "restricted", "baseline"),
    "a level that refuses both pods of a set alike": edit("a lower level", "restricted", "baseline"),
    "a level that there is not": edit("write one", "restrictive", "baseline"),
    "a version of a level that there is not": edit("a version such as v1.32", "'1.30'", "v1.30"),
    "a quota without a GPU": edit("raise it", '"0"', '"1"'),
    "a quota of two workloads": edit("raise it", 'gpu": "1"', 'gpu": "2"'),
    "a quota for one replica less": edit("raise it", '"1"', '"2"'),
    "a quota of what KAITO makes": edit("raise it", "apps: 0", "apps: 1"),
    "a quota of Services": edit("raise it", "services: 1", "services: 2"),
    "a quota of KAITO's kind": edit("raise it", "kaito.sh: 0", "kaito.sh: 1"),
    "a quota of pods": edit("raise it", '"0"', '"1"'),
    "a quota that needs requests": Remedy(
        "add a LimitRange with defaults",
        [
            ("spec: {hard", "spec: {hard"),
            ('requests.cpu": "8"}}\n', 'requests.cpu": "8"}}\n' + RANGE + "defaultRequest: {cpu: '4'}}]}\n"),
        ],
    ),
    "a range of whole pods that say nothing": edit(
        "add a LimitRange with defaults",
        "memory: 400Gi}}]}\n",
        "memory: 400Gi}}]}\n" + RANGE + "default: {memory: 64Gi}}]}\n",
    ),
    "a range of claims": edit("raise it", "5Gi", "10Gi"),
    "a range that takes the memory away": edit("raise it", "2Gi", "64Gi"),
    "a range below a template": edit("raise it", "32Gi", "64Gi"),
    "no way to the model": edit("allow it by an egress rule", "egress: [", "egress: [{ports: [{port: 5000}]}, "),
    "no way in to the model": edit("allow it by an ingress rule", "ingress: [", "ingress: [{ports: [{port: 5000}]}, "),
    "a way in from elsewhere": edit("allow it by an ingress rule", "name: web}", "name: team}"),
    "no way out": edit("allow them by an egress rule", "egress: []", f"egress: [{NAMES}, {OUT}]"),
    "no way to names": edit("allow them by an egress rule", "egress: [", f"egress: [{NAMES}, "),
    "no way to the weights": edit("allow them by an egress rule", "egress: [", f"egress: [{OUT}, "),
    "a rule for the way out, and no word of it": edit("allow them by an egress rule", "egress: [", f"egress: [{OUT}, "),
}
# Their messages are rules', whose remedies are done in ``tests/policies/test_remedies_applied.py``.
_RULES = {
    name for name, case in CASES.items() if case.found and all(not one.startswith("KAITOPS") for one, _ in case.found)
}


def mended(case: Case, remedy: Remedy) -> Case:
    text = case.text
    for before, after in remedy.edits:
        assert before in text, f"{before!r} is not in\n{text}"
        text = text.replace(before, after)
    return case._replace(text=text, options=(*case.options, *remedy.options))


def test_every_message_has_its_remedy_done() -> None:
    assert REMEDIES.keys() == {name for name, case in CASES.items() if case.found} - _RULES


@pytest.mark.sampled(4)
@pytest.mark.parametrize("name", REMEDIES)
def test_what_the_message_says_helps(name: str, run: Run, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    case, remedy = CASES[name], REMEDIES[name]
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tree.yaml").write_text(case.text, "utf-8")
    _, found, _ = judged(run, case, "tree.yaml")
    own = [one["message"] for one in found if one["rule"].startswith("KAITOPS")]
    assert any(remedy.says in message for message in own), own
    after = mended(case, remedy)
    (tmp_path / "tree.yaml").write_text(after.text, "utf-8")
    _, found, said = judged(run, after, "tree.yaml")
    left = [one for one in found if one["rule"].startswith("KAITOPS") and one["severity"] in ("HIGH", "CRITICAL")]
    assert left == [], said
