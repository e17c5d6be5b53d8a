"""An OCI image layout in one tar file, as ``oras``, ``skopeo`` and ``crane`` read it.

Owns the form: blobs by digest, one manifest for the tree and one for the bill of materials that refers to it.
"""

import hashlib
import json
from dataclasses import dataclass, field

from kaitops.bundle import tarball
from kaitops.documents.plain import MutableObject, at, items, mapping
from kaitops.errors import BadInput

LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
"""Media type of the tree: what Argo CD takes, and Flux without being told."""
SBOM = "application/vnd.cyclonedx+json"
_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
_INDEX = "application/vnd.oci.image.index.v1+json"
_CONFIG = "application/vnd.cncf.flux.config.v1+json"
_EMPTY = "application/vnd.oci.empty.v1+json"
_LAYOUT = "oci-layout"
_TAG = "org.opencontainers.image.ref.name"
_VERSION = "org.opencontainers.image.version"
_ENTRIES = 2
_NONE = "does not hold one tree and the bill of its images; it is not a bundle of kaitops"


@dataclass(slots=True)
class Layout:
    """The blobs of a layout and its index.

    Attributes:
        blobs: content by digest.
        entries: of the index.
    """

    blobs: dict[str, bytes] = field(default_factory=dict[str, bytes])
    entries: list[MutableObject] = field(default_factory=list[MutableObject])

    def add(self, content: bytes, media_type: str) -> MutableObject:
        """Keep a blob; returns its descriptor."""
        digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
        self.blobs[digest] = content
        return {"mediaType": media_type, "digest": digest, "size": len(content)}


def build(tree: bytes, bill: bytes, tag: str) -> tuple[bytes, str]:
    """The layout as a tar file, and the digest of the tree's manifest.

    Args:
        tree: gzipped tar.
        bill: CycloneDX as JSON.
    """
    layout = Layout()
    config = layout.add(b"{}", _CONFIG)
    content = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "config": config,
        "layers": [layout.add(tree, LAYER)],
    }
    manifest = layout.add(_json(content), _MANIFEST)
    layout.entries.append({**manifest, "annotations": {_TAG: tag}})
    about = {
        "schemaVersion": 2,
        "mediaType": _MANIFEST,
        "artifactType": SBOM,
        "config": layout.add(b"{}", _EMPTY),
        "layers": [layout.add(bill, SBOM)],
        "subject": manifest,
        # The index is under no digest; here its tag is under one, and the tree's digest does not depend on it.
        "annotations": {_VERSION: tag},
    }
    layout.entries.append({**layout.add(_json(about), _MANIFEST), "artifactType": SBOM})
    index = {"schemaVersion": 2, "mediaType": _INDEX, "manifests": layout.entries}
    files = {_LAYOUT: _json({"imageLayoutVersion": "1.0.0"}), "index.json": _json(index)}
    for digest, blob in layout.blobs.items():
        files[_blob(digest)] = blob
    ordered = dict(sorted(files.items(), key=lambda item: (item[0] != _LAYOUT, item[0])))
    return tarball.write(ordered), str(manifest["digest"])


def open_layout(raw: bytes) -> tuple[str, bytes, bytes]:
    """Digest of the tree's manifest, the tree's archive and the bill of materials.

    Raises:
        BadInput: damaged, changed, or with anything in it that its index does not lead to.
    """
    try:
        return _open(raw)
    except (EOFError, OSError, KeyError, ValueError) as error:
        raise BadInput(f"is damaged or no OCI layout ({error}); fetch the bundle again") from None
    except RecursionError:
        raise BadInput("holds JSON that is nested without end, as no OCI layout is; do not use it") from None


def _open(raw: bytes) -> tuple[str, bytes, bytes]:
    files = tarball.read(raw)
    index = json.loads(files.pop("index.json"))
    files.pop(_LAYOUT)
    for name, content in files.items():
        if name != _blob(f"sha256:{hashlib.sha256(content).hexdigest()}"):
            raise BadInput(
                f"{name}: its content does not have that digest, so it was damaged or changed; fetch it again"
            )
    seen: set[str] = set()

    def blob(descriptor: object) -> bytes:
        digest = str(at(descriptor, "digest"))
        name = _blob(digest)
        if name not in files or len(files[name]) != at(descriptor, "size"):
            raise BadInput(
                f"{digest}: is named and not there at that size, so a part was lost or changed; fetch it again"
            )
        seen.add(name)
        return files[name]

    tree: dict[str, bytes] = {}
    bills: dict[str, bytes] = {}
    tag = ""
    entries = items(mapping(index).get("manifests"))
    if len(entries) != _ENTRIES:  # before any of them is followed, as each may be large and named any number of times
        raise BadInput(_NONE)
    for entry in entries:
        manifest = mapping(json.loads(blob(entry)))
        blob(manifest.get("config"))
        (content,) = [blob(layer) for layer in items(manifest.get("layers"))] or [b""]
        if manifest.get("artifactType") == SBOM:
            bills[str(at(manifest, "subject", "digest"))] = content
        else:
            tree[str(at(entry, "digest"))] = content
            tag = str(at(entry, "annotations", _TAG))
    if len(tree) != 1 or set(bills) != set(tree):
        raise BadInput(_NONE)
    if extra := set(files) - seen:
        raise BadInput(f"{min(extra)}: is in the bundle and nothing leads to it, so somebody added it; do not use it")
    ((digest, content),) = tree.items()
    # What no digest covers follows from the rest: headers, index, padding.
    if build(content, bills[digest], tag)[0] != raw:
        raise BadInput("is not the file that its content makes, so it was damaged or changed; fetch it again")
    return digest, content, bills[digest]


def _blob(digest: str) -> str:
    return f"blobs/{digest.replace(':', '/')}"


def _json(document: object) -> bytes:
    return json.dumps(document, separators=(",", ":"), sort_keys=True).encode()
