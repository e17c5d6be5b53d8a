"""Whether a chart may hand a text to ``tpl`` that stands nowhere and so was not searched."""

from time import process_time

import pytest

from kaitops.gate.rendering import composing, probing

_RENDER = '{{ define "z" }}{{ tpl .v .c }}{{ end }}'


def made(text: str) -> bool:
    return "made of parts" in probing.asked([("x", text)], offline=False).problem


@pytest.mark.parametrize(
    "text",
    [
        '{{ tpl (print "a" "b") . }}',
        '{{ tpl (include "a" .) . }}',
        '{{ tpl (printf "%s" .Values.a | b64dec) $ }}',
        "{{ tpl (toYaml (list .Values.a .Values.b)) . }}",
        "{{ tpl (.Values.a | replace `x` `y`) . }}",
        '{{ $a := print "a" }}{{ $b := $a }}{{ tpl $b . }}',
        '{{ range $k, $v := splitList "," .Values.a }}{{ tpl $v $ }}{{ end }}',
        '{{ with (join "" .Values.a) }}{{ tpl . $ }}{{ end }}',
        _RENDER + '{{ include "z" (dict "v" (print "a") "c" .) }}',
        _RENDER + '{{ $x := print "a" }}{{ template "z" $x }}',
        '{{ $_ := set .Values "a" (print "a") }}{{ tpl .Values.a . }}',
        '{{ $l := list "a" "b" }}{{ tpl (toYaml $l) . }}',
        '{{ $l := list "a" "b" }}{{ $m := $l }}{{ $t := $m | toJson }}{{ tpl $t . }}',
        '{{ define "z" }}{{ $v := .v }}{{ tpl $v .c }}{{ end }}{{ include "z" (dict "v" (print "a") "c" .) }}',
        '{{ define "z" }}{{ tpl (toYaml .v) .c }}{{ end }}{{ include "z" (dict "v" (list "a" "b") "c" .) }}',
        '{{ block "z" (print "a") }}{{ tpl . $ }}{{ end }}',
        '{{ tpl (quote "a" "b") . }}',
        "{{ $n := .Template.Name }}{{ tpl $n . }}",
        "{{ tpl .Template.Name . }}",
        "{{ tpl .Release.Name . }}",
        "{{ .Values.a | tpl }}",
        "{{ tpl .Values.a . }}" * 2 + "{{ (tpl (trimPrefix `{` .Values.b) .) }}",
    ],
)
def test_what_is_put_together_is_told(text: str) -> None:
    assert made(text)


@pytest.mark.parametrize(
    "text",
    [
        '{{ $a := printf "%s-%s" .Release.Name .Chart.Name | trunc 63 | trimSuffix "-" }}{{ tpl .Values.a . }}',
        "{{ tpl (toYaml .Values.a) . | nindent 2 }}",
        '{{ tpl (.Files.Get "a") . }}',
        '{{ tpl "{{ .Values.a }}" . }}',
        '{{ define "z" }}{{ $v := .v | toYaml }}{{ tpl $v .c }}{{ end }}{{ include "z" (dict "v" .Values.a "c" .) }}',
        "{{ $l := list 1 2 }}{{ toYaml $l }}{{ tpl .Values.a . }}",
        "{{ with .Values.a }}{{ tpl (toYaml .) $ }}{{ end }}",
        "{{ range $k, $v := .Values.a }}{{ tpl $v $ }}{{ end }}",
        _RENDER + '{{ include "z" (dict "v" .Values.a "c" $) }}{{ include "name" . | trunc 9 }}',
        '{{ print "a" "b" }}{{ include "a" (print "b") }}',
        '{{ .Values.tpl }}{{ $tpl := print "a" }}',
    ],
)
def test_what_was_searched_is_fine(text: str) -> None:
    assert not made(text)


@pytest.mark.parametrize(
    "word", ["now", "lookup `v1` `Namespace` `` `a`", 'date "2006" "x"', "genCA `a` 1", "htpasswd `a` `b`"]
)
@pytest.mark.parametrize(
    "written", ["{{ tpl `{{ W }}` . }}", '{{ tpl "\\x7b\\x7b W }}" . }}', '{{ $a := "{{ W }}" }}{{ tpl $a . }}']
)
def test_a_text_in_a_template_is_searched(word: str, written: str) -> None:
    word = word.replace('"', '\\"') if '"' in written else word.replace("`", '"')
    assert "asks by" in probing.asked([("x", written.replace("W", word))], offline=False).problem


def test_a_text_that_nothing_renders_asks_nothing() -> None:
    assert probing.asked([("x", '{{ eq "{{ now }}" .Values.a }}')], offline=False).problem == ""


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    "text",
    [
        "{{ " + "tpl (" * 100_000 + "}}",
        "{{ tpl $v9 . }}" + "".join(f"{{{{ $v{n} := $v{n + 1} }}}}" for n in range(30_000)) + '{{ $v30000 := print "a" }}',
        "{{ tpl . . }}{{ " + "dict " * 200_000 + "}}",
        '{{ tpl . . }}{{ include "" ' + '(include "" ' * 100_000 + "}}",
    ],
)  # fmt: skip
def test_it_takes_time_that_grows_with_the_text(text: str) -> None:
    start = process_time()
    probing.asked([("x", text)], offline=False)
    assert process_time() - start < 3


def test_a_chain_of_variables_is_followed() -> None:
    chain = "".join(f"{{{{ $v{n} := $v{n + 1} }}}}" for n in range(300)) + '{{ $v300 := print "a" }}'
    assert made("{{ tpl $v0 . }}" + chain)
    assert not composing.may_be([])
