"""What a container says to a vLLM server that it starts itself: the port that it takes, the GPUs, the context.

Known is what such a server is told directly, or by a shell of one plain command: what a script tells it nobody says.
The port that a container declares is a hint to people, and the server's own word the truth.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from kaitops.documents.plain import Object, count, items, mapping
from kaitops.kaito.vllm import values

USUAL = 8000
"""The port that vLLM takes where nobody says another one."""
_IMAGE = "vllm/vllm-openai"
_MODULE = "vllm.entrypoints.openai.api_server"
_SCRIPT = "/vllm/inference_api.py"
_QUOTED = re.compile(r"'[^']*'")
_SHELLS, _RUN = ("sh", "bash", "dash", "ash"), re.compile(r"-[a-z]*c")
# By these a shell runs more than one command, or makes something else of a word.
_MORE = re.compile(r"[;&|<>`\n$*?(){}#~]")
_SPREAD = ("--tensor-parallel-size", "-tp"), ("--pipeline-parallel-size", "-pp"), ("--data-parallel-size", "-dp")
# Over these the GPUs of other nodes are taken as well.
_AMONG_NODES = ("--distributed-executor-backend", "--data-parallel-address", "--nnodes", "--data-parallel-size-local")
# What the kubelet writes the value of a variable for; two dollars stand for one.
_VARIABLE = re.compile(r"\$(?:\$|\(([A-Za-z0-9_.-]+)\))")
_SHOWN = "CUDA_VISIBLE_DEVICES"
_LENGTH = "--max-model-len"
# By these a server takes another length than the model's own.
_STRETCHING = ("--hf-overrides", "--rope-scaling", "--rope-theta", "--hf-config-path")
_LONG = "VLLM_ALLOW_LONG_MAX_MODEL_LEN"
# By these nothing is fetched, whatever the model is called.
_OFFLINE, _SET = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"), frozenset(("1", "true", "yes", "on"))
_INWARD = frozenset(("127.0.0.1", "localhost", "::1"))


def port(container: Object) -> int | None:
    """The one port that the server listens on; None where that is not known."""
    told = _words(container)
    if told is None:
        return None
    said = flag_value(told, "--port")
    if said is None:
        return USUAL
    return count(said)


def is_server(container: Object) -> bool:
    """It starts a vLLM server, by its own words or by KAITO's script, which a shell starts."""
    return _words(container) is not None or any(
        _SCRIPT in str(word) for key in ("command", "args") for word in items(container.get(key))
    )


def inward(container: Object) -> str | None:
    """The address that the server listens on, where nobody outside of the pod reaches it; None for others."""
    said = flag_value(_words(container) or [], "--host")
    return said if said in _INWARD else None


def overspread(container: Object, gpus: int) -> str | None:
    """Why a server that has so many GPUs does not start with what it is told; None where it may."""
    told = _words(container) or _scripted(container)
    if told is None or any(flag_value(told, flag) is not None for flag in _AMONG_NODES):
        return None
    listed = _variables(container).get(_SHOWN)
    shown = gpus if listed is None or "$" in listed else len([one for one in listed.split(",") if one.strip()])
    wanted, said = 1, list[str]()
    for flags in _SPREAD:
        value = count(next((found for flag in flags if (found := flag_value(told, flag)) is not None), ""))
        if value is not None and value > 1:
            wanted *= value
            said.append(f"{flags[0]} {value}")
    if wanted <= min(gpus, shown) or not said:
        return None  # one that has no GPU at all is no matter of how many it is told
    text = f"is told {' and '.join(said)}, which takes {wanted} GPUs, and the container "
    if shown < min(gpus, wanted):
        return f"{text}sees {shown} by {_SHOWN}, so the server does not start; drop that variable"
    return f"{text}has {gpus}, so the server does not start; say {gpus} or drop it"


def overlong(container: Object, limit: Callable[[str], int | None]) -> str | None:
    """Why a server does not start with the context that it is told; None where it may.

    Args:
        limit: the tokens that a model of Hugging Face holds, by its repository; None for one that is not known.
    """
    told = _words(container) or _scripted(container)
    if (
        told is None
        or any(flag_value(told, flag) is not None for flag in _STRETCHING)
        or _variables(container).get(_LONG)
    ):
        return None
    model = _of_hub(told)
    most = limit(model) if model else None
    try:
        asked = values.size((flag_value(told, _LENGTH) or "").strip())
    except ValueError:
        return None  # "auto", nothing, or what is told of flags
    if most is None or asked <= most:
        return None
    return f"is told {_LENGTH} {asked}, and {model} holds {most} tokens, so the server does not start; write {most}"


