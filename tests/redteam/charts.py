"""What a change has helm make: values from anywhere, names that are options, templates that ask, forge or never end."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from pathlib import Path

from tests.gate import played_helm
from tests.gate.test_helm_releases import (
    APPLICATION,
    CHART,
    INFLATED,
    LIST,
    PUBLIC,
    RELEASE,
    SET,
    SIZE,
    SOURCE,
    config,
    flux,
)
from tests.gate.test_overlays import HEAD, RETIRED, WORKSPACE
from tests.redteam.attack import ANY, RED, SEEN, Attack, Held, called, put, verdict

Files = Mapping[str, str]
_HELM = shutil.which("helm")
_FROM = "  valuesFrom: [{kind: ConfigMap, name: values}]\n"
_SIZED = f"size: {RETIRED}"
_TEMPLATE = "charts/demo/templates/x.yaml"


@cache
def _helm() -> str:
    """A folder with helm: the machine's own, else one that is played, beside everything that is judged."""
    if _HELM is not None:
        return str(Path(_HELM).parent)
    folder = tempfile.mkdtemp(prefix="kaitops-helm-")
    atexit.register(shutil.rmtree, folder, True)
    return str(played_helm.write(Path(folder)))


def gated(
    name: str, files: Files, *told: str, codes: Collection[int] = RED, lay: Callable[[Path], object] | None = None,
    real: bool = False, why: str = "",
) -> Attack:  # fmt: skip
    """The gate over a repository of these files, with helm at hand.

    Args:
        told: what the answer says, so that it is red for what the attack is and not for what stands beside it.
        real: only the machine's own helm can tell; the played one knows less of charts.
    """

    def run(folder: Path) -> Held:
        put(folder, files)
        if lay is not None:
            lay(folder)
        path = f"{_helm()}{os.pathsep}{os.environ['PATH']}"
        said = called("gate", ".", "--no-checkov", "--today", "2026-06-01", environment={"PATH": path})
        if real and _HELM is None:
            return verdict(said, ANY)
        missing = [text for text in told if text not in said.out]
        return verdict(said, codes) or (f"{missing} is not told: {said.out[-300:]}" if missing else "")

    return Attack(name, run, why)


def _app(helm: str, **more: str) -> dict[str, str]:
    return {**CHART, "app.yaml": APPLICATION.replace("HELM", helm), **more}


def _template(text: str, **more: str) -> dict[str, str]:
    return {**CHART, _TEMPLATE: text, **more}


def _index(text: str) -> dict[str, str]:
    return {**INFLATED, "app/x.yaml": WORKSPACE, "app/kustomization.yaml": f"{HEAD}{text}\n"}


