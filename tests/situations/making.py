"""The form of a situation, and short ways to write the objects."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

A100 = "Standard_NC24ads_A100_v4"
A100_2 = "Standard_NC48ads_A100_v4"
H100_2 = "Standard_NC80adis_H100_v5"
A10 = "Standard_NV36ads_A10_v5"
RETIRED = "Standard_NC6s_v3"

Object = dict[str, Any]


@dataclass(frozen=True)
class Situation:
    """An object, and what stands beside it.

    Attributes:
        document: the object; its name is the situation's.
        like: the example of upstream's that has the same features and mistakes: its file, and its line in a page.
        maps: the data of ConfigMaps in the object's namespace, by name.
        cloud: that the gate's rules assume.
    """

    document: Object
    like: str
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    cloud: str = "azure"

    @property
    def name(self) -> str:
        """The name of the object, one of a kind."""
        return self.document["metadata"]["name"]


def metadata(name: str, namespace: str | None = None, **annotations: str) -> Object:
    """Metadata; annotations are KAITO's, with ``_`` for ``-``."""
    made: Object = {"name": name}
    if namespace:
        made["namespace"] = namespace
    if annotations:
        made["annotations"] = {f"kaito.sh/{key.replace('_', '-')}": value for key, value in annotations.items()}
    return made


def chosen(preset: str, **options: Any) -> Object:
    """A preset with the access mode that nobody reads any more."""
    made: Object = {"name": preset, "accessMode": "public"}
    return {**made, "presetOptions": options} if options else made


def selector(name: str) -> Object:
    """Labels of the nodes of one workload."""
    return {"matchLabels": {"serves": name}}


def serve(name: str, preset: str, size: str | None = A100, **wishes: Any) -> Object:
    """A Workspace that serves a preset.

    ``secret``, ``count``, ``config``, ``adapters``, ``nodes``, ``partition`` and annotations can be wished for.
    """
    resource: Object = {"count": wishes.pop("count", 1), "labelSelector": selector(name)}
    if size is not None:
        resource["instanceType"] = size
    for key, field_name in (("nodes", "preferredNodes"), ("partition", "partition")):
        if key in wishes:
            resource[field_name] = wishes.pop(key)
    options = {"modelAccessSecret": wishes.pop("secret")} if "secret" in wishes else {}
    inference: Object = {"preset": chosen(preset, **options)}
    inference |= {key: wishes.pop(key) for key in ("config", "adapters") if key in wishes}
    return {
        "apiVersion": "kaito.sh/v1beta1",
        "kind": "Workspace",
        "metadata": metadata(name, **wishes),
        "resource": resource,
        "inference": inference,
    }


def adapter(name: str, image: str, strength: str | None = None) -> Object:
    """An adapter from an image."""
    made: Object = {"source": {"name": name, "image": image}}
    return {**made, "strength": strength} if strength else made


def settings(text: str) -> Mapping[str, str]:
    """The data of a ConfigMap with settings of the server."""
    return {"inference_config.yaml": text}
