"""``kaitops schema``: the JSON Schema of the fleet or of one of KAITO's kinds."""

import argparse
import json

from kaitops.errors import BadInput


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
    from kaitops.api import model_for

    api_version, _, kind = arguments.what.rpartition("/")
    try:
        model = model_for(api_version, kind)
    except LookupError:
        raise BadInput(f"{arguments.what}: no such kind; write it as kaito.sh/v1beta1/Workspace") from None
    print(json.dumps(model.model_json_schema(by_alias=True), indent=1))
    return 0
