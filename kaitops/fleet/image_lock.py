"""Recorded digests of images and checksums of charts, in ``images.lock`` beside the fleet.

Owns the file's form. A digest gets into it only from the registry that was asked (``kaitops images lock``), with the
date and the source; nothing here makes one up.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from kaitops.documents import source
from kaitops.errors import BadInput

FILE = "images.lock"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
_REMEDY = "record it again with 'kaitops images lock'"


class ImageLock(NamedTuple):
    """What was recorded.

    Attributes:
        images: digest, date and source by image with its tag.
        charts: checksum, date and source by ``repository#chart:version``.
    """

    images: Mapping[str, Mapping[str, str]]
    charts: Mapping[str, Mapping[str, str]]

    @classmethod
    def empty(cls) -> "ImageLock":
        """Nothing recorded."""
        return cls({}, {})

    @classmethod
    def read(cls, path: Path) -> "ImageLock":
        """The file; an empty record where there is none.

        Raises:
            BadInput: it is not what was written.
        """
        if not path.exists():
            return cls.empty()
        raw = source.read(path)
        try:
            document: Any = json.loads(raw)
        except (ValueError, RecursionError) as error:
            raise BadInput(
                f"{path}: cannot be read ({type(error).__name__}), so no image would be pinned; {_REMEDY}"
            ) from None
        parts: list[dict[str, dict[str, str]]] = []
        for part in ("images", "charts"):
            entries: Any = document.get(part, {}) if isinstance(document, dict) else None  # pyright: ignore
            if not isinstance(entries, dict):
                raise BadInput(f"{path}: {part} is not a mapping, so no image would be pinned; {_REMEDY}")
            for name, entry in entries.items():  # pyright: ignore
                if not isinstance(entry, dict) or not _DIGEST.fullmatch(str(entry.get("digest"))):  # pyright: ignore
                    raise BadInput(f"{path}: {part}.{name} has no sha256 digest, so it would not be pinned; {_REMEDY}")
            parts.append(entries)  # pyright: ignore
        return cls(*parts)

    def digest(self, image: str) -> str:
        """The digest of an image as ``sha256:...``; empty where none is recorded."""
        return self.images.get(image, {}).get("digest", "")

    def chart(self, repository: str, chart: str, version: str) -> str:
        """The checksum of a chart's archive as ``sha256:...``; empty where none is recorded."""
        return self.charts.get(chart_key(repository, chart, version), {}).get("digest", "")

    def pinned(self, image: str) -> str:
        """The image with its digest; as it was where it has one or none is recorded."""
        digest = "" if "@" in image else self.digest(image)
        return f"{image}@{digest}" if digest else image

    def text(self) -> str:
        """The file's content: sorted, so that a change is a small diff."""
        document = {"images": dict(sorted(self.images.items())), "charts": dict(sorted(self.charts.items()))}
        return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def chart_key(repository: str, chart: str, version: str) -> str:
    """What a chart is recorded under."""
    return f"{repository}#{chart}:{version}"
