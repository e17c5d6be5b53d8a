"""Texts of users as Go's libraries read them: URLs, images, schedules, durations, numbers, names.

Expected values are those of the Go libraries that KAITO uses.
"""

import pytest

from kaitops.kaito.admission.cron import schedule_problem
from kaitops.kaito.admission.data_source import url_problem
from kaitops.kaito.golang.quote import quote
from kaitops.kaito.golang.text import atoi, duration_text, float_text, parse_duration, parse_float
from kaitops.kaito.golang.url import parse_request_uri
from kaitops.kaito.kubernetes.dns_names import label_problems, subdomain_problems
from kaitops.kaito.kubernetes.field_errors import WebhookPanic

DATA_URLS = [
    ("http://x", None),
    ("https://example.com/a b", None),
    ("http://localhost", "data source URL must not target a local or metadata endpoint"),
    ("http://LOCALHOST:80/x", "data source URL must not target a local or metadata endpoint"),
    ("http://a.localhost", "data source URL must not target a local or metadata endpoint"),
    ("ftp://x/y", "data source URL must use HTTP or HTTPS"),
    ("HTTP://x", None),
    ("//x/y", "invalid data source URL"),
    ("/x", "invalid data source URL"),
    ("x", "invalid data source URL"),
    ("http:///x", "invalid data source URL"),
    ("http://", "invalid data source URL"),
    ("http://[::1]/x", "data source URL must not target a loopback, private, or link-local address"),
    ("http://[fe80::1%25eth0]/", "data source URL must not target a loopback, private, or link-local address"),
    ("http://[::ffff:10.0.0.1]/", "data source URL must not target a loopback, private, or link-local address"),
    ("http://127.0.0.1", "data source URL must not target a loopback, private, or link-local address"),
    ("http://127.1", None),
    ("http://10.1.2.3:8080/", "data source URL must not target a loopback, private, or link-local address"),
    ("http://172.16.0.1", "data source URL must not target a loopback, private, or link-local address"),
    ("http://172.32.0.1", None),
    ("http://192.168.1.1", "data source URL must not target a loopback, private, or link-local address"),
    ("http://169.254.169.254/latest", "data source URL must not target a loopback, private, or link-local address"),
    ("http://224.0.0.5", "data source URL must not target a loopback, private, or link-local address"),
    ("http://224.0.1.5", None),
    ("http://metadata.google.internal/", "data source URL must not target a local or metadata endpoint"),
    ("http://Metadata.Google/", "data source URL must not target a local or metadata endpoint"),
    ("http://instance-data.ec2.internal", "data source URL must not target a local or metadata endpoint"),
    ("http://user:pw@host/", None),
    ("http://us er@host/", "invalid data source URL"),
    ("http://h:abc/", "invalid data source URL"),
    ("http://h:/", None),
    ("http://h:80:90/", "invalid data source URL"),
    ("http://%41/", "invalid data source URL"),
    ("http://a%20b/", "invalid data source URL"),
    ("http://h/%zz", "invalid data source URL"),
    ("http://h/%2", "invalid data source URL"),
    ("http://h?%zz", None),
    ("http://h/?", None),
    ("http://h#f", "invalid data source URL"),
    ("http://h/#f", None),
    ("http:x", "invalid data source URL"),
    ("http:", "invalid data source URL"),
    ("mailto:a", "invalid data source URL"),
    ("1http://x", "invalid data source URL"),
    (":x", "invalid data source URL"),
    ("", "invalid data source URL"),
    ("*", "invalid data source URL"),
    ("http://[::1", "invalid data source URL"),
    ("http://::1]/", "invalid data source URL"),
    ("http://a<b/", None),
    ("http://a\\b/", "invalid data source URL"),
    ("http://é.com/", None),
    ("https://user@:80/", None),
    ("http://a@b@c/", None),
    ("http://0.0.0.0", None),
    ("http://0x7f.1", None),
    ("http://[fc00::1]", "data source URL must not target a loopback, private, or link-local address"),
    ("http://[ff02::1]", "data source URL must not target a loopback, private, or link-local address"),
    ("http://01.2.3.4", None),
    ("http://exa mple.com", "invalid data source URL"),
    ("http://h/\x7f", "invalid data source URL"),
    ("http://h\n", "invalid data source URL"),
    ("http://u:p%zz@h/", "invalid data source URL"),
    ("http://u%4@h/", "invalid data source URL"),
    ("+a://x/", "invalid data source URL"),
    ("a+b://x/", "data source URL must use HTTP or HTTPS"),
    ("http://[::1]x/", "invalid data source URL"),
    ("http://[::1]:x/", "invalid data source URL"),
    ("http://x.internal", None),
]

