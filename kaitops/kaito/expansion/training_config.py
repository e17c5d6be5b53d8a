"""The training configuration of a tuning Job, as far as the controller reads it.

Source: ``SetTrainingResultVolume`` and ``PrepareOutputDir`` in ``pkg/workspace/tuning/preset_tuning.go`` and
``api/v1beta1/tuning_config_validation.go`` of KAITO, which parse with gopkg.in/yaml.v2; its messages are kept.
"""

import posixpath

import yaml

from kaitops.documents.plain import Object
from kaitops.kaito.expansion import default_config
from kaitops.kaito.expansion.declared import Workspace
from kaitops.kaito.expansion.world import Refused, World, part

_TAG = "tag:yaml.org,2002:"
_SHOWN = 10


def ensure(world: World, workspace: Workspace) -> Object:
    """The ConfigMap with the configuration: the user's, or the default of the method."""
    tuning = part(workspace.tuning)
    default = world.controller["tuning"]["templates"].get(tuning.get("method") or "", "")
    where = (world.settings.release_namespace,)
    return default_config.ensure(world, workspace.namespace, tuning.get("config") or "", default, where)


def output_dir(world: World, config_map: Object) -> str:
    """Directory of the results, always below ``/mnt``.

    Raises:
        Refused: the configuration cannot be read, or the directory is ``/mnt`` itself.
    """
    paths = world.controller["paths"]
    try:
        given = _output_dir(world, config_map)
        if not given:
            return paths["output"]
        root = paths["output_root"]
        return _below(root, given)
    except Refused as refusal:
        raise Refused(f"failed to get training output directory from config: {refusal}") from None


def _below(root: str, given: str) -> str:
    path = _clean(given if given.startswith(root) else f"{root}/{given}")
    if path == root or not path.startswith(root):
        raise Refused(f"invalid output_dir specified: '{given}', must be a directory")
    return path


def _output_dir(world: World, config_map: Object) -> str:
    metadata, key = part(config_map, "metadata"), world.controller["tuning"]["config_key"]
    name, namespace = metadata.get("name", ""), metadata.get("namespace") or "default"
    text = part(config_map, "data").get(key)
    if text is None:
        raise Refused(f"ConfigMap '{name}' does not contain '{key}' in namespace '{namespace}': config")
    try:
        arguments = _arguments(text)
    except Refused as refusal:
        raise Refused(
            f"Failed to parse '{key}' in ConfigMap '{name}' in namespace '{namespace}': {refusal}: config"
        ) from None
    if arguments is None or _is_null(arguments):
        return ""
    if not isinstance(arguments, yaml.MappingNode):
        reason = _mismatch(arguments, "map[string]interface {}", 1)
        raise Refused(f"Failed to parse 'output_dir': failed to unmarshal runtime.RawExtension: {reason}: output_dir")
    value = _entry(arguments, "output_dir")
    if value is None:
        return ""
    if not isinstance(value, yaml.ScalarNode) or value.tag != f"{_TAG}str":
        raise Refused("invalid value: output_dir is not a string: output_dir")
    return value.value


def _arguments(text: str) -> yaml.Node | None:
    """The node of ``training_config.TrainingArguments``, None where there is none."""
    try:
        document = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        raise Refused(f"yaml: {line}{error.problem}") from None
    except yaml.YAMLError as error:
        raise Refused(f"yaml: {error}") from None
    if document is None or _is_null(document):
        return None
    if not isinstance(document, yaml.MappingNode):
        raise Refused(_mismatch(document, "v1beta1.Config"))
    config = _entry(document, "training_config")
    if config is None or _is_null(config):
        return None
    if not isinstance(config, yaml.MappingNode):
        raise Refused(_mismatch(config, "map[string]interface {}"))
    return _entry(config, "TrainingArguments")


def _entry(node: yaml.MappingNode, key: str) -> yaml.Node | None:
    return next((value for name, value in node.value if name.value == key), None)


def _is_null(node: yaml.Node) -> bool:
    return node.tag == f"{_TAG}null"


def _mismatch(node: yaml.Node, wanted: str, line: int | None = None) -> str:
    shown = "!!" + node.tag.removeprefix(_TAG)
    if isinstance(node, yaml.ScalarNode):
        value = node.value
        shown += f" `{value if len(value) <= _SHOWN else value[: _SHOWN - 3] + '...'}`"
    number = node.start_mark.line + 1 if line is None else line
    return f"yaml: unmarshal errors:\n  line {number}: cannot unmarshal {shown} into {wanted}"


def _clean(path: str) -> str:
    clean = posixpath.normpath(path)
    return "/" + clean.lstrip("/") if clean.startswith("//") else clean
