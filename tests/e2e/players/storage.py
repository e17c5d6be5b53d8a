"""Plays storage: a volume for each claim whose class it serves.

Owns that a pod with a volume claim can start. Binding is the controller manager's own work; a claim of a class that
does not exist stays Pending, as in a real cluster. Nothing is stored.
"""

from collections.abc import Iterable

from tests.e2e.client import Client
from tests.e2e.players.player import Player

DRIVER = "disk.kaitops.test"


class Storage(Player):
    """Makes a PersistentVolume for each waiting claim.

    Attributes:
        classes: names of the storage classes that it serves and makes.
    """

    def __init__(self, client: Client, classes: Iterable[str]) -> None:
        """Prepares."""
        super().__init__(client)
        self.classes = set(classes)

    def step(self) -> None:
        """Classes, then volumes; a volume whose claim is gone goes too."""
        there = {item["metadata"]["name"] for item in self.items("storage.k8s.io/v1", "StorageClass")}
        for name in sorted(self.classes - there):
            self.create(
                {
                    "apiVersion": "storage.k8s.io/v1",
                    "kind": "StorageClass",
                    "metadata": {"name": name},
                    "provisioner": DRIVER,
                    "volumeBindingMode": "Immediate",
                }
            )
        for claim in self.items("v1", "PersistentVolumeClaim"):
            spec = claim["spec"]
            waiting = claim.get("status", {}).get("phase") == "Pending" and not spec.get("volumeName")
            if waiting and spec.get("storageClassName") in self.classes:
                meta = claim["metadata"]
                self.create(
                    {
                        "apiVersion": "v1",
                        "kind": "PersistentVolume",
                        "metadata": {"name": f"volume-{meta['uid']}"},
                        "spec": {
                            "accessModes": spec["accessModes"],
                            "capacity": {"storage": spec["resources"]["requests"]["storage"]},
                            "claimRef": {"namespace": meta["namespace"], "name": meta["name"], "uid": meta["uid"]},
                            "csi": {"driver": DRIVER, "volumeHandle": meta["uid"]},
                            "persistentVolumeReclaimPolicy": "Retain",
                            "storageClassName": spec["storageClassName"],
                            "volumeMode": spec.get("volumeMode", "Filesystem"),
                        },
                    }
                )
        for volume in self.items("v1", "PersistentVolume"):
            if volume.get("status", {}).get("phase") == "Released":
                self.client.delete(volume)
