"""``kaitops completion``: the completion script of a shell."""

import argparse

SHELLS = ("bash", "zsh", "tcsh")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("shell", choices=SHELLS, help='load it with: eval "$(kaitops completion bash)"')


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    import shtab

    from kaitops.cli.parser import full_parser

    print(shtab.complete(full_parser(), arguments.shell))
    return 0
