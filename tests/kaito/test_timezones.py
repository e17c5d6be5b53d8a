"""Time zones are those that programs in Go carry, whatever machine this is."""

import pytest

from kaitops.kaito.admission.cron import schedule_problem
from kaitops.kaito.kubernetes import timezones


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("Europe/Berln", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("Berlin", "Europe/Berlin"),
        ("New York", "America/New_York"),
        ("utc", "UTC"),
    ],
)
def test_a_wrong_name_leads_to_the_right_one(wrong: str, meant: str) -> None:
    assert wrong not in timezones.known()
    assert timezones.alike(wrong)[0] == meant


def test_nothing_is_like_a_name_from_nowhere() -> None:
    assert timezones.alike("Mars/Olympus_Mons_Crater") == []


def test_a_machine_without_a_database_gives_the_same_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zoneinfo.TZPATH", ())
    assert schedule_problem("CRON_TZ=Asia/Kolkata 0 7 * * *") is None
    assert "unknown time zone Asia/Kolkatta" in str(schedule_problem("CRON_TZ=Asia/Kolkatta 0 7 * * *"))


def test_the_zones_of_every_continent_are_there() -> None:
    areas = {one.partition("/")[0] for one in timezones.known() if "/" in one}
    assert {"Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"} <= areas
    assert {"UTC", "America/North_Dakota/New_Salem", "Etc/GMT+12", "EST5EDT"} <= timezones.known()
