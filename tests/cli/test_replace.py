"""``kaitops replace``: three steps, each an edit of the fleet that a render keeps, and who must move is named."""

from pathlib import Path

import pytest
import yaml

from tests.conftest import FLEET, Run

WITH_ROUTE = FLEET.replace(
    "    context: 16384\n",
    "    context: 16384   # agreed\n    route: {gateway: edge, hosts: [phi.example.com]}\n",
) + """\
rag:
  handbook:
    embedding: {model: BAAI/bge-small-en-v1.5}
    llm: {model: phi-4-mini, contextWindow: 16384}
    storage: {claim: handbook-index, mountPath: /mnt/index}
"""  # fmt: skip
CLIENTS = """\
# http://phi-4-mini.models/v1 in a comment is nobody's address
apiVersion: v1
kind: ConfigMap
metadata: {name: chat, namespace: web}
data:
  url: http://phi-4-mini.models.svc.cluster.local/v1
  other: http://phi-4-mini-2.models/v1
  near: http://phi-4-mini/v1
  app.yaml: |
    model:
      base: "http://phi-4-mini.models:80/v1"
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: bot, namespace: models}
spec:
  template:
    spec:
      containers:
      - name: bot
        env: [{name: OPENAI_BASE_URL, value: "http://phi-4-mini/v1"}, {name: NOT, value: phi-4-mini}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: own, namespace: web}
spec:
  rules:
  - backendRefs:
    - {name: phi-4-mini, namespace: models, port: 80}
    - {name: phi-4-mini, port: 80}
"""


def machines(path: Path) -> dict[str, str]:
    return {
        found["metadata"]["name"]: found["resource"]["instanceType"]
        for file in path.rglob("workspace-*.yaml")
        for found in [yaml.safe_load(file.read_text())]
    }


@pytest.mark.parametrize(
    ("name", "preset", "second"),
    [
        ("phi-4", "phi-4", "phi-4-2"),
        ("phi-4-2", "phi-4", "phi-4-3"),
        ("team-phi-4", "microsoft/phi-4", "team-phi-4-2"),
        ("chat", "phi-4", "chat-2"),
        ("chat-2", "phi-4", "chat-3"),
    ],
)
def test_the_number_of_a_model_is_not_one_of_its_replacements(
    run: Run, fleet: Path, name: str, preset: str, second: str
) -> None:
    head = "kaito: 0.12.0\nclusters: {dev: {region: westeurope, provisioner: karpenter}}\n"
    fleet.write_text(f"{head}models:\n  {name}: {{preset: {preset}, gpu: Standard_NC24ads_A100_v4, context: 8192}}\n")
    done = run("replace", name, "--gpu", "Standard_NC40ads_H100_v5", "--dry-run", code=0)
    assert done.stdout.startswith(f"step 1 of 3: {second} beside {name};")


