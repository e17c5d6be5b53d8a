"""Evaluates CEL expressions with a library, in whatever environment has one: JSON pairs in, verdicts out."""

import json
import sys


def main() -> None:
    """Read ``[[expression, object], ...]``; write a list of booleans, or the text of an error."""
    pairs = json.load(sys.stdin)
    import celpy

    environment, known, verdicts = celpy.Environment(), {}, []
    for expression, document in pairs:
        if expression not in known:
            known[expression] = environment.program(environment.compile(expression))
        try:
            verdicts.append(bool(known[expression].evaluate({"object": celpy.json_to_cel(document)})))
        except Exception as error:
            verdicts.append(f"{type(error).__name__}: {error}")
    json.dump(verdicts, sys.stdout)


if __name__ == "__main__":
    main()