def chooses_itself(container: Object) -> bool:
    """It is a vLLM server that is told no model, neither by its flag nor before all flags."""
    told = _words(container)
    if told is None or any(flag_value(told, flag) is not None for flag in ("--model", "--config")):
        return False
    # A name behind flags may be the value of one that takes none as well.
    return not any(not one.startswith("-") and (not place or "/" in one) for place, one in enumerate(told))


def fetched(container: Object) -> str:
    """The repository of Hugging Face that a server fetches its model from as it starts; empty where it fetches none."""
    told, given = _words(container), _variables(container)
    is_shut = any(given.get(name, "").lower() in _SET for name in _OFFLINE)
    return "" if told is None or is_shut else _of_hub(told)


def _of_hub(told: list[str]) -> str:
    """The model that a server is told, where it is a repository and no folder."""
    model = flag_value(told, "--model") or next((one for one in told[:1] if not one.startswith("-")), "")
    return model if re.fullmatch(r"[\w.-]+/[\w.-]+", model) and not model.startswith(".") else ""


def _variables(container: Object) -> dict[str, str]:
    """The variables of a container whose values are written there."""
    held = (mapping(one) for one in items(container.get("env")))
    return {str(one["name"]): one["value"] for one in held if isinstance(one.get("value"), str) and one.get("name")}


def _words(container: Object) -> list[str] | None:
    """The arguments of a vLLM server; None where the container starts another one, or does it by a shell.

    Variables of the container stand filled in, as the kubelet does it; one that is not known stays as it is written.
    """
    known = _variables(container)

    def filled(found: re.Match[str]) -> str:
        return "$" if found[1] is None else known.get(found[1], found[0])

    command, args = ([_VARIABLE.sub(filled, str(one)) for one in items(container.get(key))]
                     for key in ("command", "args"))  # fmt: skip
    image = str(container.get("image") or "").partition("@")[0]
    name = image.rpartition("/")[2]
    repository = f"{image[: len(image) - len(name)]}{name.partition(':')[0]}"
    if not command:
        return args if repository.endswith(_IMAGE) else None
    if (plain := _plain([*command, *args])) is not None:
        command, args = plain, []
    if command[:2] == ["vllm", "serve"] or (command == ["vllm"] and args[:1] == ["serve"]):
        return [*command, *args][2:]
    return [*command, *args][command.index(_MODULE) + 1 :] if _MODULE in command and "-c" not in command else None


def _plain(words: list[str]) -> list[str] | None:
    """The words of the one command that a shell is told to run; None where it is no shell, or is told more."""
    if len(words) < 3 or words[0].rpartition("/")[2] not in _SHELLS or not _RUN.fullmatch(words[1]):
        return None
    text = words[2].replace("\\\n", " ").strip()
    told = None if _MORE.search(text) else _parted(text)
    return told[1:] if told and told[0] == "exec" else told


def _parted(text: str) -> list[str] | None:
    """The words of a line as a shell parts them; None where it is no whole line."""
    import shlex  # which few trees need

    try:
        return shlex.split(text)
    except ValueError:
        return None


def flags(container: Object, kaito: str) -> Iterator[str]:
    """What is wrong with the flags of a server whose release is known: the image says it, or it is KAITO's.

    Args:
        kaito: the version of KAITO, whose script starts the server of its release.
    """
    image = str(container.get("image") or "").partition("@")[0]
    repository, _, tag = image.rpartition(":")
    by_kaito = _scripted(container)
    told = _words(container) if by_kaito is None else by_kaito
    if not told or (by_kaito is None and not repository.endswith(_IMAGE)):
        return
    from kaitops.kaito import facts
    from kaitops.kaito.vllm import judging
    from kaitops.kaito.vllm.flags import table

    if by_kaito is not None:
        # The script takes flags of its own and hands the others on to the server of KAITO's release.
        known, told = table(kaito), [one for one in told if not one.startswith("--kaito")]
    else:
        tables = (table(version) for version in facts.versions())
        known = next((one for one in tables if one is not None and tag == f"v{one.version}"), None)
    if known is not None:
        yield from judging.told(told, known, by_kaito=by_kaito is not None)


def _scripted(container: Object) -> list[str] | None:
    """What KAITO's own script is told, which a shell starts at the end of its line; None where it is not started."""
    line = [str(word) for key in ("command", "args") for word in items(container.get(key))]
    text = next((word for word in line if _SCRIPT in word), "")
    rest = text.partition(_SCRIPT)[2].strip()
    return None if not rest.startswith("--") or _MORE.search(_QUOTED.sub("", rest)) else _parted(rest)


def flag_value(told: Sequence[str], flag: str) -> str | None:
    """What a flag is told, in either spelling; empty where nothing follows it, None where it is not there."""
    for number, word in enumerate(told):
        name, equals, value = word.partition("=")
        if name == flag or (name.startswith("--") and name.replace("_", "-") == flag):
            return value if equals else (told[number + 1] if number + 1 < len(told) else "")
    return None
