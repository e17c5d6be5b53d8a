"""Model weights that vLLM streams from a blob container instead of downloading them.

Source: ``pkg/workspace/inference/modelstreaming`` and ``ensureModelMirror`` in
``pkg/workspace/controllers/workspace_controller.go`` of KAITO. A managed mirror counts as downloaded once its volume is
bound; where that volume lies is the cluster's to say, so its claim and volume have to be among the documents. A static
mirror needs neither: the pod finds out when it starts (:mod:`kaitops.kaito.expansion.streaming_sas`).
"""

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from kaitops.documents.plain import MutableObject
from kaitops.kaito.expansion import modelmirror, streaming_sas
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.preset_lookup import preset_of
from kaitops.kaito.expansion.world import Refused, World, part
from kaitops.kaito.golang.quote import quote

WORKLOAD_IDENTITY = "azure.workload.identity/use"
_CLIENT_ID = "azure.workload.identity/client-id"


@dataclass(slots=True)
class Stream:
    """How a pod streams its weights.

    Attributes:
        model: what vLLM is told to load.
        model_id: repository id, for the tokenizer.
        service_account: identity that may read the container.
        account: storage account, where it is known before the pod starts.
        prepared: an init container finds out at start what is not known before.
        pod_labels: labels of the pod besides those of each preset.
    """

    model: str
    model_id: str
    service_account: str
    account: str = ""
    prepared: bool = False
    pod_labels: dict[str, str] = field(default_factory=lambda: {WORKLOAD_IDENTITY: "true"})

    def apply(
        self, world: World, workspace: Workspace, spec: MutableObject, main: MutableObject, env: list[MutableObject]
    ) -> None:
        """Add to a pod what streaming needs."""
        if self.account:
            env.append({"name": "AZURE_STORAGE_ACCOUNT_NAME", "value": self.account})
        env.append({"name": "KAITO_PROCESSOR", "value": self.model_id})
        if self.prepared:
            streaming_sas.prepare(world, workspace, spec, main, env)
        spec["serviceAccountName"] = self.service_account


def enabled(world: World, workspace: Workspace) -> bool:
    """The gate is on and the Workspace, served by vLLM, has not opted out."""
    wanted = workspace.annotations.get("kaito.sh/model-streaming") != "disabled"
    return world.settings.gates["ModelStreaming"] and wanted and workspace.vllm


def ensure_mirror(world: World, workspace: Workspace) -> bool:
    """Make the ModelMirror of the model unless it is there.

    Returns:
        False where a mirror that is there says that it is not ready yet: the controller then waits.

    Raises:
        Refused: with the controller's message.
    """
    cloud = world.settings.cloud
    if cloud not in world.controller["streaming"]["csi_driver"]:
        # KAITO does not start at all with the gate on another cloud; its message is the same.
        raise Refused(f"unsupported cloud provider {quote(cloud)} for model streaming; supported: azure")
    streaming_sas.check_annotations(workspace)
    model_id = _model_id(world, workspace)
    name = mirror_name(world, model_id)
    existing = _mirror(world, name)
    if existing is not None:
        source = part(existing, "spec").get("source")
        if source is not None and source.get("modelID") != model_id:
            raise Refused(
                f"ModelMirror CR name collision: {name} maps to both {quote(source.get('modelID') or '')} "
                f"and {quote(model_id)}"
            )
        return part(existing, "status").get("phase") in (None, "", "Ready")
    if streaming_sas.is_static(workspace):
        _check_service_account(world, workspace)
        world.make(modelmirror.document(name, {"mode": "Static"}))
        return True
    _make_managed(world, workspace, name, model_id)
    return True


def configure(world: World, workspace: Workspace) -> Stream:
    """How the pod streams.

    Raises:
        Refused: the volume of a managed mirror is not bound, or not of the expected driver.
    """
    model_id = _model_id(world, workspace)
    account = _service_account(world, workspace)
    if streaming_sas.is_static(workspace):
        world.make(streaming_sas.script(workspace))
        return Stream(streaming_sas.MODEL, model_id, account, prepared=True)
    try:
        storage_account, container = _container(world, mirror_name(world, model_id))
    except Refused as refusal:
        raise Refused(f"failed to resolve streaming config: {refusal}") from None
    return Stream(f"az://{container}/{model_id}", model_id, account, storage_account)


def mirror_name(world: World, model_id: str) -> str:
    """Name of the mirror of a model: the start of a hash, which tells upper from lower case."""
    return sha256(model_id.encode()).hexdigest()[: world.controller["streaming"]["mirror_name_length"]]


def _model_id(world: World, workspace: Workspace) -> str:
    name = workspace.preset_name
    return world.release.catalogue.aliases.get(name.lower(), name)