REQUEST_URIS = [
    ("x", 'parse "x": invalid URI for request'),
    ("http://us er@host/", 'parse "http://us er@host/": net/url: invalid userinfo'),
    ("http://h:abc/", 'parse "http://h:abc/": invalid port ":abc" after host'),
    ("http://h:80:90/", 'parse "http://h:80:90/": invalid port ":80:90" after host'),
    ("http://%41/", 'parse "http://%41/": invalid URL escape "%41"'),
    ("http://a%20b/", 'parse "http://a%20b/": invalid URL escape "%20"'),
    ("http://h/%zz", 'parse "http://h/%zz": invalid URL escape "%zz"'),
    ("http://h/%2", 'parse "http://h/%2": invalid URL escape "%2"'),
    ("http://h#f", 'parse "http://h#f": invalid character "#" in host name'),
    ("1http://x", 'parse "1http://x": invalid URI for request'),
    (":x", 'parse ":x": missing protocol scheme'),
    ("", 'parse "": empty url'),
    ("http://[::1", "parse \"http://[::1\": missing ']' in host"),
    ("http://::1]/", 'parse "http://::1]/": invalid port "::1]" after host'),
    ("http://a\\b/", 'parse "http://a\\\\b/": invalid character "\\\\" in host name'),
    ("http://exa mple.com", 'parse "http://exa mple.com": invalid character " " in host name'),
    ("http://h/\x7f", 'parse "http://h/\\x7f": net/url: invalid control character in URL'),
    ("http://h\n", 'parse "http://h\\n": net/url: invalid control character in URL'),
    ("http://u:p%zz@h/", 'parse "http://u:p%zz@h/": invalid URL escape "%zz"'),
    ("http://u%4@h/", 'parse "http://u%4@h/": invalid URL escape "%4"'),
    ("+a://x/", 'parse "+a://x/": invalid URI for request'),
    ("http://[::1]x/", 'parse "http://[::1]x/": invalid port "x" after host'),
    ("http://[::1]:x/", 'parse "http://[::1]:x/": invalid port ":x" after host'),
]

