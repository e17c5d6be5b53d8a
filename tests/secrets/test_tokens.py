"""Secrets are found by kind and by name, in any dress; what only looks like one is left alone, and no text takes long."""

import time
from base64 import b64encode

import pytest

from kaitops.errors import BadInput
from kaitops.fleet import reading
from kaitops.secrets import secret_names, tokens
from tests.sampling import some

RANDOM = "aB3dE6gH9kL2mN5pQ8rS1tU4vW7xY0zA"
AWS = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzRANDOMKEY"
PEM = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n"
CERT = "-----BEGIN CERTIFICATE-----\n" + f"MII{RANDOM}{RANDOM[:29]}\n" * 12 + "-----END CERTIFICATE-----\n"
HF = f"hf_{RANDOM}"


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "text",
    [
        HF, f"github_pat_11ABCDEFG0{RANDOM}_{RANDOM}", f"ghp_{RANDOM}", f"glpat-{RANDOM[:20]}", f"npm_{RANDOM}abcd",
        f"pypi-AgEIcHlwaS5vcmc{RANDOM}", f"sk_live_{RANDOM}", f"rk_live_{RANDOM}", "AKIAIOSFODNN7EXAMPLE", AWS,
        f"AWS_SECRET_ACCESS_KEY={AWS}", f"Authorization: Bearer {RANDOM[:12]}", "curl -H 'Authorization: Bearer opensesame'",
        f"Basic {encoded('user:opensesame')}", f'{{"auths":{{"r.io":{{"auth":"{encoded("user:pw12")}"}}}}}}',
        encoded(f'{{"auths":{{"r.io":{{"auth":"{encoded("user:pw12")}"}}}}}}'),
        "https://x.blob.core.windows.net/c?sv=2024&sig=abc123", PEM, encoded(PEM), encoded(f"token is {HF} there"),
        "\n".join(encoded(f"token is {HF} there, and more text around it to fill lines")[at : at + 40] for at in range(0, 120, 40)),
        HF[:10] + "\u200b" + HF[10:], "".join(f"{one}\u2060" for one in HF), f"{HF[:12]}\\\n  {HF[12:]}", f'"{HF[:12]}" + "{HF[12:]}"',
        f"{HF[:20]}\n    {HF[20:]}", f"postgres://user:{RANDOM[:8]}@db/x", RANDOM, f"eyJ{RANDOM}.eyJ{RANDOM}.{RANDOM}",
        f"Endpoint=sb://x/;SharedAccessKey={RANDOM}", f"hvs.{RANDOM}", f"dckr_pat_{RANDOM}",
    ],
)  # fmt: skip
def test_found(text: str) -> None:
    found = tokens.find(text)
    assert found
    for token in found:
        assert 0 <= token.offset < token.offset + token.length <= len(text)
    assert HF not in tokens.without(text)


@pytest.mark.parametrize(
    "text",
    [
        "sha256:" + "0123456789abcdef" * 4, "0123456789abcdef0123456789abcdef01234567", "9b2f6c1e-3d4a-4f5b-8c7d-0e1f2a3b4c5d",
        "/subscriptions/9b2f6c1e-3d4a-4f5b-8c7d-0e1f2a3b4c5d/resourceGroups/MC_rg-Prod2/providers/Microsoft.Compute/disks/D1",
        "mcr.microsoft.com/aks/kaito/kaito-base:0.1.2", "registry.contoso.io/Team/ModelServer2024/VeryLongImageNameHere/v2",
        CERT, encoded(CERT), "sha512-" + encoded("x" * 64), "Bearer token", "bearer authentication is required", "Basic setup",
        "postgres://user:$(PASSWORD)@db/x", "https://user@host/x", "--max-num-batched-tokens=8192", "hf_hub_download",
        "ThisIsAVeryLongCamelCaseNameOfSomething2024Version3", "curl -H \"Authorization: Bearer ${TOKEN}\" https://x",
        encoded("a plain configuration file that says nothing of interest\n" * 4), "sk-learn", "?sig=", "set hf_\ntoken for the model",
    ],
)  # fmt: skip
def test_left_alone(text: str) -> None:
    assert tokens.find(text) == []


@pytest.mark.parametrize(
    "name",
    ["DB_PASSWORD", "api-key", "HF_TOKEN", "connectionString", "apiKey", "AWS_SECRET_ACCESS_KEY", "client_secret", "passwd",
     "storageAccountKey", "GITHUB_PAT", "DB_PASS", "password2", "VLLM_API_KEY", "CLIENT-SECRET"],
)  # fmt: skip
def test_names_that_mean_a_secret(name: str) -> None:
    assert secret_names.means_secret(name)
    assert [held for _, held, _ in secret_names.literals({"data": {name: "opensesame"}})] == [name]
    assert [held for _, held, _ in secret_names.literals([{"name": name, "value": "opensesame"}])] == [name]
    assert [held for _, held, _ in secret_names.literals({"args": [f"--{name}=opensesame"]})] == [name]
    assert [held for _, held, _ in secret_names.literals({"args": [f"--{name}", "opensesame"]})] == [name]
    assert [held for _, held, _ in secret_names.literals({"config.env": f"A=b\n{name}=opensesame\n"})] == [name]