_BROUGHT: Mapping[str, Files] = {
    "values": flux(f"  values: {{{_SIZED}}}\n"),
    "values-from": flux(_FROM, "", config(_SIZED)),
    "target-path": flux("  valuesFrom: [{kind: ConfigMap, name: values, valuesKey: s, targetPath: size}]\n", "", config(RETIRED, "s")),
    "values-files": {**flux("", ", valuesFiles: [charts/demo/values.yaml, charts/demo/prod.yaml]"), "charts/demo/prod.yaml": _SIZED},
    "values-object": _app(f"valuesObject: {{{_SIZED}}}, values: 'size: x'"),
    "values-text": _app(f"values: '{_SIZED}'"),
    "parameter": _app(f"parameters: [{{name: size, value: {RETIRED}}}]"),
    "reference": _app("valueFiles: [$own/envs/prod.yaml]", **{"envs/prod.yaml": _SIZED}),
    "up": _app("valueFiles: [../../envs/prod.yaml]", **{"envs/prod.yaml": _SIZED}),
    "top": _app("valueFiles: [/envs/prod.yaml]", **{"envs/prod.yaml": _SIZED}),
    "set": {**CHART, "set.yaml": SET.replace("GENERATOR", LIST)},
    "own-values": {**CHART, "charts/demo/values.yaml": CHART["charts/demo/values.yaml"].replace(SIZE, RETIRED)},
    "kustomize": INFLATED,
}  # fmt: skip
_UNKNOWN: Mapping[str, Files] = {
    "secret": flux("  valuesFrom: [{kind: Secret, name: hidden-ones}]\n"),
    "other-namespace": flux(_FROM, "", config("a: b", place="models")),
    "no-mapping": flux(_FROM, "", config("[a]")),
    "optional": flux("  valuesFrom: [{kind: ConfigMap, name: gone, optional: true}]\n"),
    "path-of-a-list": flux("  valuesFrom: [{kind: ConfigMap, name: values, targetPath: 'a[0]'}]\n", "", config("a")),
    "file-outside": flux("", ", valuesFiles: [/etc/../../etc/passwd]"),
    "file-gone": flux("", ", valuesFiles: [charts/demo/gone.yaml]"),
    "own-left-out": {**flux("", ", valuesFiles: [prod.yaml]"), "prod.yaml": "a: b\n"},
    "common-metadata": flux("  commonMetadata: {annotations: {kaito.sh/enablelb: 'True'}}\n"),
    "post-renderer": flux("  postRenderers: [{kustomize: {patches: [{patch: 'kind: Workspace', target: {kind: Workspace}}]}}]\n"),
    "no-chart": {"release.yaml": RELEASE.replace("MORE", "") + "---\n" + SOURCE, "good.yaml": config("a")},
    "variable": _app("parameters: [{name: size, value: $ARGOCD_APP_NAME}]"),
    "variable-that-there-is-not": _app("parameters: [{name: size, value: '${gone}', forceString: true}]"),
    "file-parameter": _app("fileParameters: [{name: a, path: b}]"),
    "file-of-the-net": _app("valueFiles: ['https://example.com/a.yaml']"),
    "file-of-another-source": _app("valueFiles: [$other/a.yaml]"),
    "file-outside-of-argo": _app("valueFiles: [../../../../etc/passwd]"),
    "plugin": {**CHART, "app.yaml": APPLICATION.replace("helm: {HELM}", "plugin: {name: x}")},
    "clusters": {**CHART, "set.yaml": SET.replace("GENERATOR", "{clusters: {}}")},
    "clusters-path": {**CHART, "set.yaml": SET.replace("GENERATOR", "{clusters: {}}").replace("path: charts/demo", "path: 'charts/{{name}}'")},
}  # fmt: skip
_FETCHED: Mapping[str, str] = {
    "repository": "helmCharts: [{name: demo, repo: 'https://charts.example.com', version: 1.0.0}]",
    "gone": "helmCharts: [{name: gone}]",
    "more-values": "helmCharts: [{name: demo, additionalValuesFiles: [/etc/passwd]}]",
    "values-outside": "helmCharts: [{name: demo, valuesFile: ../../../x.yaml}]",
    "configuration": "helmCharts: [{name: demo}]\nhelmGlobals: {configHome: x}",
    "home": "helmCharts: [{name: demo}]\nhelmGlobals: {chartHome: /}",
    "generators": "helmCharts: [{name: demo}]\ngenerators: [x.yaml]",
    "name-of-a-list": "helmCharts: [{name: [a]}]",
    "older-form": "helmChartInflationGenerator: [{chartName: a}]",
    **{f"named {name}": f"helmCharts: [{{name: '{name}'}}]" for name in ("..", "../x", ".", "-x")},
}
_OPTIONS = (
    "--post-renderer={}/evil.sh", "--post-renderer {}/evil.sh", "-h", "--kubeconfig=/dev/null", "a b", "A", "../x",
    "$(touch executed)", "a;touch executed", "--plugins-dir={}",
)  # fmt: skip
_ASKS = (
    '{{ if lookup "v1" "Namespace" "" "kube-system" }}', '{{- with (now | date "2006") }}', "{{ if hasPrefix `a` (randAlpha 1) }}",
    "{{ if gt .Release.Revision 1 }}", '{{ if index .Release "Revision" }}',
    '{{ $c := .Capabilities }}{{ if $c.APIVersions.Has "v1" }}', "{{ if .Capabilities.APIVersions.Has .Values.api }}",
    '{{ if eq "}}" (lookup "v1" "Namespace" "" "a" | toString) }}',
    '{{ if or (eq \'"\' \'a\') (lookup "v1" "Namespace" "" "a") (eq \'"\' \'a\') }}',
    "{{/* }} */}}{{ if lookup `v1` `Namespace` `` `a` }}", '{{ if tpl (printf "{{ %s }}" .Values.word) . }}',
    '{{ if contains "ab" (genPrivateKey "ecdsa") }}', '{{ if contains "ab" (htpasswd "a" "b") }}',
    '{{ if contains "ab" (encryptAES "a" "b") }}', '{{ if gt (date "2006" "x" | atoi) 2030 }}', '{{ if hasPrefix "203" (htmlDate "x") }}',
    '{{ if contains "-" (ago (toDate "2006-01-02" "2036-01-02")) }}', '{{ if ne .Capabilities.HelmVersion.Version "x" }}',
    '{{ if index .Release (print "Is" "Upgrade") }}', '{{ if get .Release (printf "Is%s" "Upgrade") }}',
    '{{ range $k, $v := .Release }}{{ if and (hasSuffix "grade" $k) $v }}{{ end }}', '{{ if contains "Upgrade:true" (printf "%v" .Release) }}',
    '{{ if contains "grade: true" (toYaml $) }}', '{{ if contains "Upgrade:true" (printf "%v" .) }}',
    '{{ if contains "kaito.sh/v1beta1" (printf "%v" $) }}', "{{ $r := . }}{{ if toJson $r }}",
    "{{ if uuidv4 }}", "{{ if gt (now.Unix) 1 }}", "{{if(lookup `v1` `Namespace` `` `a`)}}",
    "{{-lookup `v1` `Namespace` `` `a`}}{{ if true }}", "{{ with $ }}{{ if .Release.Revision }}{{ end }}",
)  # fmt: skip
_LOOK = "if lookup `v1` `Namespace` `` `kube-system` }}x"
_MADE: Mapping[str, str] = {
    "literal": f'{{{{ if tpl "{{{{ {_LOOK}{{{{ end }}}}" . }}}}',
    "escapes": f'{{{{ if tpl "\\x7b\\x7b {_LOOK}\\u007b\\173 end }}}}" . }}}}',
    "variable": f'{{{{ $x := print "{{" "{{ {_LOOK}{{" "{{ end }}}}" }}}}{{{{ if tpl $x . }}}}',
    "two variables": f'{{{{ $x := print "{{" "{{ {_LOOK}{{" "{{ end }}}}" }}}}{{{{ $y := $x }}}}{{{{ if tpl $y . }}}}',
    "repeated": f'{{{{ if tpl (print (repeat 2 "{{") "{_LOOK}" (repeat 2 "{{") "end }}}}") . }}}}',
    "included": f'{{{{ define "y" }}}}{{{{ "{{{{" }}}} {_LOOK}{{{{ "{{{{" }}}} end }}}}{{{{ end }}}}{{{{ if tpl (include "y" .) . }}}}',
    "handed on": f'{{{{ define "z" }}}}{{{{ tpl .v .c }}}}{{{{ end }}}}{{{{ if include "z" (dict "v" (print "{{" "{{ {_LOOK}{{" "{{ end }}}}") "c" .) }}}}',
    "block": f'{{{{ with print "{{" "{{ {_LOOK}{{" "{{ end }}}}" }}}}{{{{ if tpl . $ }}}}',
    "set": f'{{{{ $_ := set .Values "q" (print "{{" "{{ {_LOOK}{{" "{{ end }}}}") }}}}{{{{ if tpl .Values.q . }}}}',
    "written": f'{{{{ if tpl (toYaml (list "{{{{ {_LOOK}" "{{{{ end }}}}")) . }}}}',
    "own file": "{{ if tpl .Template.Name . }}",
    "value": "{{ if tpl .Values.q . }}",
    "key": "{{ range $k, $v := .Values.m }}{{ if tpl $k $ }}",
    "file": '{{ if tpl (.Files.Get "q.txt") . }}',
    "escaped value": "{{ if tpl .Values.e . }}",
}  # fmt: skip
_ANSWERED = (
    "{{ if .Release.IsUpgrade }}", "{{ if not .Release.IsInstall }}", '{{ if .Capabilities.APIVersions.Has "kaito.sh/v1beta1" }}',
    '{{ if "kaito.sh/v1beta1" | .Capabilities.APIVersions.Has }}',
    '{{ if and .Release.IsUpgrade (.Capabilities.APIVersions.Has "a/v1") }}', '{{ if eq .Release.Service "Helm" }}',
    '{{ if ne .Values.model.name "" }}', "{{ if .Chart.Version }}", "{{ if .Template.Name }}",
)  # fmt: skip
_HOOKS = ("pre-install", "post-install", "pre-install,test", "pre-delete", "crd-install", "test,", "tests", "TEST", "")
_FORGED = (
    "demo/../../plain/web.yaml", "demo//etc/passwd", "demo/templates/other.yaml", "../plain/web.yaml", "x/plain/web.yaml",
    "demo/../../../../etc/passwd",
)  # fmt: skip


