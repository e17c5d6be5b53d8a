"""Records a release: ``python -m tests.components.states 0.2.0``."""

import sys

from tests.components.states.recorded import record

if __name__ == "__main__":
    record(sys.argv[1])
