"""An inference configuration leaves to KAITO what KAITO sets."""

from kaitops.policies import vllm
from kaitops.policies.anatomy import CONFIGMAP
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    return vllm.told(document, context.release.version, overridden=True)


RULE = Rule(
    id="KAITO057",
    severity=Severity.MEDIUM,
    title="inference configuration leaves to KAITO what KAITO sets",
    why=(
        "The configuration comes behind KAITO's own flags, and the later one counts. KAITO takes nodes, Service, "
        "volumes and routes from its own values, whatever the server was told."
    ),
    source="KAITO pkg/model/interface.go, presets/workspace/inference/vllm/inference_api.py",
    remedy="say it on the Workspace: machine size, adapters, annotations",
    kinds=(CONFIGMAP,),
    check=_check,
)
