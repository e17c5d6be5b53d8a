"""``kaitops bundle`` as users call it: what is in a bundle, and that a changed one is refused."""

import gzip
import hashlib
import io
import json
import os
import signal
import subprocess
import tarfile
import time
import zlib
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from kaitops.bundle import archive, oci, tarball
from kaitops.errors import BadInput
from kaitops.tree.layout import HEADER
from tests.conftest import FLEET, KAITOPS, Run, snapshot
from tests.sampling import THOROUGH

SIGNER = "cp {file} {signature}"


@pytest.fixture
def tree(run: Run, fleet: Path) -> Path:
    fleet.write_text(
        FLEET.replace("gitops: none", "gitops: argocd") + "gitops: {repository: 'https://git.example.com/x.git'}\n"
    )
    run("render", code=0)
    return fleet.parent


def members(raw: bytes) -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar}  # type: ignore[union-attr]


def packed(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def layer(files: dict[str, bytes], media: str) -> dict[str, bytes]:
    """The blob of the first layer of a media type, as files."""
    for content in files.values():
        if content.startswith(b"{"):
            for one in json.loads(content).get("layers", []):
                if one["mediaType"] == media:
                    return {"": files[f"blobs/{one['digest'].replace(':', '/')}"]}
    raise AssertionError(media)


def test_it_holds_the_tree_its_checksums_and_a_valid_bill(run: Run, tree: Path) -> None:
    done = run("bundle", code=0)
    files = members((tree / "fleet.oci.tar").read_bytes())
    assert json.loads(files["oci-layout"]) == {"imageLayoutVersion": "1.0.0"}
    for name, content in files.items():
        if name.startswith("blobs/"):
            assert name == f"blobs/sha256/{hashlib.sha256(content).hexdigest()}"
    held = members(layer(files, "application/vnd.oci.image.layer.v1.tar+gzip")[""])
    rendered = {
        str(path.relative_to(tree / "manifests")): path.read_bytes()
        for path in (tree / "manifests").rglob("*.yaml")
        if "bootstrap" not in path.parts and "_argocd" not in path.parts
    }
    sums = held.pop("SHA256SUMS").decode()
    assert held == rendered
    assert sums.count("\n") == len(rendered)
    bill = layer(files, "application/vnd.cyclonedx+json")[""]
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(bill.decode()) is None
    listed = {one["name"] for one in json.loads(bill)["components"]}
    images = run("images", "--output", "json", code=0).stdout
    assert {one["image"].rpartition(":")[0] for one in json.loads(images)} <= listed
    assert "workspace" in listed
    assert "images have no recorded digest" in done.stderr


def test_the_same_tree_makes_the_same_bytes(run: Run, tree: Path) -> None:
    run("bundle", "--out", "a.tar", code=0, env={"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"})
    for path in (tree / "manifests").rglob("*.yaml"):
        os.utime(path, (1, 1))
    run("bundle", "--out", "b.tar", code=0, env={"PYTHONHASHSEED": "2"})
    assert (tree / "a.tar").read_bytes() == (tree / "b.tar").read_bytes()


def test_a_whole_bundle_is_verified_by_its_digest(run: Run, tree: Path) -> None:
    digest = run("bundle", code=0).stdout.split()[1].rstrip(",")
    assert digest in run("bundle", "--verify", "fleet.oci.tar", "--digest", digest, code=0).stdout
    other = run("bundle", "--verify", "fleet.oci.tar", "--digest", "sha256:" + "0" * 64, code=2)
    assert "it is another bundle; do not use it" in other.stderr
    assert "goes with --verify" in run("bundle", "--digest", digest, code=2).stderr


def test_a_flipped_bit_or_a_lost_end_is_refused(run: Run, tree: Path) -> None:
    run("bundle", code=0)
    path = tree / "fleet.oci.tar"
    whole = path.read_bytes()
    damaged = bytearray(whole)
    damaged[2000] ^= 0x40
    path.write_bytes(damaged)
    assert "fleet.oci.tar: " in run("bundle", "--verify", "fleet.oci.tar", code=2).stderr
    path.write_bytes(whole[: len(whole) // 2])
    assert run("bundle", "--verify", "fleet.oci.tar", code=2).stderr


@pytest.mark.thorough
def test_no_bit_of_a_bundle_can_flip_unseen() -> None:
    raw, _ = oci.build(archive.pack({"clusters/a/b.yaml": b"kind: Namespace"}), b"{}", "v1")
    for place in range(0, len(raw), 3 if THOROUGH else 13):
        damaged = bytearray(raw)
        damaged[place] ^= 1 << place % 8
        with pytest.raises(BadInput):
            archive.unpack(oci.open_layout(bytes(damaged))[1])


@pytest.mark.sampled(3)
@pytest.mark.parametrize("tail", [b"x", b"\0", bytes(512), bytes(10240), b"\0x"])
def test_what_is_hung_behind_is_refused(run: Run, tree: Path, tail: bytes) -> None:
    run("bundle", code=0)
    path = tree / "fleet.oci.tar"
    path.write_bytes(path.read_bytes() + tail)
    refused(run, "its bytes are not those that its files make")


def refused(run: Run, text: str, *arguments: str) -> None:
    done = run("bundle", "--verify", "fleet.oci.tar", *arguments, code=2)
    assert text in done.stderr and "Traceback" not in done.stderr and not done.stdout


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "digest", ["", " ", "sha256:", "sha256:" + "0" * 63, "sha256:" + "0" * 65, "sha256:" + "G" * 64, "0" * 64, "\n"]
)
def test_a_digest_that_is_none_is_an_error(run: Run, tree: Path, digest: str) -> None:
    run("bundle", code=0)
    empty = "argument --digest: its value is empty"
    refused(run, "is no digest" if digest else empty, "--digest", digest)
    assert ("goes with --verify" if digest else empty) in run("bundle", "--digest", digest, code=2).stderr
    before = snapshot(tree)
    run("bundle", "--verify", "", "--digest", digest, code=2)
    assert snapshot(tree) == before


def forged(tree: Path, inner: bytes, bill: bytes = b'{"components": []}') -> None:
    """A bundle with every digest right around an archive of somebody else."""
    (tree / "fleet.oci.tar").write_bytes(oci.build(inner, bill, "latest")[0])


@pytest.mark.parametrize(
    "name",
    [
        "../../evil", "/etc/evil", "clusters/../../evil", "evil", "clusters", "clusters//a", "clusters/./a", "./clusters/a",
        "clusters\\..\\evil", "clusters/C:evil", "clusters/a\nb", "clusters/..", "other/a.yaml",
    ],
)  # fmt: skip
def test_a_path_that_leaves_the_tree_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    forged(tmp_path, archive.pack({name: b"evil", "clusters/b.yaml": b"kind: Namespace"}))
    refused(run, "is no file below clusters/")


def test_a_file_below_a_file_is_refused(run: Run, tmp_path: Path) -> None:
    forged(tmp_path, archive.pack({"clusters/a": b"1", "clusters/a/b": b"2"}))
    refused(run, "is no file below clusters/")


def special(kind: bytes, name: str = "clusters/a", **about: object) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        entry = tarfile.TarInfo(name)
        entry.type = kind
        for key, value in about.items():
            setattr(entry, key, value)
        tar.addfile(entry)
    return out.getvalue()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE, tarfile.DIRTYPE,
     tarfile.GNUTYPE_SPARSE, tarfile.CONTTYPE],
)  # fmt: skip
def test_what_is_no_plain_file_is_refused(run: Run, tmp_path: Path, kind: bytes) -> None:
    forged(tmp_path, gzip.compress(special(kind, linkname="/etc/passwd"), mtime=0))
    refused(run, "the archive of the tree is damaged")
    (tmp_path / "fleet.oci.tar").write_bytes(special(kind, "index.json", linkname="/etc/passwd"))
    refused(run, "is damaged or no OCI layout")


