"""Training data comes from known hosts, and no signature stands in its URL."""

import re

from policies.reading import WORKSPACE, at, items, text
from policies.rule import Context, Document, Found, Rule, Severity

_host = re.compile("^[A-Za-z0-9+.-]+://(?:[^/?#@]*@)?([^/:?#]*)")
_signature = re.compile("[?&](?i:sig|x-amz-signature)=")


def _check(document: Document, context: Context) -> Found:
    hosts = {host.lower() for host in context.config.dataset_hosts}
    for place, url in enumerate(items(at(document, "tuning", "input", "urls"))):
        path = ("tuning", "input", "urls", place)
        match = _host.search(text(url))
        host = match[1].lower() if match else ""
        if hosts and host not in hosts:
            yield path, f"{host or 'no host'} is not among {', '.join(sorted(hosts))}"
        if _signature.search(text(url)):
            yield path, "a signature in the URL gives access to all who read it"


RULE = Rule(
    id="KAITO032",
    severity=Severity.MEDIUM,
    title="dataset from a known host, no signature in its URL",
    why="Data of strangers poisons the model; a signed URL is a credential.",
    source="OWASP LLM04, LLM02",
    remedy="mount the data as a volume, or extend datasetHosts in kaitops-policy.yaml",
    kinds=(WORKSPACE,),
    check=_check,
)
