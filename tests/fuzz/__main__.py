"""``python -m tests.fuzz [COUNT] [SEED]``: run the gate over that many broken trees; leaves with 1 for any traceback."""

import sys
import tempfile
from pathlib import Path

from tests.fuzz.running import run

if __name__ == "__main__":
    count, seed = (int(word) for word in [*sys.argv[1:], *("30000", "1")[len(sys.argv) - 1 :]])
    with tempfile.TemporaryDirectory(prefix="kaitops-fuzz-") as name:
        failures = run(Path(name), count, seed, keep=Path(tempfile.gettempdir()) / "kaitops-fuzz-failures")
    for place, numbers in sorted(failures.items(), key=lambda one: -len(one[1])):
        print(f"{len(numbers)} {place} (trees {', '.join(map(str, numbers[:5]))})")
    print(f"{count} trees, {sum(map(len, failures.values()))} failures at {len(failures)} places")
    sys.exit(bool(failures))
