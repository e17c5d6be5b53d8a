"""``kaitops prices record`` against a server of ours that answers as the two public lists do, and one that lies."""

import gzip
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from kaitops.cost import retail
from tests.conftest import ROOT, Run

SIZE = "Standard_NC24ads_A100_v4"
Answer = Callable[[BaseHTTPRequestHandler, str], None]


def row(price: Any = 3.2, **other: Any) -> dict[str, Any]:
    return {
        "currencyCode": "USD", "tierMinimumUnits": 0.0, "retailPrice": price, "unitPrice": price,
        "armRegionName": "westeurope", "location": "EU West", "effectiveStartDate": "2026-01-01T00:00:00Z",
        "meterName": "NC24ads A100 v4", "productName": "Virtual Machines NCads A100 v4 Series", "skuName": "NC24ads A100 v4",
        "serviceName": "Virtual Machines", "unitOfMeasure": "1 Hour", "type": "Consumption",
        "isPrimaryMeterRegion": True, "armSkuName": SIZE, **other,
    }  # fmt: skip


def page(*rows: Any, link: str | None = None, **other: Any) -> bytes:
    return json.dumps({
        "BillingCurrency": "USD", "CustomerEntityId": "Default", "CustomerEntityType": "Retail", "Items": list(rows),
        "NextPageLink": link, "Count": len(rows), **other,
    }).encode()  # fmt: skip