def rendered() -> Iterator[Attack]:
    """Everything of it."""
    for name, files in _BROUGHT.items():
        yield gated(f"value by {name}", files, "KAITO002")
    for name, files in _UNKNOWN.items():
        yield gated(f"unknown {name}", files, "incomplete")
    for name, text in _FETCHED.items():
        yield gated(f"kustomize {name}", _index(text), "incomplete")
    for name in _OPTIONS:
        for way in ("argo", "flux", "kustomize"):
            yield _option(name, way)
    for text in _ASKS:
        yield gated(f"asks {text}", _template(f"{text}\n{PUBLIC}{{{{ end }}}}\n"), "incomplete")
    look = f"{{{{ {_LOOK}{{{{ end }}}}"
    escaped = look.replace("{", "\\x7b")
    held = CHART["charts/demo/values.yaml"] + f"q: '{look}'\nm: {{'{look}': a}}\n"
    for name, text in _MADE.items():
        values = CHART["charts/demo/values.yaml"] + f'e: "{escaped}"\n' if name == "escaped value" else held
        more = {
            "charts/demo/values.yaml": values
            if name in {"value", "key", "escaped value"}
            else CHART["charts/demo/values.yaml"]
        }
        more |= {"charts/demo/q.txt": look} if name == "file" else {}
        text = f"{text}\n{PUBLIC}{'{{ end }}' * (1 + (name in {'block', 'key'}))}\n"
        yield gated(f"rendered {name}", _template(text, **more), "incomplete")
    for text in _ANSWERED:
        yield gated(f"answered {text}", _template(f"{text}\n{PUBLIC}{{{{ end }}}}\n"), "KAITO001", real=True)
    for hook in _HOOKS:
        text = PUBLIC.replace("annotations: {", f"annotations: {{helm.sh/hook: '{hook}', ")
        yield gated(f"hook {hook!r}", _template(text), "KAITO001")
    for line in _FORGED:
        forged = WORKSPACE.replace("name: chat", "name: forged") + f"---\n# Source: {line}\n"
        text = forged + WORKSPACE.replace("name: chat", "name: more")
        yield gated(f"forged source {line}", _template(text, **{"plain/web.yaml": PUBLIC}), "KAITO001")
    yield from _beside()


