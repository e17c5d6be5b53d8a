"""The verbs and how their arguments are read.

A verb's module has ``configure(parser)`` and ``run(arguments) -> int``. For a call of one verb only its module is
imported and only its arguments are built, because building all costs more than most verbs do.
"""

import argparse
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, NoReturn

from kaitops import __version__
from kaitops.errors import nearest

VERBS = {
    "init": "write a first fleet.yaml",
    "add": "add a model to the fleet, with why it runs on what and what that costs",
    "remove": "take a workload out of the fleet",
    "set": "change one value of the fleet",
    "replace": "put a model on other machines without a gap, in three steps",
    "render": "render the fleet into a tree of manifests",
    "gate": "check manifests: form, admission by KAITO, fit, references, rules, and what a change does",
    "arm": "write the Azure resources of a Pulumi stack as an ARM template, for the gate and checkov",
    "policy": "list the rules of the gate",
    "upgrade": "say what another KAITO version refuses or treats differently",
    "prices": "record what machines cost today, for --prices",
    "quota": "record what a region's quota leaves",
    "catalogue": "list the models that KAITO serves",
    "cost": "what the machines of a fleet or of manifests cost, by workload, by cluster and in all",
    "sizes": "list the machine sizes that KAITO knows, with what they hold and cost",
    "fit": "which machines a model fits on, how many, at what context and cost",
    "health": "judge objects by their status, or print health checks for Argo CD and Flux",
    "status": "say of each workload of the clusters whether it serves, and why not",
    "why": "explain step by step what keeps a workload from serving",
    "smoke": "check that an endpoint is what was declared: models, answers, streams, tools, errors, metrics",
    "connect": "open a way to a model, and print or run what talks to it",
    "chat": "talk to a model",
    "rag": "fill, list, ask and delete the indexes of a RAGEngine",
    "k9s": "print what teaches k9s KAITO's columns and these commands",
    "images": "list the images that a cluster pulls, or record their digests",
    "bundle": "pack the rendered tree into an OCI artifact with checksums and a bill of images",
    "promote": "move pinned versions from one environment to the next",
    "preset": "record a Hugging Face model, so that it can be rendered offline",
    "schema": "print the JSON Schema of fleet.yaml or of a KAITO kind",
    "completion": "print the completion script of a shell",
}
_INTERMIXED = frozenset({"chat", "connect", "rag", "smoke", "status"})
_EPILOG = "exit codes: 0 ok, 1 findings or drift, 2 bad input, 3 tool missing or internal error"


class _Formatter(argparse.HelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=100)


class _Verb(argparse.ArgumentParser):
    """The parser of one verb, whose help ends with what people type most."""

    def format_help(self) -> str:
        from kaitops.cli import examples  # only who asks for help pays for it

        return super().format_help() + examples.text(self.prog.split()[1])

    def error(self, message: str) -> NoReturn:
        """An option that is not known is mostly one that is misspelt."""
        unknown = message.removeprefix("unrecognized arguments: ").split()[0] if "unrecognized" in message else ""
        known = [option for option in self._option_string_actions if option.startswith("--")]
        near = nearest(unknown.partition("=")[0], known) if unknown.startswith("--") else []
        super().error(f"{message}; did you mean {near[0]!r}?" if near else message)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """A word that no option took is taken for the verb's own, mostly for a value whose space is not quoted."""
        if not action.option_strings and action.choices is not None and value not in action.choices:
            near = nearest(str(value), [str(one) for one in action.choices])
            hint = f"did you mean {near[0]!r}?" if near else "a value that holds a space is written in quotes"
            known = ", ".join(str(one) for one in action.choices)
            raise argparse.ArgumentError(None, f"{value!r} is none of {known}; {hint}")
        super()._check_value(action, value)

    def _get_values(self, action: argparse.Action, arg_strings: list[str]) -> Any:
        """An option whose value is empty would be as if it were not there, mostly for a variable that is not set."""
        if action.option_strings and "" in arg_strings:
            raise argparse.ArgumentError(action, "its value is empty; write one, or leave the option out")
        return super()._get_values(action, arg_strings)  # pyright: ignore[reportUnknownVariableType,reportAttributeAccessIssue,reportUnknownMemberType]


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """Read the arguments; leaves the process with help or a usage error (exit code 2) as argparse does."""
    if argv and argv[0] in VERBS:
        parser = verb_parser(argv[0])
        if argv[0] in _INTERMIXED:
            return _intermixed(parser, argv[1:])
        return parser.parse_args(argv[1:])
    if argv and argv[0] == "help" and len(argv) > 1:
        return parse([argv[1], "--help"])
    if not argv or argv[0] == "help":
        full_parser(configured=False).print_help()
        raise SystemExit(0)
    if not argv[0].startswith("-") and (near := nearest(argv[0], VERBS)):
        full_parser(configured=False).error(f"no command {argv[0]!r}; did you mean {near[0]!r}?")
    # Help, version or a mistake: it ends here, without the verbs' own arguments, unless a verb hides behind `--`.
    full_parser(configured=False).parse_known_args(argv)
    return full_parser().parse_args(argv)


def _intermixed(parser: argparse.ArgumentParser, argv: Sequence[str]) -> argparse.Namespace:
    """Options may stand between the words of these verbs, and what follows ``--`` is words whatever it looks like."""
    end = argv.index("--") if "--" in argv else len(argv)
    found = parser.parse_intermixed_args(list(argv[:end]))
    last = [action.dest for action in parser._get_positional_actions()][-1]  # pyright: ignore[reportPrivateUsage]
    setattr(found, last, [*getattr(found, last), *argv[end + 1 :]])
    return found


def verb_parser(verb: str) -> argparse.ArgumentParser:
    """The parser of one verb, with all its arguments."""
    parser = _Verb(
        prog=f"kaitops {verb}", description=_sentence(VERBS[verb]), epilog=_EPILOG, formatter_class=_Formatter
    )
    _configure(verb, parser)
    return parser


def full_parser(*, configured: bool = True) -> argparse.ArgumentParser:
    """The parser with all verbs, for the general help and for completion.

    Args:
        configured: the verbs take their arguments; without, each is only named, and no module of theirs is imported.
    """
    parser = argparse.ArgumentParser(
        prog="kaitops",
        description="KAITO on AKS as typed, provable infrastructure and GitOps.",
        epilog=_EPILOG,
        formatter_class=_Formatter,
    )
    parser.add_argument("--version", action="version", version=f"kaitops {__version__}")
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for verb, text in VERBS.items():
        one = verbs.add_parser(verb, help=text, description=_sentence(text), formatter_class=_Formatter)
        if configured:
            _configure(verb, one)
    return parser


def _configure(verb: str, parser: argparse.ArgumentParser) -> None:
    module: Any = import_module(f"kaitops.cli.{verb}")
    module.configure(parser)
    run: Callable[[argparse.Namespace], int] = module.run
    parser.set_defaults(run=run)


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
