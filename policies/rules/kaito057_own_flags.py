"""An inference configuration leaves to KAITO what KAITO sets."""

from kaitops.policies import vllm
from kaitops.policies.anatomy import CONFIGMAP
from kaitops.policies.reading import INFERENCE_KEY
from kaitops.policies.rule import Context, Document, Found, Rule, Severity


def _check(document: Document, context: Context) -> Found:
    section = vllm.section(document)
    if not section:
        return
    # Only a configuration with flags pays for reading them as the server does.
    from kaitops.kaito.vllm.flags import table
    from kaitops.kaito.vllm.judging import overridden

    flags = table(context.release.version)
    for problem in overridden(section, flags) if flags is not None else ():
        yield ("data", INFERENCE_KEY, "vllm", problem.key), f"vllm.{problem.key}: {problem.message}"


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
