"""``kaitops k9s``: the files that teach k9s KAITO's columns and these commands as keys."""

import argparse

from kaitops.documents.plain import MutableObject
from kaitops.live import k9s


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", choices=("plugins", "views"), help="which file of k9s's folder")


def run(arguments: argparse.Namespace) -> int:
    """Print one file."""
    from kaitops.documents import writer

    document: MutableObject = k9s.plugins() if arguments.file == "plugins" else k9s.views()
    print(writer.dump(document), end="")
    return 0
