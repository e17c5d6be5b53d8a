"""Rules of tags: what Azure takes as one, on every resource and on DNS zones, which take less."""

from collections.abc import Iterator, Mapping

from kaitops.components.settings.infra import InfraSettings
from kaitops.components.settings.names import azure_facts


def problems(settings: InfraSettings) -> Iterator[str]:
    """What does not hold of the tags."""
    facts = azure_facts()["tags"]
    for key, value in settings.tags.items():
        path = f"infra.tags.{key[:60]}"
        if bad := sorted({sign for sign in key if sign in facts["refused"]}):
            yield f"{path}: has {' '.join(bad)} in its name, which Azure takes in no tag; write the name without it"
        if not 1 <= len(key) <= facts["name"]:
            yield f"{path}: has a name of {len(key)} characters, and Azure takes 1 to {facts['name']}; shorten it"
        if len(value) > facts["value"]:
            yield f"{path}: has {len(value)} characters, and Azure takes {facts['value']} at most; shorten it"
    most = facts["most_on_zones"] if has_zones(settings) else facts["most"]
    if len(settings.tags) > most:
        where = "a private DNS zone" if has_zones(settings) else "a resource"
        yield (
            f"infra.tags: {len(settings.tags)} of them, and Azure takes {most} on {where} at most, so the stack would "
            "come up in part; leave some out"
            + (", or name the zones that are kept centrally in network.privateDnsZones" if has_zones(settings) else "")
        )


def has_zones(settings: InfraSettings) -> bool:
    """The stack makes private DNS zones of its own."""
    network = settings.network
    if network.existing is not None and network.existing.endpoint_subnet_id is None:
        return False
    registry, vault, weights = settings.registry, settings.secrets, settings.weights
    made = {
        "registry": registry is not None and registry.existing is None and registry.sku == "Premium",
        "vault": vault is not None and vault.existing is None,
        "blob": weights is not None and weights.kind == "blob",
        "file": weights is not None and weights.kind == "files",
    }
    return any(there and service not in network.private_dns_zones for service, there in made.items())


def zone_tags(tags: Mapping[str, str]) -> dict[str, str]:
    """The tags that a DNS zone keeps. Azure drops others without a word, and each refresh would tell of it."""
    refused: str = azure_facts()["tags"]["dropped_on_zones"]
    return {
        key: value
        for key, value in tags.items()
        if key.isascii() and not key[:1].isdigit() and not any(sign in refused for sign in key)
    }