def _header(kind: bytes, content: bytes) -> bytes:
    entry = tarfile.TarInfo("clusters/a")
    entry.type, entry.size = kind, len(content)
    return entry.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def _sparse(count: int, size: int) -> bytes:
    """Many files that have a block each and say that they have so many bytes."""
    about = {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": str(size)}
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for number in range(count):
            content = f"1\n{size}\n0\n".encode().ljust(512, b"\0")
            entry = tarfile.TarInfo(f"clusters/{number}")
            entry.size, entry.pax_headers = len(content), {**about, "GNU.sparse.name": entry.name}
            tar.addfile(entry, io.BytesIO(content))
    return out.getvalue()


@pytest.mark.parametrize(
    "raw",
    [
        _sparse(1000, 2_000_000),
        *(_header(kind, b"12 path=abc\n") * 5000 for kind in (b"x", b"g", b"L", b"K")),
        _header(b"x", b"1" * 2_000_000),
    ],
    ids=["sparse", "extended", "global", "long name", "long link", "endless number"],
)
def test_headers_that_lead_a_reader_on_are_refused_at_once(run: Run, tmp_path: Path, raw: bytes) -> None:
    raw += _header(b"0", b"x") + bytes(1024)
    before = time.monotonic()
    forged(tmp_path, gzip.compress(raw, mtime=0))
    refused(run, "is not a plain file that is there once")
    (tmp_path / "fleet.oci.tar").write_bytes(raw)
    refused(run, "is not a plain file that is there once")
    assert time.monotonic() - before < 10


def test_entries_are_counted_before_they_are_followed(run: Run, tmp_path: Path) -> None:
    manifest = b'{"layers": [' + b"0, " * 300_000 + b"0]}"
    digest = hashlib.sha256(manifest).hexdigest()
    entry = {"digest": f"sha256:{digest}", "size": len(manifest)}
    index = json.dumps({"manifests": [entry] * 5_000}).encode()
    files = {"oci-layout": b"{}", "index.json": index, f"blobs/sha256/{digest}": manifest}
    (tmp_path / "fleet.oci.tar").write_bytes(tarball.write(files))
    refused(run, "does not hold one tree and the bill of its images")


def test_a_name_that_is_there_twice_is_refused(run: Run, tmp_path: Path) -> None:
    one = packed({"clusters/a": b"1"})
    forged(tmp_path, gzip.compress(one[:1024] + packed({"clusters/a": b"2"}), mtime=0))
    refused(run, "is not a plain file that is there once")


@pytest.mark.parametrize("size", [20_000_000, 60_000_000])
def test_a_bomb_is_refused_before_it_expands(run: Run, tmp_path: Path, size: int) -> None:
    squeezed = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    inner = b"".join([*(squeezed.compress(bytes(10_000_000)) for _ in range(size // 10_000_000)), squeezed.flush()])
    forged(tmp_path, inner)
    refused(run, "which no tree does")


def test_bytes_behind_the_inner_archive_are_refused(run: Run, tmp_path: Path) -> None:
    whole = archive.pack({"clusters/a.yaml": b"kind: Namespace"})
    for tail in (b"x", bytes(512), gzip.compress(b"more")):
        forged(tmp_path, whole + tail)
        refused(run, "the archive of the tree is damaged")
    forged(tmp_path, gzip.compress(gzip.decompress(whole) + bytes(10240), mtime=0))
    refused(run, "its bytes are not those that its files make")


@pytest.mark.parametrize("bill", [b"[" * 100_000, b"{}", b"[]", b"1", b'{"components": 1}', b"\xff"])
def test_a_bill_that_is_none_is_refused(run: Run, tmp_path: Path, bill: bytes) -> None:
    forged(tmp_path, archive.pack({"clusters/a.yaml": b"kind: Namespace"}), bill)
    refused(run, "bill of images")


@pytest.mark.parametrize("index", [b"[" * 100_000, b'{"a":' * 100_000, b"[]", b"null", b'{"manifests": [1, [], {}]}'])
def test_an_index_that_is_none_is_refused(run: Run, tmp_path: Path, index: bytes) -> None:
    (tmp_path / "fleet.oci.tar").write_bytes(tarball.write({"oci-layout": b"{}", "index.json": index}))
    refused(run, "fleet.oci.tar: ")


@pytest.mark.parametrize("manifest", [b"[" * 100_000, b"[]", b"1", b'{"layers": 1}', b'{"layers": [1, 2]}'])
def test_a_manifest_that_is_none_is_refused(run: Run, tmp_path: Path, manifest: bytes) -> None:
    digest = hashlib.sha256(manifest).hexdigest()
    entry = {"digest": f"sha256:{digest}", "size": len(manifest)}
    index = json.dumps({"manifests": [entry]}).encode()
    files = {"oci-layout": b"{}", "index.json": index, f"blobs/sha256/{digest}": manifest}
    (tmp_path / "fleet.oci.tar").write_bytes(tarball.write(files))
    refused(run, "fleet.oci.tar: ")


def test_a_changed_manifest_is_refused_even_with_fresh_digests(run: Run, tree: Path) -> None:
    run("bundle", code=0)
    path = tree / "fleet.oci.tar"
    files = members(path.read_bytes())
    (old,) = [content for content in files.values() if content[:2] == b"\x1f\x8b"]
    (bill,) = layer(files, oci.SBOM).values()
    inner = members(gzip.decompress(old))
    target = next(name for name in inner if name.endswith("workspace-phi-4-mini.yaml"))
    inner[target] = inner[target].replace(b"phi-4-mini", b"phi-4-evil")
    # Someone who changes the tree and makes all digests anew still has to forge the checksums within.
    path.write_bytes(oci.build(gzip.compress(packed(inner)), bill, "latest")[0])
    assert "SHA256SUMS names, so somebody changed it" in run("bundle", "--verify", "fleet.oci.tar", code=2).stderr


def test_an_added_blob_is_refused(run: Run, tree: Path) -> None:
    run("bundle", code=0)
    path = tree / "fleet.oci.tar"
    extra = b"payload"
    files = members(path.read_bytes()) | {f"blobs/sha256/{hashlib.sha256(extra).hexdigest()}": extra}
    path.write_bytes(packed(files))
    assert "nothing leads to it" in run("bundle", "--verify", "fleet.oci.tar", code=2).stderr


def test_signing_comes_before_the_bundle_and_its_failure_leaves_nothing(run: Run, tree: Path) -> None:
    run("bundle", "--sign", SIGNER, code=0)
    assert (tree / "fleet.oci.tar.sigstore.json").read_bytes() == (tree / "fleet.oci.tar").read_bytes()
    before = snapshot(tree)
    for command, text in (("false", "ended with 1"), ("true", "no signature"), ("/no/such/tool", "cannot be run")):
        assert text in run("bundle", "--tag", "v2", "--sign", command, code=3).stderr
        assert snapshot(tree) == before
    run("bundle", "--tag", "v2", code=0)
    assert not (tree / "fleet.oci.tar.sigstore.json").exists()


def test_an_interrupted_bundle_leaves_no_half_artifact(tree: Path) -> None:
    before = snapshot(tree)
    process = subprocess.Popen([str(KAITOPS), "bundle", "--sign", "sleep 30"], cwd=tree, start_new_session=True)
    deadline = time.monotonic() + 20
    while not list(tree.glob(".kaitops-*")) and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(20)
    assert process.returncode != 0
    assert snapshot(tree) == before


def test_what_is_not_a_tree_is_refused(run: Run, tree: Path) -> None:
    assert "holds no rendered tree" in run("bundle", "--tree", "nowhere", code=2).stderr
    clusters = tree / "manifests" / "clusters"
    for name, target in (("link.yaml", "/etc/hostname"), ("folder", ".."), ("dangling", "nowhere")):
        (clusters / name).symlink_to(target)
        assert f"{name}: is a link" in run("bundle", code=2).stderr
        (clusters / name).unlink()
    clusters.rename(tree / "elsewhere")
    clusters.symlink_to("../elsewhere")
    assert "clusters: is a link" in run("bundle", code=2).stderr
    assert "cannot be read" in run("bundle", "--verify", "none.tar", code=2).stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (b"a\nb.yaml", "rename it"), (b"a:b.yaml", "rename it"), (b"a\xff.yaml", "rename it"),
        (b"a" * 150, "is too long a name for an archive"),
    ],
)  # fmt: skip
def test_no_bundle_is_made_that_would_be_refused(run: Run, tree: Path, name: bytes, words: str) -> None:
    path = os.path.join(os.fsencode(tree), b"manifests", b"clusters", name)
    Path(os.fsdecode(path)).write_text(HEADER)
    assert words in run("bundle", code=2).stderr
    assert not (tree / "fleet.oci.tar").exists()


def test_what_is_no_file_is_refused(run: Run, tree: Path) -> None:
    os.mkfifo(tree / "manifests" / "clusters" / "pipe.yaml")
    assert "it is a pipe" in run("bundle", code=2).stderr


@pytest.mark.parametrize("tag", ["", "a b", "a\n::error::b", "-x", "a/b", "x" * 129, "$(id)"])
def test_a_tag_that_no_registry_takes_is_refused(run: Run, tree: Path, tag: str) -> None:
    assert ("is no tag" if tag else "argument --tag: its value is empty") in run(
        "bundle", f"--tag={tag}", code=2
    ).stderr


def test_only_the_folder_of_the_hub_and_that_applied_by_hand_stay_out(run: Run, tree: Path) -> None:
    (cluster,) = (one for one in (tree / "manifests" / "clusters").iterdir() if not one.name.startswith("_"))
    for place in ("workloads/bootstrap", "bootstrap", "workloads/_argocd"):
        (cluster / place).mkdir(parents=True, exist_ok=True)
        (cluster / place / "x.yaml").write_text(HEADER)
    names = archive.collect(tree / "manifests")
    top = f"clusters/{cluster.name}"
    assert {f"{top}/workloads/bootstrap/x.yaml", f"{top}/workloads/_argocd/x.yaml"} <= names.keys()
    assert f"{top}/bootstrap/x.yaml" not in names
