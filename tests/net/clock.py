"""Stops the clock's day, so that a record of today and one of next year are the same."""

import datetime


def stop(day: str) -> None:
    """Make every ``date.today()`` of this process that day. To be called before anything of the product is imported."""
    if isinstance(getattr(datetime.date, "stopped", None), str):
        return
    real = datetime.date

    class Meta(type):
        # What was made before, or by the interpreter itself, is a day as well.
        def __instancecheck__(cls, instance: object) -> bool:
            return isinstance(instance, real)

    class Date(real, metaclass=Meta):
        stopped = day

        @classmethod
        def today(cls) -> datetime.date:
            return real.fromisoformat(day)

    datetime.date = Date  # type: ignore[misc]
