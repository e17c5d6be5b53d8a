"""What a container says to a vLLM server that it starts itself: the port that it takes, and the GPUs.

Known is only what such a server is told directly: where a shell or a script starts it, nobody says what it is told. The
port that a container declares is a hint to people, and the server's own word the truth.
"""

from kaitops.documents.plain import Object, count, items

USUAL = 8000
"""The port that vLLM takes where nobody says another one."""
_IMAGE = "vllm/vllm-openai"
_MODULE = "vllm.entrypoints.openai.api_server"
_SPREAD = ("--tensor-parallel-size", "-tp"), ("--pipeline-parallel-size", "-pp"), ("--data-parallel-size", "-dp")
# Over these the GPUs of other nodes are taken as well.
_AMONG_NODES = ("--distributed-executor-backend", "--data-parallel-address", "--nnodes", "--data-parallel-size-local")


def port(container: Object) -> int | None:
    """The one port that the server listens on; None where that is not known."""
    told = _words(container)
    if told is None:
        return None
    said = _value(told, "--port")
    if said is None:
        return USUAL
    return count(said)


def overspread(container: Object, gpus: int) -> str | None:
    """Why a server that has so many GPUs does not start with what it is told; None where it may."""
    told = _words(container)
    if told is None or any(_value(told, flag) is not None for flag in _AMONG_NODES):
        return None
    wanted, said = 1, list[str]()
    for flags in _SPREAD:
        value = count(next((found for flag in flags if (found := _value(told, flag)) is not None), ""))
        if value is not None and value > 1:
            wanted *= value
            said.append(f"{flags[0]} {value}")
    if wanted <= gpus:
        return None
    text = f"is told {' and '.join(said)}, which takes {wanted} GPUs, and the container has {gpus}, so the server does "
    return f"{text}not start; say {gpus} or drop it"


def _words(container: Object) -> list[str] | None:
    """The arguments of a vLLM server; None where the container starts another one, or does it by a shell."""
    command, args = ([str(one) for one in items(container.get(key))] for key in ("command", "args"))
    image = str(container.get("image") or "").partition("@")[0]
    name = image.rpartition("/")[2]
    repository = f"{image[: len(image) - len(name)]}{name.partition(':')[0]}"
    if not command:
        return args if repository.endswith(_IMAGE) else None
    if command[:2] == ["vllm", "serve"] or (command == ["vllm"] and args[:1] == ["serve"]):
        return [*command, *args][2:]
    return [*command, *args][command.index(_MODULE) + 1 :] if _MODULE in command and "-c" not in command else None


def _value(told: list[str], flag: str) -> str | None:
    for number, word in enumerate(told):
        name, equals, value = word.partition("=")
        if name == flag:
            return value if equals else (told[number + 1] if number + 1 < len(told) else "")
    return None
