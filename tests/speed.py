"""What this machine is held to: CI, on machines of others, gives more time than a quiet one of today needs."""

import os

SLOW = float(os.environ.get("KAITOPS_SLOW_MACHINE") or 1)
"""By how much more a bar of time may be: `KAITOPS_SLOW_MACHINE`."""
