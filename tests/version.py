"""The version of KAITO that tests are about: the one that the recordings are of.

A run for another one, such as a version whose facts were just added, names it: ``KAITOPS_TEST_KAITO=0.13.0 pytest``.
"""

import os

KAITO = os.environ.get("KAITOPS_TEST_KAITO", "0.12.0")
