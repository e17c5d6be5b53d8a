"""Secrets that controllers make: of which store, with which keys, and sealed values that are no secret to anybody."""

import base64

from tests.gate.mended import Case, edited
from tests.gate.objects import WORKSPACE

_GATED = WORKSPACE.replace(
    "    name: phi-4-mini-instruct\n", "    name: llama-3.1-8b-instruct\n    presetOptions: {modelAccessSecret: hf}\n"
)
# As kubeseal writes it: the length of the key, the key, and what it encrypts.
_VALUE = base64.b64encode(b"\x02\x00" + bytes(range(256)) * 2 + bytes(range(40))).decode()
_SEALED = f"""\
{_GATED}---
apiVersion: bitnami.com/v1alpha1
kind: SealedSecret
metadata: {{name: hf, namespace: team}}
spec:
  encryptedData: {{HF_TOKEN: {_VALUE}}}
  template: {{metadata: {{name: hf, namespace: team}}}}
"""
_FETCHED = f"""\
{_GATED}---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {{name: vault}}
spec: {{provider: {{azurekv: {{vaultUrl: "https://contoso.vault.azure.net", authType: WorkloadIdentity}}}}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {{name: hf, namespace: team}}
spec:
  secretStoreRef: {{name: vault, kind: ClusterSecretStore}}
  data: [{{secretKey: HF_TOKEN, remoteRef: {{key: hf}}}}]
"""
_OWN = _FETCHED.replace(
    "kind: ClusterSecretStore\nmetadata: {name: vault}", "kind: SecretStore\nmetadata: {name: vault, namespace: team}"
)
_OWN = _OWN.replace("vault, kind: ClusterSecretStore", "vault, kind: SecretStore")
_WRITTEN = _FETCHED.replace("  data: [", "  target: {template: {data: {HF_TOKEN: '{{ .token }}'}}}\n  data: [").replace(
    "secretKey: HF_TOKEN", "secretKey: token"
)  # fmt: skip

CASES: dict[str, Case] = {
    "a Secret that is made under another name": edited(
        _FETCHED.replace("  data: [", "  target: {name: hf}\n  data: ["), "target: {name: token-of-hub}", "target: {name: hf}",
        "refers to Secret team/hf", "ExternalSecret hf makes Secret token-of-hub; write that",
    ),
    "a sealed Secret whose template has another name": edited(
        _SEALED, "{name: hft, namespace: team}\nspec", "{name: hf, namespace: team}\nspec", "refers to Secret team/hf", "meant is hft?"
    ),
    "a key that a sealed Secret lacks": edited(_SEALED, "{TOKEN: Ag", "{HF_TOKEN: Ag", "has no key HF_TOKEN"),
    "a key that a template does not write": edited(_WRITTEN, "data: {TOKEN: '", "data: {HF_TOKEN: '", "has no key HF_TOKEN"),
    "a store of the other kind": edited(
        _FETCHED, "{name: vault, kind: SecretStore}", "{name: vault, kind: ClusterSecretStore}", "write kind: ClusterSecretStore"
    ),
    "a store by a slip": edited(
        _FETCHED, "{name: valt, kind: ClusterSecretStore}", "{name: vault, kind: ClusterSecretStore}", "meant is vault?"
    ),
    "a store of another namespace": edited(
        _OWN, "{name: vault, namespace: other}", "{name: vault, namespace: team}", "it is in other, so declare it in team too"
    ),
}  # fmt: skip
FINE: dict[str, str] = {
    "a sealed Secret": _SEALED,
    "a Secret that a template writes": _WRITTEN,
    "a store elsewhere": _FETCHED.replace(
        "{name: vault, kind: ClusterSecretStore}", "{name: keys, kind: ClusterSecretStore}"
    ),
}
"""What has nothing against it."""