SCHEDULES = [
    ("* * * * *", None),
    ("0 2 * * 6", None),
    ("@daily", None),
    ("@every 1h", None),
    ("@every x", 'failed to parse duration @every x: time: invalid duration "x"'),
    ("@x", "unrecognized descriptor: @x"),
    ("* * * *", "expected exactly 5 fields, found 4: [* * * *]"),
    ("60 * * * *", "end of range (60) above maximum (59): 60"),
    ("* 24 * * *", "end of range (24) above maximum (23): 24"),
    ("* * 0 * *", "beginning of range (0) below minimum (1): 0"),
    ("* * * 13 *", "end of range (13) above maximum (12): 13"),
    ("* * * * 7", "end of range (7) above maximum (6): 7"),
    ("*/0 * * * *", "step of range should be a positive number: */0"),
    ("1-2-3 * * * *", "too many hyphens: 1-2-3"),
    ("1/2/3 * * * *", "too many slashes: 1/2/3"),
    ("5-1 * * * *", "beginning of range (5) beyond end of range (1): 5-1"),
    ("jan * * * *", 'failed to parse int from jan: strconv.Atoi: parsing "jan": invalid syntax'),
    ("* * * JAN,feb-mar *", None),
    ("* * * * MON-fri", None),
    ("TZ=UTC * * * * *", None),
    ("CRON_TZ=Europe/Berlin 0 0 * * *", None),
    ("TZ=Nope/Nope * * * * *", "provided bad location Nope/Nope: unknown time zone Nope/Nope"),
    ("-1 * * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'),
    ("1,2,,3 * * * *", None),
    (", * * * *", None),
    ("? ? ? ? ?", None),
    ("*-5 * * * *", None),
    ("a * * * *", 'failed to parse int from a: strconv.Atoi: parsing "a": invalid syntax'),
    (
        "99999999999999999999 * * * *",
        'failed to parse int from 99999999999999999999: strconv.Atoi: parsing "99999999999999999999": value out of range',
    ),
    (" * * * * * ", None),
    ("0 2 * * 6 7", "expected exactly 5 fields, found 6: [0 2 * * 6 7]"),
    ("+5 * * * *", None),
    ("5/ * * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'),
    ("/5 * * * *", 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'),
    ("*/15,3-9/2 * * * *", None),
    ("TZ= * * * * *", None),
    ("TZ=../x * * * * *", "provided bad location ../x: time: invalid location name"),
    ("60-70 * * * *", "end of range (70) above maximum (59): 60-70"),
    ("@every 5", 'failed to parse duration @every 5: time: missing unit in duration "5"'),
    ("@every 1d", 'failed to parse duration @every 1d: time: unknown unit "d" in duration "1d"'),
    ("@annually", None),
    ("* * 31 2 *", None),
    ("8/70 * * * *", None),
    ("1-2/3 * * * *", None),
]

DURATIONS = [
    ("4h", 14400000000000),
    ("0s", 0),
    ("-1h", -3600000000000),
    ("1d", 'time: unknown unit "d" in duration "1d"'),
    ("4", 'time: missing unit in duration "4"'),
    ("", 'time: invalid duration ""'),
    ("1h30m", 5400000000000),
    ("1.5h", 5400000000000),
    ("-0.5s", -500000000),
    ("100ms", 100000000),
    ("-1.5ms", -1500000),
    ("1µs", 1000),
    ("-2us", -2000),
    ("-3ns", -3),
    ("x", 'time: invalid duration "x"'),
    ("1hh", 'time: unknown unit "hh" in duration "1hh"'),
    ("1h-30m", 'time: unknown unit "h-" in duration "1h-30m"'),
    ("+2h", 7200000000000),
    ("-+2h", 'time: invalid duration "-+2h"'),
    (".s", 'time: invalid duration ".s"'),
    ("1.s", 1000000000),
    (".5s", 500000000),
    ("0", 0),
    ("-0", 0),
    ("1e3s", 'time: unknown unit "e" in duration "1e3s"'),
    ("2562047h47m16.854775807s", 9223372036854775807),
    ("2562048h", 'time: invalid duration "2562048h"'),
    ("-59s", -59000000000),
    ("-90m", -5400000000000),
    ("9223372036854775808ns", 'time: invalid duration "9223372036854775808ns"'),
    ("-9223372036854775808ns", -9223372036854775808),
    ("1h 2m", 'time: unknown unit "h " in duration "1h 2m"'),
    ("h", 'time: invalid duration "h"'),
]

FLOATS = [
    ("1.0", ""),
    ("0.5", ""),
    ("abc", 'strconv.ParseFloat: parsing "abc": invalid syntax'),
    ("NaN", ""),
    ("inf", ""),
    ("1e400", 'strconv.ParseFloat: parsing "1e400": value out of range'),
    ("0x1p-2", ""),
    ("1_0", ""),
    ("_1", 'strconv.ParseFloat: parsing "_1": invalid syntax'),
    ("1__0", 'strconv.ParseFloat: parsing "1__0": invalid syntax'),
    (" 1", 'strconv.ParseFloat: parsing " 1": invalid syntax'),
    ("+.5", ""),
    ("Infinity", ""),
    ("1e", 'strconv.ParseFloat: parsing "1e": invalid syntax'),
    ("", 'strconv.ParseFloat: parsing "": invalid syntax'),
    ("8_e-3", 'strconv.ParseFloat: parsing "8_e-3": invalid syntax'),
    ("0x_1p1", ""),
]


@pytest.mark.parametrize(("text", "problem"), DATA_URLS)
def test_data_url(text: str, problem: str | None) -> None:
    assert url_problem(text) == problem


@pytest.mark.parametrize(("text", "problem"), REQUEST_URIS)
def test_request_uri(text: str, problem: str) -> None:
    with pytest.raises(ValueError) as caught:
        parse_request_uri(text)
    assert str(caught.value) == problem


@pytest.mark.parametrize(("text", "problem"), SCHEDULES)
def test_schedule(text: str, problem: str | None) -> None:
    assert schedule_problem(text) == problem


def test_time_zone_alone_crashes_the_parser() -> None:
    with pytest.raises(WebhookPanic):
        schedule_problem("TZ=UTC")


@pytest.mark.parametrize(("text", "expected"), DURATIONS)
def test_duration(text: str, expected: int | str) -> None:
    if isinstance(expected, int):
        assert parse_duration(text) == expected
    else:
        with pytest.raises(ValueError) as caught:
            parse_duration(text)
        assert str(caught.value) == expected


@pytest.mark.parametrize(
    ("nanoseconds", "text"),
    [
        (0, "0s"),
        (1, "1ns"),
        (1500, "1.5µs"),
        (-1_500_000, "-1.5ms"),
        (10**9, "1s"),
        (-3600 * 10**9, "-1h0m0s"),
        (90 * 60 * 10**9 + 5 * 10**8, "1h30m0.5s"),
    ],
)
def test_duration_text(nanoseconds: int, text: str) -> None:
    assert duration_text(nanoseconds) == text


@pytest.mark.parametrize(("text", "problem"), FLOATS)
def test_float(text: str, problem: str) -> None:
    assert parse_float(text)[1] == problem


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (0.1, "0.1"), (1234567.0, "1.234567e+06"), (1e-5, "1e-05"), (float("inf"), ".inf"), (0.0, "0")],
)
def test_float_text(value: float, text: str) -> None:
    assert float_text(value) == text


def test_atoi() -> None:
    assert atoi("+5") == 5
    with pytest.raises(ValueError, match="value out of range"):
        atoi("9" * 20)
    with pytest.raises(ValueError, match="invalid syntax"):
        atoi("1_0")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [("a", '"a"'), ('a"b', '"a\\"b"'), ("a\nb", '"a\\nb"'), ("é", '"é"'), ("\x01", '"\\x01"'), ("\u200b", '"\\u200b"')],
)
def test_quote(text: str, quoted: str) -> None:
    assert quote(text) == quoted


def test_names() -> None:
    assert label_problems("a-b") == []
    assert label_problems("a.b") == ["must not contain dots"]
    assert len(label_problems("A" * 64)) == 2
    assert subdomain_problems("a.b") == []
    assert subdomain_problems("a..b")[0].startswith("a lowercase RFC 1123 subdomain")
