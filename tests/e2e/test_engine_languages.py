"""Programs in other languages with the plugin, by the real engine: YAML and TypeScript, on a real API server.

Each needs the engine's host of the language; a machine without it skips by name.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.cluster import Cluster
from tests.e2e.conftest import lacking
from tests.e2e.engine.project import ROOT, Project, engine

__all__ = ["engine"]

SPACE = "engine-languages"
A100 = "Standard_NC24ads_A100_v4"
NODES = {"instanceType": A100, "labelSelector": {"matchLabels": {"apps": "phi"}}, "count": 1}
SPECS: dict[str, dict[str, Any]] = {
    "Workspace": {"resource": NODES, "inference": {"preset": {"name": "phi-4-mini-instruct", "accessMode": "public"}}},
    "InferenceSet": {
        "spec": {
            "replicas": 2,
            "labelSelector": {"matchLabels": {"apps": "phi"}},
            "template": {"resource": {"instanceType": A100}, "inference": {"preset": {"name": "phi-4-mini-instruct"}}},
        }
    },
    "RAGEngine": {
        "spec": {
            "compute": NODES,
            "embedding": {"local": {"modelID": "BAAI/bge-small-en-v1.5"}},
            "inferenceService": {"url": "http://phi.models/v1/completions", "contextWindowSize": 4096},
        }
    },
}
TYPESCRIPT = """
import * as pulumi from "@pulumi/pulumi";
import * as kaitops from "@pulumi/kaitops";

