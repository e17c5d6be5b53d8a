"""``kaitops k9s``: the files that teach k9s KAITO's columns and these commands as keys."""

import argparse
from typing import Any

from kaitops.live import k9s


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", choices=("plugins", "views"), help="which file of k9s's folder")


def run(arguments: argparse.Namespace) -> int:
    """Print one file."""
    from kaitops.documents import writer

    document: dict[str, Any] = k9s.plugins() if arguments.file == "plugins" else k9s.views()
    print(writer.dump(document), end="")
    return 0
