"""What a user can do about a refusal: KAITO's text is exact but rarely says.

A table from what a message holds to one sentence. Owns no rule; the first entry that fits a line wins.
"""

from typing import NamedTuple

from kaitops.documents.plain import Object


class Remedy(NamedTuple):
    """A sentence for every message that holds all the given pieces of text."""

    holds: tuple[str, ...]
    sentence: str


def _when(sentence: str, *holds: str) -> Remedy:
    return Remedy(holds, sentence)


REMEDIES: tuple[Remedy, ...] = (
    _when(
        "Remove what the server wrote into the object: managedFields, uid, resourceVersion.",
        "managedFields must be nil",
    ),
    _when(
        "Remove what the server wrote into the object: managedFields, uid, resourceVersion.",
        "metadata.uid: uid mismatch",
    ),
    _when("Remove what the server wrote into the object: managedFields, uid, resourceVersion.", "resourceVersion"),
    _when("Keep one reference to each owner.", "metadata.ownerReferences: duplicate entries"),
    _when("Name a namespace of lower case letters, digits and '-', at most 63 of them.", "namespaces ", " not found"),
    _when("Leave the key out: under server-side apply a null is a value.", "must be of type", '"null"'),
    _when(
        "Set a machine size in instanceType; `kaitops fit` lists those that hold the model.", "instanceType is required"
    ),
    _when(
        "Set a machine size in instanceType; `kaitops fit` lists those that hold the model.",
        "Unsupported instance type . ",
    ),
    _when(
        "Set a machine size in instanceType; `kaitops fit` lists those that hold the model.",
        "missing field(s)",
        "instanceType",
    ),
    _when(
        "Choose one of the listed sizes; `kaitops fit` lists those that hold the model.", "Unsupported instance type"
    ),
    _when(
        "Remove instanceType, or set the cluster's provisioner to one that makes nodes.", "instanceType must be empty"
    ),
    _when(
        "Machine sizes cannot change in place: write a new object under a new name.", "instanceType cannot be changed"
    ),
    _when(
        "Use the provisioner byo for partitions, or remove the partition.", "partitioning is only supported with BYO"
    ),
    _when("Open the feature gate enableMIG of the operator.", "MIG support is not enabled"),
    _when("Open the feature gate enableAccelerator of the operator.", "accelerator partition support is not enabled"),
    _when("Remove the partition: tuning runs on whole GPUs.", "partitioning is not supported for tuning"),
    _when("Take a larger slice, a smaller or quantised model, or whole GPUs.", "MIG slice capacity"),
    _when("Remove count: a MIG partition is one slice.", "count is only valid for accelerator"),
    _when("Remove profile: an accelerator partition counts whole GPUs.", "profile is not valid for accelerator"),
    _when("Set partition.count to the number of whole GPUs.", "partition.count"),
    _when("Write the profile as NVIDIA lists it, such as 1g.10gb.", "MIG profile"),
    _when("Set partition.mode to mig or accelerator.", "unsupported partition mode"),
    _when("Take a larger machine size, more nodes or a smaller model.", "Insufficient total GPU memory"),
    _when(
        "Use vLLM (remove the kaito.sh/runtime annotation) or a machine that holds the model alone.",
        "Multi-node distributed",
    ),
    _when("Use vLLM: remove the kaito.sh/runtime annotation.", "does not support inference with Huggingface"),
    _when(
        "Remove strength, or set the annotation kaito.sh/runtime: transformers.", "does not support adapter strength"
    ),
    _when("Serve the adapters from a model that takes them.", "does not support LoRA adapters"),
    _when("Use a name that `kaitops catalogue` lists, or a Hugging Face id with a recorded snapshot.", "preset name"),
    _when(
        "Use a name that `kaitops catalogue` lists, or a Hugging Face id with a recorded snapshot.",
        "is deprecated and no longer",
    ),
    _when("Record the model's snapshot, then it is judged offline.", "failed to get model preset"),
    _when("Name exactly one of preset and template.", "Preset and Template cannot be set"),
    _when("Name exactly one of preset and template.", "Preset or Template must be specified"),
    _when("Name exactly one of inference and tuning.", "Either Inference or Tuning"),
    _when("Keep inference and tuning apart: write a new object instead.", "cannot be toggled once set"),
    _when("Declare the ConfigMap in the same namespace, before this object.", "ConfigMap", "not found in namespace"),
    _when(
        "Install KAITO with its templates in the release namespace, or name a ConfigMap.", "default policy ConfigMap"
    ),
    _when("Give the ConfigMap that key.", "in ConfigMap", "missing field(s)"),
    _when("Give the ConfigMap that key.", "does not contain 'training_config.yaml'"),
    _when("Make `vllm` a flat mapping of flags to single values.", "Failed to parse inference_config.yaml"),
    _when("Make `training_config` a mapping of KAITO's sections.", "training_config"),
    _when("Set load_in_4bit or load_in_8bit as the tuning method asks: one for qlora, none for lora.", "load_in_"),
    _when("Give output_dir a folder below /mnt.", "output_dir"),
    _when("Write a whole number of tokens.", "max-model-len must be an integer"),
    _when("Lower max-model-len to what the model takes.", "max-model-len"),
    _when("Keep at most ten adapters.", "Number of Adapters exceeds"),
    _when("Give every adapter a name of its own.", "Duplicate adapter source name"),
    _when("Write the strength as a number from 0 to 1 in quotes.", "trength value for Adapter"),
    _when("Give the adapter an image or a volume, and no URLs.", "adapter source"),
    _when("Give the adapter a source.", "Source"),
    _when("Name the adapter.", "Name of Adapter field"),
    _when("Write the image reference in lower case, as registry/repository:tag.", "image reference"),
    _when("Write the image reference in lower case, as registry/repository:tag.", "Invalid image format"),
    _when("Write the image reference in lower case, as registry/repository:tag.", "must be lowercase"),
    _when("Use a public http or https URL.", "data source URL"),
    _when("Write a whole URL with its scheme, such as http://service/v1.", "URL input error"),
    _when("Give exactly one source: urls, volumeSource or image.", "Exactly one of URLs, Volume, or Image"),
    _when("Give exactly one destination: volumeSource or image.", "Exactly one of Volume or Image"),
    _when("Name the Secret that may push, in imagePushSecret.", "imagePushSecret"),
    _when("Set method to lora or qlora.", "Method", "invalid value"),
    _when("Set the node count to 1.", "multinode configurations"),
    _when("Put conditions into matchLabels.", "old label selector format"),
    _when("Put conditions into matchLabels.", "Only allow matchLabels"),
    _when(
        "Use the operator In, NotIn, Exists or DoesNotExist; KAITO takes In with one value.",
        "not a valid selector operator",
    ),
    _when("Add a label of your own to matchLabels; KAITO's are ignored.", "non-reserved label"),
    _when("Label the nodes that this object may use, or correct the selector.", "No nodes found matching"),
    _when("Let NVIDIA's feature discovery label the nodes.", "GPU config from nvidia labels"),
    _when("Narrow the selector to nodes with equal GPUs.", "Non-uniform GPU"),
    _when("Set CLOUD_PROVIDER of the operator to azure, aws or arc.", "Failed to get SKU handler"),
    _when("Use ubuntu or azurelinux.", "node image family"),
    _when("Use balanced, interactivity or throughput.", "performance mode"),
    _when('Write "true" or "false", in quotes.', 'must be "true" or "false"'),
    _when("Use a listed NodeClass, or start the operator with yours.", "KAITO-managed NodeClass"),
    _when("Enable the Blob CSI driver on the cluster, or opt out of streaming.", "CSI driver"),
    _when("Close the ModelStreaming gate: it works on Azure only.", "model streaming"),
    _when(
        "Use lower-case letters, digits and dashes, at most 63, beginning and ending with a letter or digit.",
        "RFC 1123",
    ),
    _when(
        "Use lower-case letters, digits and dashes, at most 63, beginning and ending with a letter or digit.", "dots"
    ),
    _when("Shorten the name.", "must be no more than"),
    _when("This field stays as it was created: write a new object under a new name.", "immutable"),
    _when("This field stays as it was created: write a new object under a new name.", "cannot be changed"),
    _when("This field stays as it was created: write a new object under a new name.", "after creation"),
    _when("This field stays as it was created: write a new object under a new name.", "cannot be unset/set"),
    _when("Give exactly one embedding, remote or local.", "mbedding"),
    _when("Give the local embedding an image or a modelID.", "image or modelID"),
    _when("Set contextWindowSize to the model's context in tokens.", "ContextWindowSize"),
    _when("Write five cron fields, such as '0 2 * * 6', in UTC.", "invalid cron expression"),
    _when("Write a positive Go duration such as 4h.", "positive duration"),
    _when("Write a positive Go duration such as 4h; Go knows no days.", "duration"),
    # What a decoder or a schema says names any path, so it comes before what is known of some paths.
    _when("Remove the field or correct its name; see the kind's reference.", "unknown field"),
    _when("Quote the value: the field holds text, as labels and annotations do.", "of type string"),
    _when("Write the value in the type that the field has.", "cannot unmarshal"),
    _when("Write the value in the type that the field has.", "must be of type"),
    _when("Write a number that the field may have; the message says which.", "should be greater than or equal to"),
    _when(
        "Remove instanceType, or set the cluster's provisioner to one that makes nodes.",
        "invalid value",
        "instanceType",
    ),
    _when("List one prefill and one decode role.", "role"),
    _when("Drop the fields: a mirror that KAITO does not fill has none.", "must not set the field(s)", "spec.s"),
    _when("Fill in source and storage; a StorageClass must exist.", "spec.s"),
    _when("Fill in the field.", "Required value"),
    _when("Fill in the field.", "missing field(s)"),
    _when("Use one of the listed values.", "Unsupported value"),
    _when("Write v1beta1: KAITO's webhook crashes on this object.", "panic"),
    _when(
        "Write the apiVersion that has the kind, or install its definition with KAITO's chart and its feature gate.",
        "no matches for kind",
    ),
)


_CRASHED = "Fill in what is missing, such as a source of each adapter or the spec: KAITO's webhook crashes without it."


def remedy_for(message: str, version: str = "", document: Object | None = None) -> str | None:
    """What to do about one refusal; for several lines, about the first that has a remedy.

    Args:
        version, document: of KAITO, and what was refused, where it is known: its kind says what an unknown field means.
    """
    if document is not None and "unknown field" in message:
        from kaitops.kaito.kubernetes import unknown_fields

        if meant := unknown_fields.remedy(version, document, message):
            return f"{meant}."
    if document is not None and "panic" in message and str(document.get("apiVersion")).endswith("v1beta1"):
        return _CRASHED
    for line in message.splitlines():
        for remedy in REMEDIES:
            if all(piece in line for piece in remedy.holds):
                return remedy.sentence
    return None


def explained(message: str) -> list[str]:
    """Each line of a refusal with its remedy behind it."""
    lines: list[str] = []
    for line in message.splitlines():
        sentence = remedy_for(line)
        lines.append(f"{line.rstrip()} -> {sentence}" if sentence else line)
    return lines
