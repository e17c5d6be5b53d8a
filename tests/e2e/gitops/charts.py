"""Stand-ins for KAITO's two charts, and a chart repository that serves them on the loopback.

Owns what a chart of the tests consists of: KAITO's definitions among its templates, as the real ones have them, a
controller's Deployment, a webhook and the Secret with its certificate, whose content the controller fills in. Nothing
of KAITO's own charts is in them. Real: the archive, the index, TLS with a certificate of the moment.
"""

import base64
import hashlib
import io
import json
import ssl
import subprocess
import tarfile
import threading
from collections.abc import Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from kaitops.kaito import facts
from tests.e2e import kinds
from tests.e2e.client import Client, Object
from tests.e2e.players.player import Player

CHARTS = ("workspace", "ragengine")
_RAG = "ragengines.kaito.sh"
_BUNDLE = base64.b64encode(b"of the controller").decode()


@cache
def known() -> Mapping[str, Mapping[str, Any]]:
    """What the facts say of the charts: version, release, namespace."""
    return facts.load(kinds.KAITO_VERSION, "charts.json")["charts"]


@cache
def definitions(chart: str) -> tuple[dict[str, Any], ...]:
    """The definitions that a chart brings along."""
    found = kinds.definitions(kinds.KAITO_GROUP)
    return tuple(one for one in found if (one["metadata"]["name"] == _RAG) == (chart == "ragengine"))


def of(tree: Path) -> list[str]:
    """The charts that the tree of a cluster installs."""
    files = [path.stem for path in (tree / "operator").glob("*.yaml")]
    return [chart for chart in CHARTS if any(name.endswith(known()[chart]["release"]) for name in files)]


def deployment(chart: str) -> Object:
    """The controller of a chart."""
    labels = {"app": known()[chart]["release"]}
    pod = {"containers": [{"name": "controller", "image": f"registry.example.com/{chart}:1"}]}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": known()[chart]["release"], "namespace": known()[chart]["namespace"]},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": labels},
            "template": {"metadata": {"labels": labels}, "spec": pod},
        },
    }


def certificate(chart: str) -> Object:
    """The Secret that the controller of a chart writes its certificate into."""
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": f"{chart}-webhook-cert", "namespace": known()[chart]["namespace"]},
    }


def webhook(chart: str) -> Object:
    """The webhook of a chart; it is asked about nothing that exists, as nobody would answer."""
    service = {"name": known()[chart]["release"], "namespace": known()[chart]["namespace"]}
    rule = {"apiGroups": ["nothing.example.com"], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["*"]}
    return {
        "apiVersion": "admissionregistration.k8s.io/v1",
        "kind": "ValidatingWebhookConfiguration",
        "metadata": {"name": f"validation.{chart}.example.com"},
        "webhooks": [
            {
                "name": f"validation.{chart}.example.com",
                "admissionReviewVersions": ["v1"],
                "clientConfig": {"service": service},
                "failurePolicy": "Ignore",
                "sideEffects": "None",
                "rules": [rule],
            }
        ],
    }


def objects(chart: str) -> list[Object]:
    """Everything that a release of the chart consists of, in the order of its installation."""
    return [*definitions(chart), certificate(chart), deployment(chart), webhook(chart)]


def archive(chart: str) -> bytes:
    """The chart as Helm takes it."""
    name, version = known()[chart]["chart"], known()[chart]["version"]
    files = {"Chart.yaml": json.dumps({"apiVersion": "v2", "name": name, "version": version})}
    for number, obj in enumerate(objects(chart)):
        # A template that reads a file: the texts in a definition are not for the template engine.
        files[f"objects/{number}.json"] = json.dumps(obj)
        files[f"templates/{number}.yaml"] = f'{{{{ .Files.Get "objects/{number}.json" }}}}\n'
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as packed:
        for path, text in files.items():
            about = tarfile.TarInfo(f"{name}/{path}")
            about.size = len(text.encode())
            packed.addfile(about, io.BytesIO(text.encode()))
    return buffer.getvalue()


class Controllers(Player):
    """What KAITO's controllers do to their own charts' objects: certificate and rules of the webhook, again and again.

    Attributes:
        bundle: what they write as certificate.
    """

    def __init__(self, client: Client) -> None:
        """Prepares."""
        super().__init__(client)
        self.bundle = _BUNDLE

    def step(self) -> None:
        """Writes what is not there."""
        names = {webhook(chart)["metadata"]["name"] for chart in CHARTS}
        for obj in self.items("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"):
            (hook,) = obj["webhooks"] if obj["metadata"]["name"] in names else (None,)
            if hook and "written.example.com" not in hook["rules"][0]["apiGroups"]:
                rules = [{**hook["rules"][0], "apiGroups": ["written.example.com"]}]
                self.merge(obj, {"webhooks": [{**hook, "rules": rules}]})
        for chart in CHARTS:
            for obj in self.items("v1", "Secret"):
                ours = obj["metadata"]["name"] == certificate(chart)["metadata"]["name"]
                if ours and obj.get("data", {}).get("ca.crt") != self.bundle:
                    self.merge(obj, {"data": {"ca.crt": self.bundle}})


class ChartRepository:
    """Serves the charts by https, between `start` and `stop` or inside `with`."""

    def __init__(self, scratch: Path) -> None:
        """Starts to listen.

        Args:
            scratch: for the certificate.
        """
        self._archives = {f"{known()[chart]['chart']}-{known()[chart]['version']}.tgz": chart for chart in CHARTS}
        self._content = {name: archive(chart) for name, chart in self._archives.items()}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self_signed(scratch))
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._serving = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)

    @property
    def url(self) -> str:
        """Where the index is."""
        return f"https://127.0.0.1:{self._server.server_port}/charts"

    def __enter__(self) -> Self:
        """Starts to serve."""
        self._serving.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stops."""
        self._server.shutdown()
        self._server.server_close()

    def _index(self) -> bytes:
        entries = {
            known()[chart]["chart"]: [
                {
                    "apiVersion": "v2",
                    "name": known()[chart]["chart"],
                    "version": known()[chart]["version"],
                    "urls": [name],
                    "digest": hashlib.sha256(self._content[name]).hexdigest(),
                }
            ]
            for name, chart in self._archives.items()
        }
        return json.dumps({"apiVersion": "v1", "entries": entries}).encode()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        repository = self

        class Handler(BaseHTTPRequestHandler):
            """Answers with the index or an archive."""

            def do_GET(self) -> None:
                """Serves what the last part of the path names."""
                name = self.path.rpartition("/")[2]
                content = repository._index() if name == "index.yaml" else repository._content.get(name)
                if content is None:
                    self.send_error(404)
                    return
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
                """Says nothing: a test's output is for the test."""

        return Handler


def self_signed(scratch: Path) -> tuple[Path, Path]:
    certificate, key = scratch / "charts.crt", scratch / "charts.key"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=charts", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*command, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key