def told(body: bytes, code: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _base: str) -> None:
        handler.send_response(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


class Server:
    """Answers as it is told, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answer: Answer = told(b"")
        self.asked: list[str] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked.append(self.path)
                try:
                    outer.answer(self, outer.base)
                except (BrokenPipeError, ConnectionResetError):
                    return

            def log_message(self, *_args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    found = Server()
    yield found
    found.close()


def record(run: Run, server: Server, *more: str, code: int | None = 0):
    arguments = ("--region", "westeurope", "--size", SIZE, "--host", server.base, "--seconds", "3")
    return run("prices", "record", *arguments, *more, code=code)


def test_prices_are_asked_page_by_page_and_used(run: Run, server: Server, fleet: Path, tmp_path: Path) -> None:
    first = page(
        row(9.9, effectiveStartDate="2025-01-01T00:00:00Z"), row(3.25), row(5.0, productName="Virtual Machines NCads Series Windows"),
        row(0.1, skuName="NC24ads A100 v4 Low Priority"), row(2.0, type="DevTestConsumption"), row(7.7, isPrimaryMeterRegion=False),
        row(0.1, meterName="NC24ads A100 v4 Low Priority"), row(5.0, productName="Virtual Machines NCads Windows Series"),
        row(1.1, effectiveStartDate="2126-01-01T00:00:00Z"), row(1.2, effectiveStartDate="2026-02-01", effectiveEndDate="2026-03-01"),
        row(0.2, tierMinimumUnits=1000.0),
        row(5.0, meterName="NC24ads A100 v4 Windows"), row(5.0, productName="Virtual Machines NCads Series windows"),
        row(0.1, skuName="NC24ads A100 v4 low priority"), row(900.0, type="Reservation", reservationTerm="1 Year"),
        link=f"{server.base}/api/retail/prices?$skip=100",
    )  # fmt: skip
    second = page(row(0.8125, skuName="NC24ads A100 v4 Spot"))
    server.answer = lambda handler, base: told(second if "skip" in handler.path else first)(handler, base)
    done = record(run, server, "--out", "p.json")
    assert done.stdout.startswith("p.json: 1 price of ")
    assert " in USD; use it with --prices p.json\n" in done.stdout
    asked = parse_qs(urlsplit(server.asked[0]).query)
    assert asked["currencyCode"] == ["'USD'"]
    assert asked["$filter"] == [
        "serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and "
        f"armSkuName eq '{SIZE}' and armRegionName eq 'westeurope'"
    ]
    held = json.loads((tmp_path / "p.json").read_text())
    assert held["prices"] == {SIZE: {"westeurope": [3.25, 0.8125, 0]}}
    assert held["sources"][0]["on_demand"] == "Azure Retail Prices"

    fit = json.loads(
        run("fit", "phi-4", "--gpu", SIZE, "--region", "westeurope", "--prices", "p.json", "-o", "json", code=0).stdout
    )
    assert fit[0]["usd_per_hour"] == 3.25
    assert run("cost", "--prices", "p.json", code=0).stdout.count("3.25") == 2
    assert "4.78" in run("cost", code=0).stdout, "the next command has our own prices again"


def test_what_the_file_held_stays(run: Run, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "prices-azure.json"
    path.write_text(
        '{"currency": "USD", "date": "2026-05-01", "prices": {"Standard_NC6s_v3": {"eastus": 1.5}, "'
        + SIZE
        + '": {"westeurope": 2, "eastus": 2.5}}}'
    )
    server.answer = told(page(row(3.25)))
    record(run, server)
    record(run, server)
    held = json.loads(path.read_text())
    assert held["prices"]["Standard_NC6s_v3"] == {"eastus": [1.5, None, 0]}
    assert held["prices"][SIZE] == {"eastus": [2.5, None, 0], "westeurope": [3.25, None, 1]}
    assert [one["date"] is not None for one in held["sources"]] == [True, True]


def endless(handler: BaseHTTPRequestHandler, base: str) -> None:
    number = len(handler.path)
    told(page(row(), link=f"{base}/api/retail/prices?$skip={'1' * (number + 1)}"[:2000]))(handler, base)


def slow(handler: BaseHTTPRequestHandler, base: str) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    for _ in range(60):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(0.1)


def truncated(handler: BaseHTTPRequestHandler, base: str) -> None:
    body = page(row())
    told(body[:-20], Content_Length=str(len(body)))(handler, base)


def huge(handler: BaseHTTPRequestHandler, base: str) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(20):
        handler.wfile.write(b" " * 1024 * 1024)


HOSTILE: dict[str, tuple[Answer, str]] = {
    "endless": (endless, "more than 40 pages, so it may never end"),
    "circle": (lambda handler, base: told(page(row(), link=f"{base}{handler.path}"))(handler, base), "the next page is one that was read"),
    "page-elsewhere": (told(page(row(), link="http://127.0.0.2:1/x")), "the next page is said to be on another server"),
    "page-nonsense": (told(page(row(), link="http://[::1/x")), "the next page is said to be on another server"),
    "redirect": (told(b"", 302, Location="http://127.0.0.2:1/x"), "it leads to another server, 127.0.0.2, which nobody named"),
    "huge": (huge, "more than 8388608 bytes"),
    "slow": (slow, "no whole answer in 3 s"),
    "truncated": (truncated, "the answer is not JSON"),
    "html": (told(b"<html><body>Sign in</body></html>"), "the answer is not JSON"),
    "deep": (told(b"[" * 100_000), "the answer is not JSON"),
    "error": (told(b"{}", 503), "the server answered 503"),
    "list": (told(b"[]"), "is no page of prices in USD"),
    "currency-of-page": (told(page(row(), BillingCurrency="EUR")), "is no page of prices in USD"),
    "currency-of-row": (told(page(row(currencyCode="EUR"))), "a price in EUR, not in USD"),
    "negative": (told(page(row(-3.2))), "-3.2 is no price"),
    "zero": (told(page(row(0.0))), "0.0 is no price"),
    "nan": (told(page(row(float("nan")))), "nan is no price"),
    "infinite": (told(page(row(float("inf")))), "inf is no price"),
    "text": (told(page(row("3.2"))), "a str is no price"),
    "truth": (told(page(row(True))), "True is no price"),
    "duplicate": (told(page(row(3.2), row(3.3))), "two prices in westeurope, 3.2 and 3.3"),
    "region": (told(page(row(armRegionName="eastus"))), f"a price of {SIZE} in eastus, which nobody asked for"),
    "size": (told(page(row(armSkuName="Standard_D2"))), "a price of Standard_D2 in westeurope, which nobody asked for"),
    "unit": (told(page(row(unitOfMeasure="1 Month"))), "a price for '1 Month', not for an hour"),
    "items": (told(page(Items={"a": 1})), "is no page of prices in USD"),
    "row": (told(page("x")), "does not say what it is the price of"),
    "service": (told(page(row(serviceName="Cloud Services"))), "a price of 'Cloud Services', not of Virtual Machines"),
    "day of a number": (told(page(row(effectiveStartDate=20260101))), "'20260101' in the answer is no day"),
    "day": (told(page(row(effectiveStartDate="zzzz"))), "'zzzz' in the answer is no day"),
    "spot": (told(page(row(), row(32.0, skuName="NC24ads A100 v4 Spot"))), "32.0 for Spot and 3.2 on demand, which is less"),
    "packed": (told(gzip.compress(page(row())), Content_Encoding="gzip"), "the answer is not JSON"),
    "bomb": (told(gzip.compress(b" " * 50_000_000), Content_Encoding="gzip"), "the answer is not JSON"),
    "nothing": (told(b""), "the answer is not JSON"),
    "busy": (told(b"", 429, Retry_After="86400"), "answered 429, and asks to wait 86400 s; try again later"),
    "busy for ever": (told(b"", 429, Retry_After="0"), "answered 429, and asks to wait 0 s; try again later"),
    "busy until a day": (told(b"", 503, Retry_After="Fri, 31 Dec 2126 23:59:59 GMT"), "the server answered 503;"),
    "busy, hostile": (told(b"", 429, Retry_After="-1"), "the server answered 429;"),
    "circle of redirects": (lambda handler, base: told(b"", 302, Location=f"{base}{handler.path}")(handler, base), "the server answered 302"),
    "redirect to a file": (told(b"", 302, Location="file:///etc/passwd"), "the server answered 302"),
    "page over http": (told(page(row(), link="ftp://127.0.0.1/x")), "the next page is said to be on another server"),
    "number": (told(page(row()).replace(b'"retailPrice": 3.2', b'"retailPrice": 1' + b"0" * 5000)), "the answer is not JSON"),
    "price too high": (told(page(row(1e9))), "1000000000.0 is no price"),
}  # fmt: skip


@pytest.mark.sampled(10)
@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_be_believed_changes_nothing(run: Run, server: Server, tmp_path: Path, name: str) -> None:
    path = tmp_path / "prices-azure.json"
    path.write_text(before := '{"currency": "USD", "prices": {"' + SIZE + '": {"westeurope": 2}}}')
    server.answer, text = HOSTILE[name]
    done = record(run, server, code=3)
    assert text in done.stderr
    assert "nothing was written, and prices-azure.json is as it was" in done.stderr
    assert path.read_text() == before
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_server_that_is_not_heard_is_not_said_to_lie(run: Run, tmp_path: Path) -> None:
    done = run("prices", "record", "--region", "westeurope", "--size", SIZE, "--host", "http://127.0.0.1:1", code=3)
    assert done.stderr.startswith("kaitops: 127.0.0.1 gives no whole answer: ")
    assert "nothing was written, and prices-azure.json is as it was; see that this machine reaches it" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_server_that_is_busy_is_asked_again(run: Run, server: Server) -> None:
    """Azure's list turns down who asks often, as all sizes of a few regions do."""

    def answer(handler: BaseHTTPRequestHandler, base: str) -> None:
        busy = len(server.asked) < 3
        (told(b"", 429, Retry_After="0") if busy else told(page(row())))(handler, base)

    server.answer = answer
    record(run, server)
    assert len(server.asked) == 3


def test_the_next_page_may_name_the_port_that_is_meant_anyway() -> None:
    """As Azure's links do."""
    pages = iter([page(row(), link=f"{retail.HOST}:443/api/retail/prices?$skip=1000"), page()])
    found = retail.rows(retail.HOST, SIZE, "westeurope", date(2026, 11, 29), lambda _: json.loads(next(pages)))
    assert found == {"westeurope": [3.2, None]}


def test_a_price_on_demand_is_not_lost_to_one_of_spot_alone(run: Run, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "prices-azure.json"
    path.write_text('{"currency": "USD", "prices": {"' + SIZE + '": {"westeurope": 2}}}')
    server.answer = told(page(row(0.8, skuName="NC24ads A100 v4 Spot")))
    record(run, server)
    assert json.loads(path.read_text())["prices"][SIZE]["westeurope"][0] == 2


def test_a_region_is_asked_as_azure_writes_it(run: Run, server: Server) -> None:
    server.answer = told(page(row()))
    run("prices", "record", "--region", "WestEurope", "--size", SIZE, "--host", server.base, code=0)
    assert "armRegionName eq 'westeurope'" in parse_qs(urlsplit(server.asked[0]).query)["$filter"][0]


def amazon(price: str = "5.67", **other: Any) -> dict[str, Any]:
    plain = {"instanceType": "g5.12xlarge", "regionCode": "eu-west-1", "operatingSystem": "Linux", "tenancy": "Shared",
             "preInstalledSw": "NA", "capacitystatus": "Used"}  # fmt: skip
    products = {
        "A": {"sku": "A", "productFamily": "Compute Instance", "attributes": plain},
        "B": {"sku": "B", "attributes": {**plain, "operatingSystem": "Windows"}},
        "C": {"sku": "C", "attributes": {**plain, "instanceType": "m5.large"}},
    }
    terms = {
        sku: {f"{sku}.T": {"priceDimensions": {f"{sku}.T.R": {"unit": "Hrs", "pricePerUnit": {"USD": cost}}}}}
        for sku, cost in (("A", price), ("B", "9.99"), ("C", "0.1"))
    }
    return {
        "formatVersion": "v1.0", "offerCode": "AmazonEC2", "version": "20261101", "publicationDate": "2026-11-01T00:00:00Z",
        "products": products, "terms": {"OnDemand": terms, "Reserved": {"A": {}}}, **other,
    }  # fmt: skip


AWS = ("--cloud", "aws", "--region", "eu-west-1", "--size", "g5.12xlarge", "--seconds", "5")


def test_the_list_of_aws_is_read_member_by_member(run: Run, server: Server, tmp_path: Path) -> None:
    server.answer = told(json.dumps(amazon(), indent=2).encode())
    assert "1 price of 2026-11-01 in USD" in run("prices", "record", *AWS, "--host", server.base, code=0).stdout
    assert server.asked == ["/offers/v1.0/aws/AmazonEC2/current/eu-west-1/index.json"]
    held = json.loads((tmp_path / "prices-aws.json").read_text())
    assert held["prices"] == {"g5.12xlarge": {"eu-west-1": [5.67, None, 0]}}
    assert held["sources"] == [{"on_demand": "AWS price list of AmazonEC2", "date": "2026-11-01"}]


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("document", "text"),
    [
        (json.dumps(amazon("-1")), "-1.0 is no price"),
        (json.dumps(amazon("0")), "0.0 is no price"),
        (json.dumps(amazon("NaN")), "nan is no price"),
        (json.dumps(amazon("much")), "no whole price list"),
        (json.dumps(amazon())[:-30], "no whole price list"),
        (json.dumps(amazon()) + "x", "no whole price list"),
        (json.dumps(amazon(offerCode="AmazonS3")), "not of machines"),
        (json.dumps(amazon(publicationDate="some day")), "no whole price list"),
        (json.dumps(amazon(publicationDate=None)), "no whole price list"),
        (json.dumps(amazon("1e400")), "inf is no price"),
        (json.dumps(amazon(terms={})), "no terms on demand"),
        (json.dumps(amazon()).replace('"USD"', '"CNY"'), "a price in CNY, not in USD"),
        (json.dumps(amazon()).replace("eu-west-1", "us-east-1"), "machines of us-east-1"),
        (json.dumps(amazon()).replace('"Hrs"', '"Quantity"'), "no one price for an hour"),
        ("<html></html>", "no whole price list"),
        ("", "no whole price list"),
        ("[]", "no whole price list"),
    ],
)
def test_a_list_of_aws_that_cannot_be_believed(
    run: Run, server: Server, tmp_path: Path, document: str, text: str
) -> None:
    server.answer = told(document.encode())
    assert text in run("prices", "record", *AWS, "--host", server.base, code=3).stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no mapping 'prices'"),
        ("prices: {a: {b: 1}}", "currency: is 'None'"),
        ("currency: EUR\nprices: {a: {b: 1}}", "currency: is 'EUR', and amounts are compared with tables and budgets in USD"),
        ("currency: USD\nunit: month\nprices: {a: {b: 1}}", "unit: is 'month'"),
        ("currency: USD\ncloud: gcp\nprices: {a: {b: 1}}", "cloud: 'gcp' is none of"),
        ("currency: USD\nprices: {a: {b: 0}}", "prices.a.b: 0 is no price"),
        ("currency: USD\nprices: {a: {b: .nan}}", "prices.a.b: nan is no price"),
        ("currency: USD\nprices: {a: {b: '1'}}", "prices.a.b: a str is no price"),
        ("currency: USD\nprices: {a: 1}", "prices.a: is no mapping of regions"),
        ("currency: USD\nprices: {a: {b: [1, 2, 0]}}", "is no row"),
        ("currency: USD\ndate: soon\nprices: {a: {b: 1}}", "date: is no source"),
        (f"currency: USD\nprices: {{{SIZE[9:]}: {{westeurope: 1}}}}", f"no size is called '{SIZE[9:]}', so its price would count for nothing; write {SIZE}"),
        (f"currency: USD\nprices: {{{SIZE.lower()}: {{westeurope: 1}}}}", f"write {SIZE} if that is meant"),
        (f"currency: USD\nprices: {{{SIZE[:-3]}: {{westeurope: 1}}}}", f"write {SIZE} if that is meant"),
        (f"currency: USD\nprices: {{Standrad{SIZE[8:]}: {{westeurope: 1}}}}", f"write {SIZE} if that is meant"),
        (f"currency: USD\nprices: {{{SIZE}: {{westeurop: 1}}}}", f"prices.{SIZE}: no region is called 'westeurop', so"),
        (f"currency: USD\nprices: {{{SIZE}: {{WestEurope: 1}}}}", "write westeurope if that is meant"),
        ("currency: USD\nprise: 1\nprices: {a: {b: 1}}", "'prise' is no key of a price file"),
    ],
)  # fmt: skip
def test_a_price_file_that_is_none_is_refused(run: Run, fleet: Path, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "p.yaml").write_text(text)
    run("render", code=0)
    for command in (("fit", "phi-4"), ("cost",), ("gate", "manifests", "--no-checkov")):
        done = run(*command, "--prices", "p.yaml", code=2)
        assert said in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("size", "region"),
    [
        ("Standard_NC24ads_A100_v9", "westeurope"), ("Standard_D16ds_v5", "westeurope"), ("Standard_ND96is_H100_v5", "eastus9"),
        ("Standard_NC6", "moonbase"), ("own-machine", "cellar"),
    ],
)  # fmt: skip
def test_a_size_or_region_that_is_new_may_have_a_price(
    run: Run, fleet: Path, tmp_path: Path, size: str, region: str
) -> None:
    (tmp_path / "p.yaml").write_text(f"currency: USD\nprices: {{{size}: {{{region}: 1}}}}\n")
    run("cost", "--prices", "p.yaml", code=0)


