"""``kaitops bundle``: the tree as one OCI artifact in a file, or the proof that such a file is whole."""

import argparse
import hashlib
import os
import re
import shlex
import subprocess
from pathlib import Path

from kaitops.bundle import archive, oci, sbom
from kaitops.cli import output
from kaitops.documents import source
from kaitops.errors import BadInput, ToolMissing
from kaitops.fleet import files
from kaitops.inventory import inventory
from kaitops.tree import single

_TARGET = "REGISTRY/REPOSITORY"
_TAG = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("--fleet", default="fleet.yaml", metavar="FILE", help="the declaration")
    parser.add_argument("--tree", default="manifests", metavar="DIR", help="the rendered tree")
    parser.add_argument("--out", default="fleet.oci.tar", metavar="FILE", help="the bundle")
    parser.add_argument("--tag", default="latest", help="tag of the artifact in the bundle")
    parser.add_argument(
        "--sign", metavar="COMMAND", help="run before the bundle appears; {file} and {signature} are put in"
    )
    parser.add_argument("--verify", metavar="FILE", help="check a bundle instead of making one")
    parser.add_argument("--digest", metavar="SHA256", help="with --verify: what the artifact must be")


def run(arguments: argparse.Namespace) -> int:
    """Make a bundle, or check one."""
    if arguments.verify is not None:
        return _verify(Path(arguments.verify), arguments.digest)
    if arguments.digest is not None:
        raise BadInput("--digest: says what a bundle must be, so it goes with --verify; name the file there")
    return _make(arguments)


def _make(arguments: argparse.Namespace) -> int:
    if not _TAG.fullmatch(arguments.tag):
        raise BadInput(
            f"--tag: {arguments.tag[:80]!r} is no tag that a registry takes; write letters, digits, '.', '_' and "
            "'-', at most 128"
        )
    fleet = files.read(arguments.fleet)
    found = inventory(fleet)
    held = archive.collect(Path(arguments.tree))
    raw, digest = oci.build(archive.pack(held), sbom.bill(found, fleet.release.version), arguments.tag)
    out = Path(arguments.out)
    _write(out, raw, arguments.sign)
    if missing := sbom.without_digest(found):
        output.note(f"warning: {len(missing)} images have no recorded digest; run 'kaitops images lock' first")
    print(f"{out}: {digest}, {len(held)} files, {len(found.images)} images")
    target = str(fleet.source.data.get("gitops", {}).get("artifact") or _TARGET).removeprefix("oci://")
    print(f"push: oras cp --recursive --from-oci-layout {out}:{arguments.tag} {target}:{arguments.tag}")
    print(f"sign: cosign sign {target}@{digest}")
    return 0


def _write(out: Path, raw: bytes, sign: str | None) -> None:
    """The bundle and its signature, both or none."""
    signature = out.with_name(f"{out.name}.sigstore.json")
    try:
        if not sign and single.through(out, raw):
            return
        with single.near(Path(os.path.realpath(out)).parent) as held:
            made = held / out.name
            made.write_bytes(raw)
            if sign:
                signed = held / signature.name
                _sign(sign, made, signed)
                signed.replace(signature)
            else:
                # An older signature is of another bundle.
                signature.unlink(missing_ok=True)
            made.replace(os.path.realpath(out))
    except OSError as error:
        raise ToolMissing(f"{out}: cannot be written: {error.strerror}; a bundle that was there is as it was") from None


def _sign(command: str, file: Path, signature: Path) -> None:
    words = [word.replace("{file}", str(file)).replace("{signature}", str(signature)) for word in shlex.split(command)]
    try:
        done = subprocess.run(words, check=False)  # noqa: S603 - the user's own command
    except OSError as error:
        raise ToolMissing(f"--sign: {words[0]} cannot be run: {error.strerror}; no bundle was written") from None
    if done.returncode or not signature.is_file():
        raise ToolMissing(
            f"--sign: {words[0]} ended with {done.returncode} and "
            f"{'a' if signature.is_file() else 'no'} signature at {{signature}}; no bundle was written"
        )


def _verify(path: Path, expected: str | None) -> int:
    if expected is not None and not _DIGEST.fullmatch(expected):
        raise BadInput(
            f"--digest: {expected[:80]!r} is no digest, so nothing would be held against it (is a variable unset?); "
            "write sha256: and its 64 digits"
        )
    raw = source.read(path, archive.MAX_EXPANDED)
    try:
        digest, tree, bill = oci.open_layout(raw)
        held = archive.unpack(tree)
        count = sbom.count(bill)
    except BadInput as error:
        raise BadInput(f"{path}: {error}") from None
    if expected is not None and expected != digest:
        raise BadInput(f"{path}: is {digest}, and {expected} was asked for, so it is another bundle; do not use it")
    print(f"{path}: {digest}, {len(held)} files, {count} images and charts; whole")
    print(f"file: sha256:{hashlib.sha256(raw).hexdigest()}")
    return 0
