"""``kaitops preset record``: stores what KAITO reads of a model, from the network or from a folder.

Fetches the file list and the configuration of a Hugging Face repository, or takes them of one that lies here, so that
the model can be declared and rendered offline from then on. The token comes from HF_TOKEN in the environment and is
never written.
"""

import argparse
import json
import os
import re
import urllib.error
from pathlib import Path
from typing import Any

from kaitops import asking
from kaitops.cli import downloaded, output
from kaitops.documents.plain import MutableObject, at, items
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
    record.add_argument(
        "--from", dest="folder", metavar="DIR", help="read a folder that holds its files, and use no network"
    )
    record.add_argument(
        "--revision", metavar="COMMIT", help="with --from: the commit of the files (default: where the folder says it)"
    )
    record.add_argument("--host", default=os.environ.get("HF_ENDPOINT", _HOST), help=argparse.SUPPRESS)


def run(arguments: argparse.Namespace) -> int:
    """Fetch, derive once to see that KAITO takes it, store."""
    repo: str = arguments.repository
    if not _REPO.fullmatch(repo):
        raise BadInput(f"{repo!r} is not a repository; write it as org/model")
    if arguments.revision and not arguments.folder:
        raise BadInput("--revision: says which commit the files of --from are of; without it the hub says the newest")
    if arguments.folder:
        snapshot = _held(repo, Path(arguments.folder), arguments.revision or "")
    else:
        snapshot = fetch(repo, arguments.host.rstrip("/"))
    release = Release.load(arguments.kaito or facts.newest())
    try:
        preset = release.derive_preset(repo, snapshot["tree"], snapshot["config"])
    except huggingface.HuggingFaceError as error:
        raise Findings(f"{repo}: KAITO {release.version} refuses it: {error}; nothing was stored") from None
    if preset["modelFileSize"].startswith("0.00"):
        raise Findings(
            f"{repo}: its files of weights hold 0.00 GiB in all, so any machine would be taken for large enough; "
            "nothing was stored; name a folder that holds them, or a clone that holds their LFS pointers"
        )
    path = Path(arguments.store) / recordings.STORE / f"{repo.lower().replace('/', '--')}.json"
    single.write_whole(path, json.dumps(snapshot, indent=1, ensure_ascii=False) + "\n")
    print(f"{path}: {preset['modelFileSize']} of weights, {preset['modelTokenLimit']} tokens, {preset['attnType']}")
    return 0


def fetch(repo: str, host: str) -> MutableObject:
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


def _held(repo: str, folder: Path, commit: str) -> MutableObject:
    """The same of a folder; whether the model is gated, and its licence, only the hub knows."""
    config = _parsed(downloaded.configuration(folder))
    if config is None:
        raise BadInput(f"{folder}: the model's configuration is not JSON; download it again")
    snapshot = {
        "repo": repo,
        "revision": commit or downloaded.revision(folder),
        "gated": False,
        "license": "",
        "tree": downloaded.tree(folder),
        "config": config,
    }
    recordings.parse(json.dumps(snapshot).encode(), str(folder))
    if not snapshot["revision"]:
        output.note(f"note: {folder} does not say its commit, so servers load what is newest; name it by --revision")
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
    found = _parsed(raw)
    if found is None:
        raise ToolMissing(f"{url}: the answer is not JSON; nothing was stored")
    return found


def _parsed(raw: bytes) -> Any:
    """JSON as model repositories hold it, numbers that JSON has not included; None where it is none."""
    text = re.sub(rb"(?<=[:,\[\s])(-?Infinity|NaN)(?=[\s,\]}])", b"null", raw)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