@pytest.mark.parametrize(
    "name",
    ["secretName", "modelAccessSecret", "imagePushSecret", "max_tokens", "max-num-batched-tokens", "eos_token", "tokenizer",
     "TOKEN_URL", "passwordFile", "key", "secretKey", "HF_TOKEN_PATH", "automountServiceAccountToken_", "apiVersion", "passthrough"],
)  # fmt: skip
def test_names_that_mean_none(name: str) -> None:
    assert not secret_names.means_secret(name)


@pytest.mark.parametrize(
    "value",
    [
        "$(TOKEN)",
        "${TOKEN}",
        "/run/secrets/x",
        "{{ .Values.x }}",
        "<token>",
        "",
        "true",
        "HF_TOKEN",
        "****",
        None,
        True,
    ],
)
def test_references_are_no_secrets(value: object) -> None:
    assert list(secret_names.literals({"DB_PASSWORD": value})) == []


# Each of a kind that a pattern could run back over; the slow tests ask all.
_LONG = [
    "a.",
    "a",
    "://",
    "eyJaaaaaaaa.",
    "aB3/aB3/aB3/aB3/aB3/\n",
    " \n",
    "-----BEGIN ",
    "bearer ",
    "a\u200b",
    "password=",
    "--a-",
    "\\\n",
]


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "part",
    some(
        ["a.", "a", "{a", ",a:", "<a>", "-u ", " login ", "a ", "://", "://a:", "gh", "ghp_", "sk-", "eyJaaaaaaaa.", "aB3+", "aB3/aB3/aB3/aB3/aB3/\n", " ", "\n", " \n", '"', "\"'",
         '" + ', "-----BEGIN ", "-----BEGIN CERTIFICATE-----", "?sig=", "bearer ", "authorization: bearer ", "8Q~", "a\u200b", "hf_a\n",
         "Basic ", '"auth":', "password=", "password=\n", "--a-", "--token ", "Aa", "-", "_", "export ", "- ", "QUJD", "A1a/", "\\\n", "##", "::"],
        _LONG,
    ),
)  # fmt: skip
def test_no_text_takes_long(part: str) -> None:
    from kaitops.report import printable

    for text in (part * (200_000 // len(part)), "x" + part * (200_000 // len(part)) + " ://"):
        start = time.process_time()
        tokens.find(text)
        list(secret_names.literals({"x": text}))
        printable.name(text)
        printable.lines(text)
        assert time.process_time() - start < 2


@pytest.mark.parametrize(
    "line",
    ["custom: {volume: {image: a/b:1, claim: c, env: {DB_PASSWORD: opensesame}}}", "vllm: {api-key: opensesame}",
     "custom: {volume: {image: a/b:1, claim: c, args: [--api-key, opensesame]}}", "vllm: {hf-token: 12345678}"],
)  # fmt: skip
def test_a_fleet_takes_no_literal_for_a_secret(line: str) -> None:
    text = (
        f"kaito: 0.12.0\nclusters: {{a: {{region: westeurope, provisioner: karpenter}}}}\nmodels:\n  m:\n    {line}\n"
    )
    with pytest.raises(BadInput, match="means a secret") as error:
        reading.read(text.encode(), "fleet.yaml")
    assert "opensesame" not in str(error.value)


@pytest.mark.parametrize(
    "line", ["env: {DB_PASSWORD: $(OTHER), TOKEN_FILE: /run/x}", "secretEnv: {DB_PASSWORD: database}"]
)
def test_a_fleet_takes_references(line: str) -> None:
    text = (
        "kaito: 0.12.0\nclusters: {a: {region: westeurope, provisioner: karpenter}}\nmodels:\n  m:\n"
        f"    custom: {{volume: {{image: a/b:1, claim: c, {line}}}}}\n"
    )
    reading.read(text.encode(), "fleet.yaml")


def test_a_secret_may_be_named_after_what_it_holds() -> None:
    text = "kaito: 0.12.0\nclusters: {a: {region: westeurope, provisioner: karpenter, secrets: {store: v, names: {hf-token: hub-read}}}}\nmodels: {}\n"
    assert reading.read(text.encode(), "fleet.yaml").data["clusters"]["a"]["secrets"]["names"] == {
        "hf-token": "hub-read"
    }


_HUB = "hf_" + "AbcDefGhiJkl" * 3


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        (_HUB.encode().hex(), "hexadecimal digits"),
        (f"0x{_HUB.encode().hex().upper()}", "hexadecimal digits"),
        (_HUB.encode().hex(":"), "hexadecimal digits"),
        (_HUB.encode().hex().encode().hex(), "hexadecimal digits in hexadecimal digits"),
        ("".join(f"%{byte:02X}" for byte in _HUB.encode()), "escapes"),
        (_HUB.replace("_", "&#x5f;"), "escapes"),
        ("".join(f"\\x{byte:02x}" for byte in _HUB.encode()), "escapes"),
        ("ghp%5f" + "a" * 36, "escapes"),
    ],
)
def test_another_spelling_is_read(written: str, kind: str) -> None:
    (token,) = tokens.find(f"a: {written} b")
    assert token.kind.endswith(f" in {kind}")
    assert (token.offset, token.length) == (3, len(written))


