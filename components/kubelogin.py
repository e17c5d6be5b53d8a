"""The kubeconfig of a cluster with Entra login, made fit for whoever deploys.

Owns how ``kubelogin`` is called. Azure hands out a kubeconfig that asks a person for a code, in which a pipeline hangs.
Names no credential: each way finds its own in the environment, from where other arguments would keep it.
"""

import json
from collections.abc import Mapping

from kaitops.components.settings.network import Login
from kaitops.documents import reader, writer
from kaitops.documents.plain import MutableObject, items, mapping

_NAME = "the kubeconfig of the cluster"
_PERSON = "devicecode"
# The application that people log in to; to every other way it would be the identity to act as.
_KEPT: Mapping[str, tuple[str, ...]] = {"spn": ("--server-id", "--tenant-id", "--environment")}


def converted(kubeconfig: str, login: Login) -> str:
    """The kubeconfig with another way to log in; what does not call ``kubelogin`` stays as it is."""
    if login == _PERSON:
        return kubeconfig
    # A copy: what the reader gives is shared. What is no kubeconfig holds no user.
    found = [dict(mapping(one.data)) for one in reader.read_bytes(kubeconfig.encode(), _NAME)]
    config: MutableObject = json.loads(json.dumps(found[0])) if len(found) == 1 else {}
    called = [
        each
        for user in items(config.get("users"))
        if "kubelogin" in str((each := mapping(mapping(user).get("user")).get("exec", {})).get("command", ""))
    ]
    if not called:
        return kubeconfig
    for each in called:
        each["args"] = _arguments([str(one) for one in items(each.get("args"))], login)
    return writer.dump(config)


def _arguments(given: list[str], login: Login) -> list[str]:
    kept = _KEPT.get(login, ("--server-id",))
    pairs = [(given[place], given[place + 1]) for place in range(len(given) - 1) if given[place] in kept]
    return ["get-token", "--login", login, *[part for pair in pairs for part in pair]]
