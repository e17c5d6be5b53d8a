"""The programs that KAITO's images bring and our scripts call, played: they read and write what the real ones do."""

import sys
import tarfile
from io import BytesIO
from pathlib import Path

from tests.e2e.pods.llama import program

# Copies an image that lies below /image/registry; one with a file named private asks for credentials.
_SKOPEO = """\
#!/bin/sh
set -eu
authfile=
case "$1" in
copy)
    for word in "$@"; do
        case "$word" in
        --authfile=*) authfile=${word#*=} ;;
        docker://*) source=${word#docker://} ;;
        dir:*) target=${word#dir:} ;;
        esac
    done
    place=/image/registry/$(echo "$source" | tr '/:' '__')
    [ ! -e "$place/private" ] || grep -q good "$authfile"
    mkdir "$target"
    cp "$place/layer" "$target/"
    ;;
inspect) echo sha256:layer ;;
esac
"""
_ORAS = """\
#!/bin/sh
set -eu
case "$1" in
pull)
    while [ "$1" != -o ]; do shift; done
    echo weights >"$2/model.safetensors"
    ;;
push)
    grep -q good "$HOME/.docker/config.json"
    tar -tzf layer.tar.gz
    ;;
esac
"""
_HF = """\
#!/bin/sh
set -eu
while [ "$1" != --local-dir ]; do shift; done
mkdir -p "$2/.cache"
echo weights >"$2/model.safetensors"
"""


def write(folder: Path) -> Path:
    """Put them into an image."""
    for name, text in {"skopeo": _SKOPEO, "oras": _ORAS, "hf": _HF, "pip": "#!/bin/sh\n"}.items():
        program(folder, name, text)
    program(folder, "python3", f'#!/bin/sh\nexec {Path(sys.executable).resolve()} "$@"\n')
    return folder


def publish(folder: Path, reference: str, name: str, content: bytes, *, private: bool) -> None:
    """An image whose ``/data`` holds one file."""
    place = folder / "registry" / reference.replace("/", "_").replace(":", "_")
    place.mkdir(parents=True)
    with tarfile.open(place / "layer", "w") as archive:
        one = tarfile.TarInfo(f"data/{name}")
        one.size = len(content)
        archive.addfile(one, BytesIO(content))
    if private:
        (place / "private").touch()
