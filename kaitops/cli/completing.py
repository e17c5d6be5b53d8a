"""Completion scripts for shells that the library of the others does not know: fish and PowerShell.

Reads verbs, options and choices off the parsers, so that a new option completes without a word here.
"""

import argparse
from collections.abc import Iterator
from typing import NamedTuple


class Option(NamedTuple):
    """One option of a verb; ``choices`` is empty where it takes a value that is not of a list, or none."""

    names: tuple[str, ...]
    help: str
    choices: tuple[str, ...]
    takes_value: bool


def fish(verbs: dict[str, argparse.ArgumentParser], told: dict[str, str]) -> str:
    """A script for fish."""
    lines = ["complete -c kaitops -n __fish_use_subcommand -f"]
    for verb, text in told.items():
        lines.append(f"complete -c kaitops -n __fish_use_subcommand -a {verb} -d {_quoted(text)}")
    for verb, parser in verbs.items():
        given = f"-n '__fish_seen_subcommand_from {verb}'"
        for words in _positional(parser):
            lines.append(f"complete -c kaitops {given} -f -a {_quoted(' '.join(words))}")
        for one in _options(parser):
            names = " ".join(f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}" for name in one.names)
            value = f" -x -a {_quoted(' '.join(one.choices))}" if one.choices else " -r" if one.takes_value else ""
            lines.append(f"complete -c kaitops {given} {names}{value} -d {_quoted(one.help)}")
    return "\n".join(lines)


def powershell(verbs: dict[str, argparse.ArgumentParser], told: dict[str, str]) -> str:
    """A script for PowerShell, Windows' own and the one for all systems."""
    lines = [
        "Register-ArgumentCompleter -Native -CommandName kaitops -ScriptBlock {",
        "    param($wordToComplete, $commandAst, $cursorPosition)",
        "    $verbs = [ordered]@{",
        *(f"        {_doubled(verb)} = {_doubled(text)}" for verb, text in told.items()),
        "    }",
        "    $options = @{",
    ]
    for verb, parser in verbs.items():
        words = [word for words in _positional(parser) for word in words]
        words += [name for one in _options(parser) for name in one.names]
        lines.append(f"        {_doubled(verb)} = @({', '.join(_doubled(word) for word in words)})")
    lines += ["    }", "    $choices = @{"]
    for verb, parser in verbs.items():
        for one in _options(parser):
            for name in one.names if one.choices else ():
                listed = ", ".join(_doubled(choice) for choice in one.choices)
                lines.append(f"        {_doubled(f'{verb} {name}')} = @({listed})")
    return "\n".join([
        *lines,
        "    }",
        "    $words = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })",
        "    $verb = if ($words.Count -gt 1) { $words[1] } else { '' }",
        "    $before = if ($wordToComplete) { $words[-2] } else { $words[-1] }",
        "    if ($words.Count -lt 2 -or ($words.Count -eq 2 -and $wordToComplete)) { $found = $verbs.Keys }",
        "    elseif ($choices.ContainsKey(\"$verb $before\")) { $found = $choices[\"$verb $before\"] }",
        "    else { $found = $options[$verb] }",
        "    $found | Where-Object { $_ -like \"$wordToComplete*\" } | ForEach-Object {",
        "        $help = if ($verbs.Contains($_)) { $verbs[$_] } else { $_ }",
        "        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $help)",
        "    }",
        "}",
    ])  # fmt: skip


def _options(parser: argparse.ArgumentParser) -> Iterator[Option]:
    for action in parser._actions:  # pyright: ignore[reportPrivateUsage]
        if action.option_strings and action.help != argparse.SUPPRESS:
            choices = tuple(str(choice) for choice in action.choices or ())
            yield Option(tuple(action.option_strings), _text(action.help), choices, action.nargs != 0)


def _positional(parser: argparse.ArgumentParser) -> Iterator[tuple[str, ...]]:
    for action in parser._actions:  # pyright: ignore[reportPrivateUsage]
        if not action.option_strings and action.choices:
            yield tuple(str(choice) for choice in action.choices)


def _text(text: str | None) -> str:
    return (text or "").replace("%%", "%")


def _quoted(text: str) -> str:
    """For fish, where a backslash in single quotes escapes."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _doubled(text: str) -> str:
    """For PowerShell, where a quote is written twice."""
    return "'" + text.replace("'", "''") + "'"