def test_the_gate_takes_the_prices_that_are_named(run: Run, fleet: Path, tmp_path: Path) -> None:
    run("render", code=0)
    (tmp_path / "p.yaml").write_text(f"currency: USD\ndate: '2026-05-20'\nprices: {{{SIZE}: {{westeurope: 0.01}}}}\n")
    (tmp_path / "budget.yaml").write_text("total: 100\n")
    arguments = ("gate", "manifests", "--no-checkov", "--budget", "budget.yaml")
    over = run(*arguments, code=1)
    assert "over the budget of 100" in over.stdout
    assert over.stderr.count("'kaitops prices record' asks for those of today") == 1
    assert "PRICE-AGE" not in over.stdout
    within = run(*arguments, "--prices", "p.yaml", code=0)
    assert "kaitops prices record" not in within.stderr


def test_what_is_asked_wrongly(run: Run, server: Server, tmp_path: Path) -> None:
    assert "is no name of a region" in run("prices", "record", "--region", "west europe", code=2).stderr
    assert (
        "nearest: "
        in run("prices", "record", "--region", "westeurope", "--size", "Standard_NC24ads_A100", code=2).stderr
    )
    server.answer = told(page())
    assert "has no price of 1 size in westeurope" in record(run, server, code=1).stderr
    (tmp_path / "prices-azure.json").write_text('{"cloud": "aws", "currency": "USD", "prices": {"a": {"b": 1}}}')
    assert "holds prices of aws" in record(run, server, code=2).stderr


