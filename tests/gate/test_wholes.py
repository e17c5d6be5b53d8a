"""A chart that writes out the whole of what helm hands it may look at what nobody here knows."""

from time import process_time

import pytest

from kaitops.gate.rendering import probing


def said(text: str) -> str:
    return probing.asked([("x", text)], offline=True).problem


@pytest.mark.parametrize(
    "text",
    [
        '{{ if contains "a" (printf "%v" .) }}',
        '{{ if contains "a" (printf "%v" $) }}',
        "{{ toYaml $ }}",
        "{{ $ | toJson }}",
        "{{ if . | toYaml }}",
        "{{ range $k, $v := . }}",
        '{{ index $ (print "Rel" "ease") }}',
        '{{ get . "a" }}',
        '{{ toYaml (dict "a" $) }}',
        "{{ $root := . }}{{ with .Values.a }}{{ toYaml $root }}{{ end }}",
        '{{ define "z" }}{{ toYaml . }}{{ end }}{{ include "z" . }}',
        '{{ define "z" }}{{ toYaml . }}{{ end }}{{ with .Values.a }}{{ template "z" $ }}{{ end }}',
        "{{ with .Values.a }}{{ toYaml $ }}{{ end }}",
    ],
)
def test_the_whole_is_not_written(text: str) -> None:
    assert "by the whole of what it is given" in said(text)


@pytest.mark.parametrize(
    "text",
    [
        '{{ index .Release "IsUpgrade" }}', '{{ printf "%v" .Release }}', "{{ $r := .Release }}{{ $r.IsUpgrade }}", "{{ toYaml .Release }}",
        '{{ index . "Release" "IsUpgrade" }}', '{{ range $k, $v := .Release }}', "{{ .Release.Time }}", '{{ get $ "Capabilities" }}',
    ],
)  # fmt: skip
def test_its_release_is_asked_by_name(text: str) -> None:
    assert "asks by its release in a form" in said(text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ with .Values.a }}{{ toYaml . | nindent 2 }}{{ end }}",
        "{{ range .Values.a }}{{ . | quote }}{{ index . 0 }}{{ end }}",
        '{{ define "z" }}{{ toYaml . }}{{ end }}{{ include "z" .Values.a }}',
        '{{ define "z" }}{{ index . 0 }}{{ end }}{{ include "z" (list $ .Values.a) }}',
        '{{ include "z" (dict "value" (printf "%s" .Values.a) "context" $) }}',
        '{{ printf "%s-x" (include "z" .) | quote }}',
        "{{ tpl .Values.a $ | quote }}",
        "{{ toYaml .Values | quote }}",
        "{{ $root := . }}{{ toYaml $root.Values.a }}",
        "{{ printf \"%s\" .Release.Name }}{{ if .Release.IsUpgrade }}{{ end }}",
        '{{ fail "Release is to be named" }}',
    ],
)  # fmt: skip
def test_a_part_is(text: str) -> None:
    assert said(text) == ""


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "text", ["{{ " + "toYaml (" * 60_000 + "}}", "{{ if . }}" * 60_000, "{{ $a := $ }}" * 60_000 + "{{ toYaml $b }}"]
)
def test_it_takes_time_that_grows_with_the_text(text: str) -> None:
    start = process_time()
    said(text)
    assert process_time() - start < 4