def test_three_steps_that_survive_a_render(run: Run, fleet: Path, tmp_path: Path) -> None:
    fleet.write_text(WITH_ROUTE)
    run("render", code=0)
    first = run("replace", "phi-4-mini", "--gpu", "Standard_NC40ads_H100_v5", code=0)
    assert first.stdout.startswith("step 1 of 3: phi-4-mini-2 beside phi-4-mini; both run, and cost, until step 3\n")
    assert "models.phi-4-mini-2 on prod-weu: 1 x Standard_NC40ads_H100_v5" in first.stdout
    assert first.stderr.endswith("kaitops replace phi-4-mini --to phi-4-mini-2 --move\n")
    both = {"phi-4-mini": "Standard_NC24ads_A100_v4", "phi-4-mini-2": "Standard_NC40ads_H100_v5"}
    for _ in range(2):
        assert machines(tmp_path / "manifests") == both
        run("render", code=0)
    assert "route" not in yaml.safe_load(fleet.read_text())["models"]["phi-4-mini-2"]

    refused = run("replace", "phi-4-mini", "--to", "phi-4-mini-2", "--finish", code=1)
    assert "rag.handbook.llm.model: still leads to phi-4-mini" in refused.stderr
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps" / "web.yaml").write_text(CLIENTS)
    second = run("replace", "phi-4-mini", "--to", "phi-4-mini-2", "--move", code=0)
    by_hand = [line.partition(": ")[2] for line in second.stdout.splitlines() if line.startswith("to be moved by hand")]
    assert by_hand == [
        "apps/web.yaml:6: ConfigMap web/chat: data.url: http://phi-4-mini.models.svc.cluster.local/v1",
        'apps/web.yaml:9: ConfigMap web/chat: data.app.yaml: base: "http://phi-4-mini.models:80/v1"',
        "apps/web.yaml:21: Deployment models/bot: spec.template.spec.containers[0].env[0].value: http://phi-4-mini/v1",
        "apps/web.yaml:29: HTTPRoute web/own: spec.rules[0].backendRefs[0].name: phi-4-mini",
    ]
    after = yaml.safe_load(fleet.read_text())
    assert after["rag"]["handbook"]["llm"]["model"] == "phi-4-mini-2"
    assert after["models"]["phi-4-mini-2"]["route"] == {"gateway": "edge", "hosts": ["phi.example.com"]}
    assert "route" not in after["models"]["phi-4-mini"]
    assert machines(tmp_path / "manifests") == both

    refused = run("replace", "phi-4-mini", "--to", "phi-4-mini-2", "--finish", code=1)
    assert refused.stderr.count("still calls phi-4-mini, whose Service would be gone") == 4
    (tmp_path / "apps" / "web.yaml").write_text(CLIENTS.replace("phi-4-mini.models", "phi-4-mini-2.models"))
    run("replace", "phi-4-mini", "--to", "phi-4-mini-2", "--finish", code=1)
    run("replace", "phi-4-mini", "--to", "phi-4-mini-2", "--finish", "--anyway", code=0)
    assert machines(tmp_path / "manifests") == {"phi-4-mini-2": "Standard_NC40ads_H100_v5"}
    assert list(yaml.safe_load(fleet.read_text())["models"]) == ["phi-4-mini-2"]
    again = run("replace", "phi-4-mini-2", "--gpu", "auto", "--dry-run", code=0)
    assert "step 1 of 3: phi-4-mini-3 beside phi-4-mini-2" in again.stdout


def test_what_a_cluster_says_of_it_is_said_of_the_second(run: Run, fleet: Path) -> None:
    patch = "    models:\n      phi-4-mini: {gpu: Standard_NC40ads_H100_v5, context: 8192}\n"
    fleet.write_text(FLEET.replace("    gitops: none\n", "    gitops: none\n" + patch))
    run("replace", "phi-4-mini", "--gpu", "Standard_NC24ads_A100_v4", "--context", "4k", "--to", "phi-b", code=0)
    after = yaml.safe_load(fleet.read_text())
    assert after["models"]["phi-b"] == {
        "preset": "phi-4-mini-instruct", "gpu": "Standard_NC24ads_A100_v4", "context": 4096,
    }  # fmt: skip
    assert list(after["clusters"]["prod-weu"]["models"]) == ["phi-4-mini"]
    run("replace", "phi-4-mini", "--to", "phi-b", "--finish", code=0)
    assert "models" not in yaml.safe_load(fleet.read_text())["clusters"]["prod-weu"]


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (("phi-4-min", "--gpu", "auto"), 2, "the fleet has no model 'phi-4-min', so nothing is replaced; did you mean"),
        (("phi-4-mini",), 2, "nothing would be different"),
        (("phi-4-mini", "--gpu", "auto", "--to", "phi-4-mini"), 2, "is there already and was left as it is"),
        (("phi-4-mini", "--gpu", "Standard_NC24ads"), 2, "nearest: "),
        (("phi-4-mini", "--preset", "phi-5"), 2, "no model 'phi-5'"),
        (("phi-4-mini", "--context", "x"), 2, "'x' is no number of tokens"),
        (("phi-4-mini", "--move"), 2, "name the model that takes the place of phi-4-mini"),
        (("phi-4-mini", "--to", "none", "--finish"), 2, "name the model that takes the place of phi-4-mini"),
        (("phi-4-mini", "--to", "phi-4-mini", "--finish"), 2, "name the model that takes the place of phi-4-mini"),
        (("phi-4-mini", "--gpu", "auto", "--move", "--to", "x"), 2, "the second model is there already"),
        (("phi-4-mini", "--preset", "deepseek-v3-0324", "--gpu", "Standard_NV36ads_A10_v5"), 1, "cheapest that fits: "),
    ],
)
def test_what_is_refused_changes_nothing(
    run: Run, fleet: Path, arguments: tuple[str, ...], code: int, text: str
) -> None:
    done = run("replace", *arguments)
    assert (done.returncode, fleet.read_text()) == (code, FLEET), done.stderr
    assert text in done.stderr
