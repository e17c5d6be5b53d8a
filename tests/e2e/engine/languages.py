"""A program in another language, with the plugin from this repository and the types that are made of it.

Owns the project: which providers it finds, how the plugin is started, what TypeScript needs to run.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml

from tests.e2e.cluster import Cluster
from tests.e2e.conftest import lacking
from tests.e2e.engine import azure, cloud
from tests.e2e.engine.project import ROOT, Project

_COMPILER = {
    "target": "es2020", "module": "commonjs", "moduleResolution": "node", "strict": True, "skipLibCheck": True,
}  # fmt: skip


class Stack:
    """A program in a language.

    Attributes:
        cloud: folder of what the stand-in for Azure holds.
    """

    def __init__(self, folder: Path, server: Cluster, runtime: str) -> None:
        _needs(*{"yaml": ("pulumi-language-yaml",), "nodejs": ("pulumi-language-nodejs", "node", "npm")}[runtime])
        self.cloud = folder / "cloud"
        # The default provider of Kubernetes takes the cluster from there, and so does the one of the stand-in.
        known = str(server.kubeconfig)
        environment = {"KUBECONFIG": known, azure.REAL: known, cloud.FOLDER: str(self.cloud)}
        self.project = Project(folder, azure=True, environment=environment)
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
        provide(self.project, "kubernetes", "pulumi-kubernetes", str(shutil.which("pulumi-resource-kubernetes")))
        provide(
            self.project,
            "azure-native",
            "pulumi-azure-native",
            str(folder / "tools" / "pulumi-resource-azure-native"),
        )
        self.declare({"name": "languages", "runtime": runtime})
        self.project.pulumi("stack", "init", "test")
        if runtime == "nodejs":
            self._typescript()
        self.project.pulumi("package", "add", str(self._plugin))
        self._head = yaml.safe_load((self.project.folder / "Pulumi.yaml").read_text())

    def declare(self, document: dict[str, Any]) -> None:
        """The project file; JSON is YAML."""
        (self.project.folder / "Pulumi.yaml").write_text(json.dumps(document))

    def resources(self, resources: dict[str, Any], **outputs: str) -> None:
        """The program in YAML."""
        self.declare({**self._head, "resources": resources, "outputs": outputs})

    def program(self, text: str) -> None:
        """The program in TypeScript."""
        (self.project.folder / "index.ts").write_text(text)

    def _typescript(self) -> None:
        folder = self.project.folder
        packages = {"name": "languages", "main": "index.ts", "dependencies": {"@pulumi/pulumi": "^3.200.0"}}
        packages["devDependencies"] = {"typescript": "^5.0.0", "@types/node": "^20"}
        (folder / "package.json").write_text(json.dumps(packages))
        (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": _COMPILER, "files": ["index.ts"]}))
        self.program("")
        installed = subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, text=True, check=False
        )
        if installed.returncode:
            lacking(f"npm cannot install the SDK for TypeScript: {installed.stderr[-200:]}", fault=False)


def provide(project: Project, name: str, package: str, program: str) -> None:
    """Put a provider where the engine looks for the version that the plugin's environment names."""
    plugin = Path(project.environment["PULUMI_HOME"]) / "plugins" / f"resource-{name}-v{version(package)}"
    plugin.mkdir(parents=True)
    (plugin / f"pulumi-resource-{name}").symlink_to(program)


def documented(language: str, space: str) -> str:
    """The block of docs/languages.md in a language, for another namespace."""
    [block] = re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs/languages.md").read_text(), re.DOTALL)
    return block.replace("namespace: models", f"namespace: {space}").replace(
        'namespace: "models"', f'namespace: "{space}"'
    )


def _needs(*programs: str) -> None:
    lost = [one for one in programs if shutil.which(one) is None]
    if lost:
        lacking(f"{', '.join(lost)} not on the PATH; put the engine's hosts of other languages there", fault=False)