def _option(name: str, way: str) -> Attack:
    def run(folder: Path) -> Held:
        named = f'releaseName: "{name.format(folder)}"'
        files = {
            "argo": _app(named),
            "flux": flux(f"  {named}\n"),
            "kustomize": {**INFLATED, "app/kustomization.yaml": f"{HEAD}helmCharts: [{{name: demo, {named}}}]\n"},
        }[way]
        put(folder, {**files, "evil.sh": f"#!/bin/sh\n/usr/bin/touch {folder / SEEN}\n/bin/cat\n"})
        (folder / "evil.sh").chmod(0o755)
        return gated(name, {}, "incomplete").run(folder)

    return Attack(f"name {name} by {way}", run)


def _beside() -> Iterator[Attack]:
    """What lies beside a chart, above it, below it, or where its link leads."""
    above = {
        "Chart.yaml": "apiVersion: v2\nname: above\nversion: 1.0.0\n",
        "values.yaml": "a: b\n",
        "templates/a.yaml": WORKSPACE,
    }
    yield gated("chart above", {**_app(f"valuesObject: {{{_SIZED}}}"), **above}, "KAITO002")
    for name in ("charts/demo/beside.yaml", "charts/demo/other/x.yaml", "charts/demo/x.json.yaml"):
        yield gated(f"beside {name}", {**CHART, name: PUBLIC}, "KAITO001")
    index = f"{HEAD}helmGlobals: {{chartHome: ..}}\nhelmCharts: [{{name: app, releaseName: r, namespace: models}}]\n"
    yield gated(
        "ignored by helm",
        {"app/Chart.yaml": CHART["charts/demo/Chart.yaml"].replace("demo", "app"), "app/kustomization.yaml": index,
         "app/templates/a.yaml": WORKSPACE, "app/charts/prod/web.yaml": PUBLIC, "app/.helmignore": "charts/\n"},
        "KAITO001",
    )  # fmt: skip
    for hook in ("test", "test-success"):
        text = PUBLIC.replace("annotations: {", f"annotations: {{helm.sh/hook: '{hook}', ")
        files = {**flux("  test: {enable: true}\n"), _TEMPLATE: text}
        yield gated(f"{hook} that Flux runs", files, "KAITO001")
    yield gated("crds", {**CHART, "charts/demo/crds/x.yaml": PUBLIC}, "KAITO001")
    yield gated("crds of Flux", {**flux(), "charts/demo/crds/x.yaml": PUBLIC}, "KAITO001")
    yield gated(
        "helpers", {**CHART, "charts/demo/templates/_x.yaml": PUBLIC, _TEMPLATE: '{{ include "y" . }}'}, real=True
    )
    yield gated(
        "part",
        _template('{{ include "y" . }}\n', **{"charts/demo/templates/_y.tpl": f'{{{{ define "y" }}}}{PUBLIC}{{{{ end }}}}'}),
        "KAITO001", real=True,
    )  # fmt: skip
    yield gated("text of values", _template("{{ .Values.raw }}\n", **{"charts/demo/values.yaml": f"size: {SIZE}\nmodel: {{name: phi-4-mini-instruct}}\nraw: |\n  " + PUBLIC.replace("\n", "\n  ")}), "KAITO001")  # fmt: skip
    below = {
        "charts/demo/charts/sub/Chart.yaml": "apiVersion: v2\nname: sub\nversion: 1.0.0\n",
        "charts/demo/charts/sub/templates/x.yaml": PUBLIC,
    }
    yield gated("chart below", {**CHART, **below}, "KAITO001", real=True)
    yield gated("dependency of the net", {**CHART, "charts/demo/Chart.yaml": CHART["charts/demo/Chart.yaml"] + "dependencies: [{name: x, version: 1.0.0, repository: 'https://charts.example.com'}]\n"}, real=True)  # fmt: skip
    yield gated("dependency outside", {**CHART, "charts/demo/Chart.yaml": CHART["charts/demo/Chart.yaml"] + "dependencies: [{name: x, version: 1.0.0, repository: 'file:///etc'}]\n"}, real=True)  # fmt: skip
    yield gated("fails", _template('{{ fail "no" }}\nkind: [\n'), "incomplete")
    yield gated("archive", {**CHART, "charts/demo/charts/x.tgz": "no archive"}, real=True)
    yield gated("helm of the tree", {**CHART, "bin/helm": f"#!/bin/sh\ntouch {SEEN}\n", "charts/demo/templates/x.yaml": PUBLIC}, lay=_executable)  # fmt: skip
    for name, text in {
        "grows": '{{ repeat 3000000000 "a" | quote }}', "loops": '{{ range until 2000000000 }}a{{ end }}',
        "recursion": '{{ define "a" }}{{ include "a" . }}{{ end }}{{ include "a" . }}',
    }.items():  # fmt: skip
        head = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x, namespace: a}\ndata: {a: "
        yield gated(f"without end: {name}", _template(f"{head}{text}}}\n"), "incomplete")
    for where in ("templates/out.yaml", "values.yaml", "Chart.yaml", "crds"):
        yield gated(f"link {where}", {**CHART, "charts/demo/more.yaml": "a: b\n"}, "incomplete", lay=_linked(where))


def _executable(folder: Path) -> None:
    (folder / "bin/helm").chmod(0o755)


def _linked(where: str) -> Callable[[Path], object]:
    def act(folder: Path) -> None:
        place = folder / "charts/demo" / where
        place.unlink(missing_ok=True)
        place.symlink_to("/etc" if where == "crds" else "/etc/passwd")

    return act
