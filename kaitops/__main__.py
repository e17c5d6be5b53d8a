"""Where the command starts: as ``kaitops``, and as ``python -I -m kaitops``.

The latter imports nothing from the folder that it runs in or from PYTHONPATH. Loads the rest late, so that an interrupt
while it is loaded is one sentence as well.
"""

import sys


def main() -> int:
    """Run one command."""
    told = "interrupted; nothing was begun"
    try:
        from kaitops import cli

        # What comes after the command's own handling finds it done and told.
        told = "interrupted"
        return cli.main()
    except KeyboardInterrupt:
        print(f"kaitops: {told}", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
