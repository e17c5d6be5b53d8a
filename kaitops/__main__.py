"""``python -I -m kaitops``: the command, with nothing imported from the folder that it runs in or from PYTHONPATH."""

import sys

from kaitops.cli import main

if __name__ == "__main__":
    sys.exit(main())
