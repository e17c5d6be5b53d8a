"""The volume claim and the download Job of a ModelMirror.

Source: ``pkg/modelmirror`` of KAITO. The API server draws the Job's name; here it ends in a number of five digits. A
static mirror makes nothing.
"""

from kaitops.documents.plain import MutableObject, Object
from kaitops.kaito import scripts
from kaitops.kaito.expansion import volumes
from kaitops.kaito.expansion.world import World
from kaitops.kaito.kubernetes.amount import canonical

_LABEL = "kaito.sh/model-mirror-name"
_FINALIZER = "kaito.sh/model-mirror-cleanup"
_VOLUME = "model-storage"
_NOTHING: Object = {}


def document(name: str, spec: MutableObject) -> MutableObject:
    """A ModelMirror as it is stored; it belongs to no namespace and to no other object."""
    metadata: MutableObject = {"name": name}
    if spec["mode"] == "Managed":
        metadata["finalizers"] = [_FINALIZER]
    return {"apiVersion": "kaito.sh/v1alpha1", "kind": "ModelMirror", "metadata": metadata, "spec": spec}


def reconcile(world: World, mirror: Object) -> None:
    """Make claim and Job of a managed mirror; one without source or storage only gets a status."""
    spec = mirror.get("spec") or _NOTHING
    if not world.settings.gates["ModelMirror"] or spec.get("mode") == "Static":
        return
    if spec.get("source") is None or spec.get("storage") is None:
        return
    name, namespace = mirror["metadata"]["name"], spec.get("jobNamespace") or ""
    world.make(_claim(name, namespace, spec["storage"]))
    if not any(_belongs(job, name, namespace) and not _failed(job) for job in world.cluster.of_kind("Job")):
        world.objects.append(_job(world, name, namespace, spec))


def made_claim(world: World, name: str) -> Object | None:
    """The claim that this expansion made for a mirror."""
    kind = "PersistentVolumeClaim"
    return next((made for made in world.objects if made["kind"] == kind and made["metadata"]["name"] == name), None)


def _claim(name: str, namespace: str, storage: Object) -> MutableObject:
    spec: MutableObject = {
        "accessModes": ["ReadWriteMany"],
        "resources": {"requests": {"storage": canonical(storage["size"])}},
    }
    if storage.get("storageClassName") is not None:
        spec["storageClassName"] = storage["storageClassName"]
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {
            "finalizers": ["kaito.sh/model-mirror-protection"],
            "name": name,
            "namespace": namespace,
        },
        "spec": spec,
    }


def _job(world: World, name: str, namespace: str, spec: Object) -> MutableObject:
    facts = world.controller["mirror"]
    pod: MutableObject = {
        "containers": [_downloader(world, spec)],
        "initContainers": [_sampler(world, spec)],
        "restartPolicy": "Never",
        "volumes": [{"name": _VOLUME, "persistentVolumeClaim": {"claimName": name}}],
    }
    metadata: MutableObject = {}
    if spec.get("serviceAccountName"):
        pod["serviceAccountName"] = spec["serviceAccountName"]
        if world.settings.cloud == "azure":
            metadata["labels"] = {"azure.workload.identity/use": "true"}
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {
            "generateName": f"{name}-download-",
            "labels": {_LABEL: name},
            "name": f"{name}-download-00000",
            "namespace": namespace,
        },
        "spec": {
            "backoffLimit": facts["backoff_limit"],
            "template": {"metadata": metadata, "spec": pod},
            "ttlSecondsAfterFinished": facts["ttl_seconds"],
        },
    }


def _downloader(world: World, spec: Object) -> MutableObject:
    facts, extra = world.controller["mirror"], world.settings.extra
    amounts = {
        "cpu": canonical(extra.get("model-mirror-download-cpu") or facts["cpu"]),
        "memory": canonical(extra.get("model-mirror-download-memory") or facts["memory"]),
    }
    script = scripts.with_settings(
        "download_model.sh",
        HUB_VERSION=facts["huggingface_hub"],
        WORKERS=str(facts["workers"]),
        EXCLUDED=" ".join(facts["exclude"]),
    )
    return {
        "args": [script],
        "command": ["/bin/sh", "-c"],
        "env": _environment(spec),
        "image": world.images["mirror_downloader"],
        "name": "downloader",
        "resources": {"limits": amounts, "requests": dict(amounts)},
        "volumeMounts": [volumes.mount(_VOLUME, world.controller["paths"]["mirror"])],
    }


def _sampler(world: World, spec: Object) -> MutableObject:
    facts = world.controller["mirror"]
    env = [
        *_environment(spec),
        {"name": "EXCLUDE_PATTERNS", "value": ",".join(facts["exclude"])},
        {"name": "SAMPLER_SCRIPT", "value": scripts.text("sample_download.py")},
    ]
    return {
        "args": [scripts.with_settings("run_sampler.sh", HUB_VERSION=facts["huggingface_hub"])],
        "command": ["/bin/sh", "-c"],
        "env": env,
        "image": world.images["mirror_downloader"],
        "name": "sampler",
        "ports": [{"containerPort": world.controller["ports"]["sampler"], "name": "metrics"}],
        "resources": {},
        "restartPolicy": "Always",
        "volumeMounts": [volumes.mount(_VOLUME, world.controller["paths"]["mirror"], read_only=True)],
    }


def _environment(spec: Object) -> list[MutableObject]:
    source = spec["source"]
    env: list[MutableObject] = [{"name": "MODEL_ID", "value": source.get("modelID") or ""}]
    if source.get("accessSecret") is not None:
        reference = {"key": "HF_TOKEN", "name": source["accessSecret"].get("name") or "", "optional": True}
        env.append({"name": "HF_TOKEN", "valueFrom": {"secretKeyRef": reference}})
    return env


def _belongs(job: Object, name: str, namespace: str) -> bool:
    metadata = job.get("metadata") or _NOTHING
    return metadata.get("namespace") == namespace and (metadata.get("labels") or _NOTHING).get(_LABEL) == name


def _failed(job: Object) -> bool:
    conditions = (job.get("status") or _NOTHING).get("conditions") or ()
    return any(entry.get("type") == "Failed" and entry.get("status") == "True" for entry in conditions)