def _mirror(world: World, name: str) -> Any:
    found = world.cluster.get("ModelMirror", None, name)
    made = (entry for entry in world.objects if (entry["kind"], entry["metadata"]["name"]) == ("ModelMirror", name))
    return found or next(made, None)


def _make_managed(world: World, workspace: Workspace, name: str, model_id: str) -> None:
    storage_class = _storage_class(world, workspace)
    _check_service_account(world, workspace)
    try:
        disk = preset_of(world, workspace.preset_name).disk
    except Refused as refusal:
        raise Refused(f"failed to resolve model for streaming: {refusal}") from None
    source: MutableObject = {"registry": "huggingface", "modelID": model_id}
    if workspace.secret:
        source["accessSecret"] = {"name": workspace.secret, "namespace": workspace.namespace}
    spec = {
        "mode": "Managed",
        "source": source,
        "storage": {"size": disk, "storageClassName": storage_class},
        "jobNamespace": workspace.namespace,
        "serviceAccountName": _service_account(world, workspace),
    }
    mirror = modelmirror.document(name, spec)
    world.make(mirror)
    modelmirror.reconcile(world, mirror)


def _storage_class(world: World, workspace: Workspace) -> str:
    annotation, flag = "kaito.sh/model-mirror-storage-class", "default-model-mirror-storage-class"
    name = workspace.annotations.get(annotation) or world.settings.extra.get(flag) or ""
    if not name:
        raise Refused(
            "model streaming enabled but no storage class configured: "
            f"set annotation {annotation} on the workspace or --{flag} on the controller"
        )
    found = world.cluster.get("StorageClass", None, name)
    if found is None:
        raise Refused(f"StorageClass {quote(name)} not found: storageclasses.storage.k8s.io {quote(name)} not found")
    provisioner = found.get("provisioner") or ""
    wanted = world.controller["streaming"]["csi_driver"][world.settings.cloud]
    if provisioner != wanted:
        raise Refused(
            f"StorageClass {quote(name)} uses provisioner {quote(provisioner)}, but model streaming requires "
            f"{quote(wanted)}; create a StorageClass with the correct provisioner"
        )
    return name


def _service_account(world: World, workspace: Workspace) -> str:
    annotation, flag = "kaito.sh/streaming-service-account", "default-streaming-service-account"
    name = workspace.annotations.get(annotation) or world.settings.extra.get(flag) or ""
    if not name:
        raise Refused(
            "model streaming enabled but no service account configured: "
            f"set annotation {annotation} on the workspace or --{flag} on the controller"
        )
    return name


def _check_service_account(world: World, workspace: Workspace) -> None:
    name = _service_account(world, workspace)
    found = world.cluster.get("ServiceAccount", workspace.namespace, name)
    if found is None:
        raise Refused(
            f"ServiceAccount {quote(name)} not found in namespace {quote(workspace.namespace)}: "
            f"serviceaccounts {quote(name)} not found"
        )
    if not part(found, "metadata", "annotations").get(_CLIENT_ID):
        raise Refused(
            f"ServiceAccount {quote(name)} is missing annotation {_CLIENT_ID}; "
            "workload identity must be configured for model streaming"
        )


def _container(world: World, name: str) -> tuple[str, str]:
    """Storage account and container behind the volume of a managed mirror."""
    mirror = _mirror(world, name)
    namespace = part(mirror, "spec").get("jobNamespace") or ""
    claim = world.cluster.get("PersistentVolumeClaim", namespace, name) or modelmirror.made_claim(world, name)
    if claim is None:
        raise Refused(f"failed to get PVC {namespace}/{name}: persistentvolumeclaims {quote(name)} not found")
    volume_name = part(claim, "spec").get("volumeName")
    if not volume_name:
        raise Refused(f"PVC {namespace}/{name} has no bound PV (spec.volumeName is empty)")
    volume = world.cluster.get("PersistentVolume", None, volume_name)
    if volume is None:
        raise Refused(f"failed to get PV {volume_name}: persistentvolumes {quote(volume_name)} not found")
    csi = part(volume, "spec").get("csi")
    if csi is None:
        raise Refused(f"PV {volume_name} has no CSI spec")
    wanted, driver = world.controller["streaming"]["csi_driver"]["azure"], csi.get("driver") or ""
    if driver != wanted:
        raise Refused(f"PV {volume_name} has CSI driver {quote(driver)}, expected {quote(wanted)}")
    return _account_and_container(csi.get("volumeHandle") or "")


def _account_and_container(handle: str) -> tuple[str, str]:
    parts = handle.split("#")
    if len(parts) < 3:
        raise Refused(
            f"unexpected Azure Blob volumeHandle format {quote(handle)} "
            "(expected resourceGroup#accountName#containerName...)"
        )
    for value, what in ((parts[1], "accountName"), (parts[2], "containerName")):
        if not value:
            raise Refused(f"Azure Blob volumeHandle {quote(handle)} has empty {what}")
    return parts[1], parts[2]
