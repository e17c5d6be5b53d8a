"""The errors that kaitops raises for its users, each with the exit code of the command line."""


class KaitopsError(Exception):
    """Base of all errors that a user can act on.

    The message names the object and field, the fact, the consequence and the remedy.
    """

    exit_code = 3


class Findings(KaitopsError):
    """The input was understood and something in it is wrong: drift, a refusal, a model that does not fit."""

    exit_code = 1


class BadInput(KaitopsError):
    """The input cannot be understood or does not hold together."""

    exit_code = 2


class ToolMissing(KaitopsError):
    """Something outside of kaitops that this command needs is not there, or failed."""

    exit_code = 3
