"""``kaitops schema``: the JSON Schema of the fleet or of one of KAITO's kinds."""

import argparse
import json

from kaitops.errors import BadInput, nearest


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument(
        "what", nargs="?", default="fleet", help="'fleet' (default), or a kind such as kaito.sh/v1beta1/Workspace"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print the schema."""
    if arguments.what == "fleet":
        from kaitops.fleet import json_schema

        print(json_schema.text(), end="")
        return 0
    from kaitops.api import kaito_kinds, model_for

    api_version, _, kind = arguments.what.rpartition("/")
    try:
        model = model_for(api_version, kind)
    except LookupError:
        near = nearest(kind.lower(), [one.rpartition("/")[2].lower() for one in kaito_kinds()])
        meant = [one for one in kaito_kinds() if one.rpartition("/")[2].lower() in near]
        hint = f"did you mean {meant[0]}?" if meant else f"known: fleet, {', '.join(kaito_kinds())}"
        raise BadInput(f"{arguments.what}: no such kind; {hint}") from None
    print(json.dumps(model.model_json_schema(by_alias=True), indent=1))
    return 0