const nodes = { instanceType: "SIZE", labelSelector: { matchLabels: { apps: "phi" } }, count: 1 };
const made = new kaitops.Workspace("phi", {
    metadata: { name: "phi", namespace: "SPACE" },
    resource: nodes,
    inference: { preset: { name: "PRESET", accessMode: kaitops.AccessMode.PUBLIC } },
});
PAGE
export const name = made.name;
"""


class Stack:
    """A program in a language, with the plugin from this repository."""

    def __init__(self, folder: Path, server: Cluster, runtime: str) -> None:
        # The default provider of Kubernetes takes the cluster from there.
        self.project = Project(folder, environment={"KUBECONFIG": str(server.kubeconfig)})
        # Types are installed like any other package of the language.
        for key in ("npm_config_cache", "NODE_PATH"):
            if key in os.environ:
                self.project.environment[key] = os.environ[key]
        self.client = server.client()
        self._plugin = folder / "kaitops"
        self._plugin.mkdir()
        shutil.copy(ROOT / "provider/__main__.py", self._plugin)
        options = {"virtualenv": str(Path(sys.executable).parent.parent)}
        (self._plugin / "PulumiPlugin.yaml").write_text(json.dumps({"runtime": {"name": "python", "options": options}}))
        self._provide("kubernetes", "pulumi-kubernetes", str(shutil.which("pulumi-resource-kubernetes")))
        # Named by the plugin's environment, and started by nobody here.
        self._provide("azure-native", "pulumi-azure-native", str(shutil.which("pulumi-resource-kubernetes")))
        self.declare({"name": "languages", "runtime": runtime})
        self.project.pulumi("stack", "init", "test")

    def _provide(self, name: str, package: str, program: str) -> None:
        from importlib.metadata import version

        plugin = Path(self.project.environment["PULUMI_HOME"]) / "plugins" / f"resource-{name}-v{version(package)}"
        plugin.mkdir(parents=True)
        (plugin / f"pulumi-resource-{name}").symlink_to(program)

    def declare(self, document: dict[str, Any]) -> None:
        """The project file; JSON is YAML."""
        (self.project.folder / "Pulumi.yaml").write_text(json.dumps(document))

    def add(self) -> None:
        """Make the types of the plugin for the program."""
        self.project.pulumi("package", "add", str(self._plugin))


def _needs(*programs: str) -> None:
    lost = [one for one in programs if shutil.which(one) is None]
    if lost:
        lacking(f"{', '.join(lost)} not on the PATH; put the engine's hosts of other languages there", fault=False)


@pytest.fixture
def stack(
    engine: None, api_server: Cluster, install: Callable[[list[str]], None], tmp_path: Path
) -> Iterator[Callable[[str], Stack]]:
    install(["kaito.sh", "karpenter.sh"])
    made: list[Stack] = []

    def make(runtime: str) -> Stack:
        one = Stack(tmp_path, api_server, runtime)
        made.append(one)
        space = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": SPACE}}
        one.client.apply(space)
        return one

    yield make
    for one in made:
        one.project.run("destroy")
        one.client.close()


def test_a_program_in_yaml_comes_up_stays_and_is_refused_at_the_input(stack: Callable[[str], Stack]) -> None:
    _needs("pulumi-language-yaml")
    made = stack("yaml")
    made.add()
    head = yaml.safe_load((made.project.folder / "Pulumi.yaml").read_text())
    resources = {
        kind.lower(): {
            "type": f"kaitops:index:{kind}",
            "properties": {"metadata": {"name": kind.lower(), "namespace": SPACE}, **properties},
        }
        for kind, properties in SPECS.items()
    }
    documents = yaml.safe_load(documented("yaml"))["resources"]
    made.declare({**head, "resources": {**resources, **documents}})
    up = made.project.run("up")
    assert {step.type.rpartition(":")[2] for step in up.steps if step.type.startswith("kubernetes:kaito.sh")} == set(
        SPECS
    )
    assert made.project.run("preview").steps == []
    found = made.client.get("kaito.sh/v1beta1", "InferenceSet", "inferenceset", SPACE)
    assert found["spec"]["replicas"] == 2 and isinstance(found["spec"]["replicas"], int)
    resources["workspace"]["properties"]["inference"] = {"preset": {"name": "phi-9"}}
    made.declare({**head, "resources": resources})
    refused = made.project.run("preview", code=1)
    assert "phi-9" in refused.text and "inference.preset" in refused.text
    assert "Traceback" not in refused.text
    resources["workspace"]["properties"] = {**SPECS["Workspace"], "metadata": {"name": "workspace", "namespace": SPACE}}
    made.declare({**head, "resources": resources})


def test_a_program_in_typescript_comes_up_stays_and_is_refused_at_the_input(stack: Callable[[str], Stack]) -> None:
    _needs("pulumi-language-nodejs", "node", "npm")
    made = stack("nodejs")
    folder = made.project.folder
    packages = {"name": "languages", "main": "index.ts", "dependencies": {"@pulumi/pulumi": "^3.200.0"}}
    packages["devDependencies"] = {"typescript": "^5.0.0", "@types/node": "^20"}
    (folder / "package.json").write_text(json.dumps(packages))
    options = {
        "target": "es2020",
        "module": "commonjs",
        "moduleResolution": "node",
        "strict": True,
        "skipLibCheck": True,
    }
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["index.ts"]}))
    (folder / "index.ts").write_text("")
    installed = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
    )
    if installed.returncode:
        lacking(f"npm cannot install the SDK for TypeScript: {installed.stderr[-200:]}", fault=False)
    made.add()
    page = documented("typescript").partition("\n")[2]
    program = TYPESCRIPT.replace("SIZE", A100).replace("PAGE", page).replace("SPACE", SPACE)
    (folder / "index.ts").write_text(program.replace("PRESET", "phi-4-mini-instruct"))
    up = made.project.run("up")
    kinds = {step.type.rpartition(":")[2] for step in up.steps if step.type.startswith("kubernetes:kaito.sh")}
    assert kinds == {"Workspace", "InferenceSet"}
    assert made.project.run("preview").steps == []
    assert json.loads(made.project.pulumi("stack", "output", "--json")) == {"name": "phi"}
    (folder / "index.ts").write_text(program.replace("PRESET", "phi-9"))
    refused = made.project.run("preview", code=1)
    assert "phi-9" in refused.text and "inference.preset" in refused.text
    # What has no such type does not get as far as the plugin.
    (folder / "index.ts").write_text(program.replace("instanceType:", "instancetype:"))
    assert "instancetype" in made.project.run("preview", code=1).text
    (folder / "index.ts").write_text(program.replace("PRESET", "phi-4-mini-instruct"))


def documented(language: str) -> str:
    """The block of docs/languages.md in a language, for the namespace of these tests."""
    [block] = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/languages.md").read_text(), re.DOTALL)
    return block.replace("namespace: models", f"namespace: {SPACE}").replace(
        'namespace: "models"', 'namespace: "SPACE"'
    )