@pytest.mark.parametrize(
    "text",
    [
        "sha256:" + "a1" * 32, "68656c6c6f20776f726c642c2068656c6c6f20776f726c64", "%20" * 50, "AA:BB:CC:DD:EE:FF:00:11:22:33:44:55",
        "https://example.com/a%20b?x=%7B%7D", "00000000-0000-0000-0000-000000000000", "50%", "&#169; 2024", "C:\\x86\\y",
    ],
)  # fmt: skip
def test_another_spelling_of_something_else_is_fine(text: str) -> None:
    assert tokens.find(text) == []


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    "text", ["ab" * 400_000, "%41" * 300_000, "a:" * 400_000, "0x" * 400_000, "%" * 800_000, "&#" * 400_000]
)
def test_spellings_take_time_that_grows_with_the_text(text: str) -> None:
    start = time.process_time()
    tokens.find(text)
    assert time.process_time() - start < 4


# Beginning and rest apart, so that no file of the repository holds one.
@pytest.mark.parametrize(
    ("start", "rest"),
    [
        ("glsa", "_" + "aB3" * 12), ("glc", "_" + "aB3" * 12), ("tskey", "-auth-" + "aB3" * 8), ("pul", "-" + "0a" * 20),
        ("aBcDeFgHiJkLmN", ".atlasv1." + "aB3" * 20), ("xai", "-" + "aB3" * 20), ("NRAK", "-" + "AB3" * 9), ("PMAK", "-" + "0a" * 12 + "-" + "0a" * 17),
        ("sntrys", "_" + "aB3" * 15), ("shpat", "_" + "0a" * 16), ("ops", "_eyJ" + "aB3" * 10), ("dp", ".pt." + "aB3" * 14), ("fm2", "_" + "aB3" * 20),
        ("lin", "_api_" + "aB3" * 13), ("lsv2", "_pt_" + "0a" * 16 + "_0123456789"), ("rubygems", "_" + "0a" * 24), ("hf", "_oauth_" + "aB" * 20),
        ("https://hooks.slack", ".com/services/T0/B0/" + "aB3" * 8), ("https://discord", ".com/api/webhooks/" + "1" * 18 + "/" + "aB3" * 22),
        ("https://a.example/IncomingWebhook", "/" + "0a" * 16 + "/" + "0a" * 16), ('{"kty":"RSA","n":"0vx7","d":"', "aB3_" * 12 + '"}'),
    ],
)  # fmt: skip
def test_more_kinds_are_found(start: str, rest: str) -> None:
    assert tokens.find(f"x: {start}{rest}\n")


_WITHIN = (
    "db: {user: a, password: opensesame}", '{"db": {"password": "opensesame"}}', "[{name: a, user: {token: opensesame}}]",
    "export DB_PASSWORD=opensesame; serve", "A=b DB_PASSWORD=opensesame serve", "Server=x;Uid=u;Pwd=opensesame;", "<a><password>opensesame</password></a>",
    "curl -u somebody:opensesame https://a.example", "curl --user 'somebody:opensesame' https://a.example", "machine a login b password opensesame",
    "AZURE_OPENAI_KEY: opensesame", 'serve --key "${API_KEY:-opensesame}"', ': "${DB_PASSWORD:=opensesame}"',
)  # fmt: skip


@pytest.mark.parametrize("text", _WITHIN)
def test_a_value_in_the_middle_of_a_line_is_found_once(text: str) -> None:
    assert [value for _, _, value in secret_names.literals({"x": text})] == ["opensesame"]


@pytest.mark.parametrize(
    "text",
    [
        "db: {passwordFrom: {name: a}}", '{"password": {"type": "string"}}', '{"token": "string"}', "TOKEN=$(cat /run/token); serve", "DB_PASSWORD=${X} serve",
        "<password></password>", "<token>$(TOKEN)</token>", "docker run -u 1000:1000 a", "login with your password please", '{"eos_token": "<end>", "max_tokens": 4096}',
        "{{ if .Values.password }}a{{ end }}", "{secretName: opensesame}", "chown -u: a", "a=b;TokenUrl=https://a.example", "if [ \"$PASSWORD\" = opensesame ]; then",
        ': "${DB_PASSWORD:?a password is needed}"', ': "${DB_PASSWORD:?missing}"', "serve ${DB_PASSWORD:+--login}", 'curl "${API_TOKEN:-}" x', "${TOKEN:-$OTHER}",
    ],
)  # fmt: skip
def test_what_only_looks_like_one_within_a_line_is_left_alone(text: str) -> None:
    assert secret_names.literals({"x": text}) == []
