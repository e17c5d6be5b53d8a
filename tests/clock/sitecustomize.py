"""Another day for every Python that starts with this folder on its path: KAITOPS_TEST_CLOCK says which."""

import datetime
import os
import time

_REAL = datetime.date
_DAY = _REAL.fromisoformat(os.environ["KAITOPS_TEST_CLOCK"])
_AHEAD = (_DAY - _REAL.today()).days * 86400
_SECONDS = time.time


class _Kind(type(_REAL)):
    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, _REAL)


class _Date(_REAL, metaclass=_Kind):
    @classmethod
    def today(cls) -> datetime.date:
        return _DAY


datetime.date = _Date
time.time = lambda: _SECONDS() + _AHEAD