def test_the_page_of_prices_works(run: Run, server: Server, fleet: Path, tmp_path: Path) -> None:
    page_text = (ROOT / "docs" / "prices.md").read_text()
    own = re.findall(r"```yaml\n(.*?)```", page_text, flags=re.DOTALL)
    (tmp_path / "own.yaml").write_text(own[0])
    (tmp_path / "budget.yaml").write_text("total: 10000\n")
    run("render", code=0)

    def answer(handler: BaseHTTPRequestHandler, base: str) -> None:
        if handler.path.startswith("/offers"):
            told(json.dumps(amazon()).encode())(handler, base)
            return
        asked = parse_qs(urlsplit(handler.path).query)["$filter"][0]
        size, region = re.findall("(?:armSkuName|armRegionName) eq '(.*?)'", asked)
        told(page(row(armSkuName=size, armRegionName=region)))(handler, base)

    server.answer = answer
    for block in re.findall(r"```sh\n(.*?)```", page_text, flags=re.DOTALL):
        for command in block.splitlines():
            words = command.split()[1:]
            run(*words, *(("--host", server.base) if words[0] == "prices" else ()), code=0)
    assert json.loads((tmp_path / "prices.json").read_text())["prices"][SIZE]["swedencentral"] == [3.2, None, 0]
    assert "2.90" in run("cost", "--prices", "own.yaml", code=0).stdout
