"""``kaitops completion``: the completion script of a shell."""

import argparse

SHELLS = ("bash", "zsh", "tcsh", "fish", "powershell")


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "shell",
        choices=SHELLS,
        help='load it with: eval "$(kaitops completion bash)"; kaitops completion fish | source; '
        "kaitops completion powershell | Out-String | Invoke-Expression",
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the script."""
    from kaitops.cli import parser as verbs

    if arguments.shell in ("fish", "powershell"):
        from kaitops.cli import completing

        write = completing.fish if arguments.shell == "fish" else completing.powershell
        print(write({verb: verbs.verb_parser(verb) for verb in verbs.VERBS}, verbs.VERBS))
        return 0
    import shtab

    print(shtab.complete(verbs.full_parser(), arguments.shell))
    return 0
