"""``python -m tests.redteam [--sample] [CLASS ...]``: run the attacks; leaves with 1 where one is open."""

import sys

from tests.redteam import running

if __name__ == "__main__":
    words = sys.argv[1:]
    results = running.all_classes([word for word in words if not word.startswith("-")], sample="--sample" in words)
    print("\n".join(running.table(results)))
    sys.exit(any(result.open for result in results))
