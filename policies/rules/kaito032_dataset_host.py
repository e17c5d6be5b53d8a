"""Training data comes from known hosts, and no signature stands in its URL."""

import re
from urllib.parse import unquote

from kaitops.policies.anatomy import WORKSPACE
from kaitops.policies.reading import at, items, text
from kaitops.policies.rule import Context, Document, Found, Rule, Severity

# One meaning for every client: no user, no backslash, no letters beyond ASCII, nothing encoded in the host.
_host = r"(?a)[A-Za-z][A-Za-z0-9+.-]*://([A-Za-z0-9.-]+)(?::[0-9]{1,5})?(?:[/?#][^\\\s]*)?"
_user = r"^[^/?#]*//[^/?#]*@"
_signature = "[?&;](?i:sig|signature|x-(?:amz|goog|oss)-signature|access_token|token|api-?key)="


def _check(document: Document, context: Context) -> Found:
    hosts = {host.lower() for host in context.config.dataset_hosts}
    for place, url in enumerate(items(at(document, "tuning", "input", "urls"))):
        path = ("tuning", "input", "urls", place)
        match = re.fullmatch(_host, text(url))
        host = match[1].lower() if match else ""
        if hosts and host not in hosts:
            yield path, f"{host or 'no host'} is not among {', '.join(sorted(hosts))}"
        elif re.search(_user, text(url)):
            yield path, "a login in the URL gives access to all who read it"
        if re.search(_signature, unquote(text(url))):
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
