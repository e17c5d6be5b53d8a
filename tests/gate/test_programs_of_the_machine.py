"""Programs that the gate runs: waited for as long as they take and no longer, and ended with all that they started."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kaitops.gate.rendering import offline

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="how it waits elsewhere is the library's")


def test_a_program_is_waited_for_as_long_as_it_takes(tmp_path: Path) -> None:
    # The library's own wait looks after 0.0635 s and then after 0.1135 s, and a build takes about as long.
    spent: list[float] = []
    for _ in range(9):
        began = time.perf_counter()
        assert offline.run(["/bin/sleep", "0.07"], str(tmp_path), {}).returncode == 0
        spent.append(time.perf_counter() - began)
    assert 0.07 <= min(spent) < 0.105


def test_a_program_that_does_not_end_is_ended_with_what_it_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offline, "SECONDS", 0.3)
    script = "/bin/sleep 60 & echo $! > started; wait"
    with pytest.raises(subprocess.TimeoutExpired):
        offline.run(["/bin/sh", "-c", script], str(tmp_path), {})
    child = int((tmp_path / "started").read_text("ascii"))
    for _ in range(100):
        try:
            os.kill(child, 0)
        except ProcessLookupError:
            return
        # It may be nobody's for a moment before it is gone.
        if Path(f"/proc/{child}/stat").read_text("ascii").rpartition(") ")[2].startswith("Z"):
            return
        time.sleep(0.05)
    pytest.fail(f"{child} runs on")
