"""``kaitops preset record``: the one command that uses the network.

Fetches the file list and the configuration of a Hugging Face repository and stores them, so that the model can be
declared and rendered offline from then on. The token comes from HF_TOKEN in the environment and is never written.
"""

import argparse
import json
import os
import re
import urllib.error
from pathlib import Path
from typing import Any

from kaitops import asking
from kaitops.documents.plain import at, items
from kaitops.errors import BadInput, Findings, ToolMissing
from kaitops.kaito import facts, huggingface, recordings
from kaitops.kaito.release import Release
from kaitops.tree import single

_HOST = "https://huggingface.co"
_TIMEOUT_SECONDS = 30
_LIMIT_BYTES = 16 * 1024 * 1024
_REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    verbs = parser.add_subparsers(metavar="COMMAND", required=True)
    record = verbs.add_parser("record", help="store what KAITO reads of a Hugging Face repository")
    record.add_argument(
        "repository",
        metavar="ORG/MODEL",
        help="repository on Hugging Face; the token of a private one comes from HF_TOKEN and is not stored",
    )
    record.add_argument(
        "--kaito", metavar="VERSION", help="KAITO version to derive with (default: the newest known in full)"
    )
    record.add_argument("--store", default=".", metavar="DIR", help="folder of the fleet")
    record.add_argument("--host", default=os.environ.get("HF_ENDPOINT", _HOST), help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Fetch, derive once to see that KAITO takes it, store."""
    repo: str = arguments.repository
    if not _REPO.fullmatch(repo):
        raise BadInput(f"{repo!r} is not a repository; write it as org/model")
    snapshot = fetch(repo, arguments.host.rstrip("/"))
    release = Release.load(arguments.kaito or facts.newest())
    try:
        preset = release.derive_preset(repo, snapshot["tree"], snapshot["config"])
    except huggingface.HuggingFaceError as error:
        raise Findings(f"{repo}: KAITO {release.version} refuses it: {error}; nothing was stored") from None
    path = Path(arguments.store) / recordings.STORE / f"{repo.lower().replace('/', '--')}.json"
    single.write_whole(path, json.dumps(snapshot, indent=1, ensure_ascii=False) + "\n")
    print(f"{path}: {preset['modelFileSize']} of weights, {preset['modelTokenLimit']} tokens, {preset['attnType']}")
    return 0


def fetch(repo: str, host: str) -> dict[str, Any]:
    """The documents that KAITO derives a preset from, reduced to what it reads of them, and the pinned revision."""
    tree = _get(f"{host}/api/models/{repo}/tree/main?recursive=true")
    about = _get(f"{host}/api/models/{repo}")
    try:
        config = _get(f"{host}/{repo}/resolve/main/config.json")
    except _Missing:
        config = _get(f"{host}/{repo}/resolve/main/params.json")
    snapshot = {
        "repo": repo,
        "revision": at(about, "sha"),
        "gated": bool(at(about, "gated")),
        "license": at(about, "cardData", "license") or "",
        "tree": [
            {key: value for key in ("path", "size", "type") if (value := at(entry, key)) is not None}
            for entry in items(tree)
        ],
        "config": config,
    }
    try:
        # What would not be read back is not written down.
        recordings.parse(json.dumps(snapshot).encode(), host)
    except (BadInput, RecursionError):
        raise ToolMissing(
            f"{host}: answered with a list of files or a configuration of another form than {repo} can have; nothing "
            "was stored; see that the host is a Hugging Face hub"
        ) from None
    return snapshot


class _Missing(ToolMissing):
    """The server has no such document."""


def _get(url: str) -> Any:
    headers: dict[str, str] = {}
    token = os.environ.get("HF_TOKEN")
    if token:
        headers["Authorization"] = f"Bearer {token}"
    try:
        raw = asking.fetched(url, headers, limit=_LIMIT_BYTES, seconds=_TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code in {401, 403}:
            have = "the token in HF_TOKEN may not read it" if token else "set HF_TOKEN in the environment"
            raise ToolMissing(f"{url}: needs permission ({error.code}); accept the licence, and {have}") from None
        if error.code == 404:
            raise _Missing(f"{url}: there is no such document; check the name of the repository") from None
        raise ToolMissing(f"{url}: the server answered {error.code}; try again later") from None
    except (urllib.error.URLError, TimeoutError, OSError) as error:
        raise ToolMissing(f"{url}: cannot be reached: {getattr(error, 'reason', error)}; nothing was stored") from None
    except asking.TooLarge as error:
        raise ToolMissing(f"{url}: {error}; nothing was stored") from None
    text = re.sub(rb"(?<=[:,\[\s])(-?Infinity|NaN)(?=[\s,\]}])", b"null", raw)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ToolMissing(f"{url}: the answer is not JSON; nothing was stored") from None
