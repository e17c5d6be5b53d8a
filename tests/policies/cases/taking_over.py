"""What a change can turn without touching a model: names, Argo CD, who may do what, and whose pods come first."""

from typing import Any

from tests.policies.cases import CM, Case, case, meta

_DNS, _ARGO, _RBAC, _PARAMS = "coredns-custom", "argocd-cm", "argocd-rbac-cm", "argocd-cmd-params-cm"


# In CEL of the settings of Argo CD alone.
def _map(
    name: str, key: str, value: str, *, found: bool = True, place: str = "kube-system", part: str = "data"
) -> Case:
    document = {**CM, "metadata": {"name": name, "namespace": place}}
    told = [f"{part}|{key}"] if found else []
    return case(60, document, {"data": None, **{part: {key: value}}}, *told, alone=name == _DNS)


def _own(name: str, *, place: str = "kube-system", found: bool = True) -> Case:
    return case(
        60,
        {**CM, "metadata": {"name": name, "namespace": place}},
        {},
        *(["metadata.name"] if found else []),
        alone=True,
    )


def _argo(name: str, key: str, value: str, *, found: bool = True) -> Case:
    return _map(name, key, value, found=found, place="argocd")


def _zone(zone: str, *, found: bool = True) -> Case:
    return _map(_DNS, "a.server", f"# ours {{\n{zone} {{\n  forward . 10.0.0.53\n}}\n", found=found)


_PROJECT = {"apiVersion": "argoproj.io/v1alpha1", "kind": "AppProject", "metadata": meta("p"), "spec": {}}
_ALL_KINDS = {"clusterResourceWhitelist": [{"group": "*", "kind": "*"}]}
_EVERYWHERE = {"destinations": [{"server": "https://kubernetes.default.svc", "namespace": "*"}]}
_ONE = {"destinations": [{"server": "https://kubernetes.default.svc", "namespace": "models"}]}


def _project(source: str, reach: dict[str, Any], *, found: bool = True) -> Case:
    spec = {"sourceRepos": ["https://git.example.com/a/b.git", source], **reach}
    return case(61, _PROJECT, {"spec": spec}, *(["spec.sourceRepos.1"] if found else []))


_CLASS = {
    "apiVersion": "scheduling.k8s.io/v1", "kind": "PriorityClass", "metadata": {"name": "models"}, "value": 1000,
}  # fmt: skip
_API = "rbac.authorization.k8s.io"
_ACCOUNT = {"kind": "ServiceAccount", "name": "sync", "namespace": "models"}


def _role(kind: str = "ClusterRole", place: str = "models", name: str = "reader", **rule: Any) -> dict[str, Any]:
    metadata = {"name": name} if kind == "ClusterRole" else {"name": name, "namespace": place}
    rules = [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get"]}, {"apiGroups": [""], **rule}]
    return {"apiVersion": f"{_API}/v1", "kind": kind, "metadata": metadata, "rules": rules}


def _binding(
    rule: int, kind: str, role: str, subject: dict[str, Any], *at: str, others: tuple[dict[str, Any], ...], of: str = "ClusterRole", alone: bool = True
) -> Case:  # fmt: skip
    metadata = {"name": "b"} if kind == "ClusterRoleBinding" else meta("b")
    document = {
        "apiVersion": f"{_API}/v1", "kind": kind, "metadata": metadata, "subjects": [subject],
        "roleRef": {"apiGroup": _API, "kind": of, "name": role},
    }  # fmt: skip
    return case(rule, document, {}, *at, others=others, alone=alone)


def _wide(*at: str, subject: dict[str, Any] = _ACCOUNT, role: str = "reader", **rule: Any) -> Case:
    given = {"resources": ["secrets"], "verbs": ["get"], **rule}
    return _binding(63, "ClusterRoleBinding", role, subject, *at, others=(_role("Role", **given), _role(**given)))


def _local(rule: int, subject: dict[str, Any], *at: str, of: str = "Role", place: str = "models", **more: Any) -> Case:
    role = _role(of, place, **{"resources": ["secrets"], "verbs": ["list"], **more})
    return _binding(rule, "RoleBinding", "reader", subject, *at, others=(CM, role), of=of)


_DEFAULT = {**_ACCOUNT, "name": "default"}
_PODS = {"kind": "Group", "name": "system:serviceaccounts:models"}
_BY_USER = {"kind": "User", "name": "system:serviceaccount:models:default"}
_PEOPLE = ({"kind": "Group", "name": "team"}, {"kind": "User", "name": "default"})
_VERBS = ("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection")

CASES = [
    # KAITO060: the cluster's own.
    *(
        _own(name)
        for name in (
            "aws-auth", "extension-apiserver-authentication", "cluster-info", "coredns", "node-local-dns", "cilium-config",
            "calico-config", "kube-proxy", "kubelet-config", "kubeadm-config",
        )
    ),
    _own("cluster-info", place="kube-public"),
    _own("kube-root-ca.crt", place="models"),
    _own("aws-auth", place=""),
    _own("coredns", place="models", found=False),
    _own("container-azm-ms-agentconfig", found=False),
    # KAITO060: names.
    *(
        _zone(zone)
        for zone in (
            ".", ".:53", "dns://.:53", "cluster.local", "models.svc.cluster.local:53", "local", "a.example com",
            "huggingface.co", "cdn.huggingface.co", "hf.co", "co", "MCR.microsoft.com", "microsoft.com.", "blob.core.windows.net",
            "azurecr.io", "(snippet)", "10.0.0.0/8", "a.example,huggingface.co", "a.example,\n.", "import",
            "ghcr.io", "registry-1.docker.io", "nvcr.io", "quay.io", "registry.k8s.io", "public.ecr.aws", "raw.githubusercontent.com",
            "login.microsoftonline.com", "management.azure.com", "sts.amazonaws.com", "kaito-project.github.io", "files.pypi.org",
            "eastus.data.mcr.microsoft.com", "cas-bridge.xethub.hf.co", "vault.azure.net", "azmk8s.io", "amazonaws.com",
        )
    ),
    *(
        _zone(zone, found=False)
        for zone in (
            "corp.example.com:53", "ours.azurecr.io", "privatelink.blob.core.windows.net", "10.in-addr.arpa", "a.example b.example",
            "notcluster.local", "myhf.co",
        )
    ),
    _map(_DNS, "a.server", 'corp.example.com {\n  forward . "x"\n}\n'),
    _map(_DNS, "a.server", "corp.example.com {\n  x{\n}\n. {\n forward . 10.0.0.1\n}\n}\n"),
    _map(_DNS, "a.server", "corp.example.com {\n  hosts {\n    10.0.0.1 a\n  }\n  forward . 10.0.0.1\n}\n", found=False),
    _map(_DNS, "a.server", "corp.example.com {\n  hosts {\n    10.0.0.1 a\n  }\n}\n. {\n}\n"),
    _map(_DNS, "a.server", "corp.example.com {\n  errors # why {\n}\n. {\n}\n"),
    _map(_DNS, "a.server", "{$ZONE} {\n}\n"),
    _map(_DNS, "a.server", "Y29ycA==", part="binaryData"),
    _map(_DNS, "a.override", "rewrite stop name a b\n"),
    _map(_DNS, "a.override", "log\nhosts {\n  10.0.0.1 huggingface.co\n}\n"),
    _map(_DNS, "a.override", "forward . 10.0.0.53\n"),
    _map(_DNS, "a.override", "log\ncache 30\nerrors\n", found=False),
    _map(_DNS, "a.server", ". {\n}\n", place=""),
    _map(_DNS, "own.db", "@ IN A 10.0.0.1\n", found=False),
    _map(_DNS, "a.server", ". {\n}\n", found=False, place="models"),
    # KAITO060: Argo CD.
    *(
        _argo(_ARGO, key, value)
        for key, value in (
            ("kustomize.buildOptions", "--load-restrictor LoadRestrictionsNone"), ("kustomize.buildOptions.v5", "--enable-exec"),
            ("kustomize.path.v9", "/tmp/k"), ("configManagementPlugins", "- name: x"), ("helm.valuesFileSchemes", "https, s3"),
            ("users.anonymous.enabled", "true"), ("exec.enabled", "true"), ("accounts.me", "apiKey, login"),
            ("dex.config", "connectors: []"), ("oidc.config", "issuer: x"),
        )
    ),
    *(
        _argo(_ARGO, key, value, found=False)
        for key, value in (
            ("kustomize.buildOptions", "--enable-helm"), ("kustomize.buildOptions.v5", " "), ("helm.valuesFileSchemes", "https"),
            ("users.anonymous.enabled", "false"), ("exec.enabled", "false"), ("accounts.me.enabled", "false"), ("dex.config", ""),
            ("oidc.config", ""), ("resource.customizations.health.kaito.sh_Workspace", "return {}"), ("exec.shells", "sh"),
        )
    ),
    _argo("argocd-notifications-cm", "users.anonymous.enabled", "true", found=False),
    _argo(_RBAC, "policy.default", "role:admin"),
    _argo(_RBAC, "policy.matchMode", "regex"),
    *(
        _argo(_RBAC, key, text)
        for key, text in (
            ("policy.csv", "p, role:x, applications, get, */*, allow\ng, me, role:admin\n"), ("policy.team.csv", "g,me,role:admin"),
            ("policy.csv", "p, me, *, *, */*, allow"), ("policy.csv", 'g, "me", "role:admin"'),
        )
    ),
    _map(_RBAC, "policy.csv", "ZywgbWU=", place="argocd", part="binaryData"),
    *(
        _argo(_RBAC, key, text, found=False)
        for key, text in (
            ("policy.default", "role:readonly"), ("policy.default", ""), ("policy.matchMode", "glob"), ("scopes", "[groups]"),
            ("policy.csv", "g, me, role:readonly\np, me, *, *, */*, deny\np, me, applications, *, models/*, allow"),
        )
    ),
    *(
        _argo(_PARAMS, key, value)
        for key, value in (
            ("server.disable.auth", "true"), ("repo.server", "evil:8081"), ("redis.server", "evil:6379"), ("dex.server", "http://evil"),
            ("server.dex.server", "http://evil"), ("reposerver.allow.oob.symlinks", "true"), ("application.namespaces", "*"),
            ("applicationsetcontroller.namespaces", "models"),
        )
    ),
    *(
        _argo(_PARAMS, key, value, found=False)
        for key, value in (
            ("server.disable.auth", "false"), ("repo.server", "argocd-repo-server:8081"), ("repo.server", ""),
            ("redis.server", "argocd-redis:6379"), ("redis.server", ""), ("server.insecure", "true"),
            ("dex.server", "https://argocd-dex-server:5556"), ("dex.server", ""), ("server.dex.server", ""),
            ("server.dex.server", "https://argocd-dex-server:5556"), ("reposerver.allow.oob.symlinks", "false"),
            ("application.namespaces", "argocd"), ("application.namespaces", ""), ("applicationsetcontroller.namespaces", ""),
            ("applicationsetcontroller.namespaces", "argocd"),
        )
    ),
    # KAITO061
    *(
        _project(source, reach)
        for reach in (_ALL_KINDS, _EVERYWHERE)
        for source in ("*", "**", "https://*", "https://git.example.com/*", "*.example.com/a/b")
    ),
    _project("*", {"clusterResourceWhitelist": [{"group": "rbac.authorization.k8s.io", "kind": "ClusterRole*"}]}),
    _project("*", {"clusterResourceWhitelist": [{"group": "rbac.authorization.k8s.io", "kind": "X"}]}, found=False),
    _project("*", {"destinations": [{"server": "*", "namespace": "**"}]}),
    _project("*", {"destinations": [{"server": "*", "namespace": "models"}, {"server": "*", "namespace": ""}]}),
    *(_project("*", reach, found=False) for reach in (_ONE, {}, {"clusterResourceWhitelist": [{"group": "", "kind": "Namespace"}]})),
    _project("*", {"clusterResourceWhitelist": [{"group": "kaito.sh", "kind": "*"}]}, found=False),
    *(_project(source, _ALL_KINDS, found=False) for source in ("https://git.example.com/contoso/*", "!*", "git@example.com:a/b")),
    # KAITO062
    case(62, _CLASS, {"globalDefault": True}, "globalDefault"),
    case(62, _CLASS, {"globalDefault": False}),
    case(62, _CLASS, {}),
    # KAITO063
    *(_wide("roleRef.name", verbs=["x", verb]) for verb in _VERBS),
    _wide("roleRef.name", subject=_PEOPLE[0]),
    _wide("roleRef.name", apiGroups=["*"]),
    _wide(verbs=["use"]),
    _wide(resources=["secretstores"]),
    _wide(apiGroups=["example.com"]),
    _wide(resourceNames=["a"]),
    _wide(role="another"),
    _wide(role="edit"),  # KAITO049's
    *(_local(63, subject, "subjects.0.name", of=of) for subject in (_DEFAULT, _PODS, _BY_USER) for of in ("Role", "ClusterRole")),
    *(_binding(63, "RoleBinding", name, _DEFAULT, "subjects.0.name", others=(), alone=False) for name in ("admin", "edit")),
    _binding(63, "RoleBinding", "view", _DEFAULT, others=()),
    _binding(63, "RoleBinding", "edit", _DEFAULT, others=(), of="Role"),
    *(_local(63, subject) for subject in (_ACCOUNT, *_PEOPLE)),
    _local(63, _DEFAULT, resourceNames=["a"]),
    _local(63, _DEFAULT, place="others"),
    # KAITO064
    *(_local(64, _ACCOUNT, "roleRef.name", of=of) for of in ("Role", "ClusterRole")),
    _local(64, {"kind": "User", "name": "system:serviceaccount:models:sync"}, "roleRef.name"),
    *(_local(64, subject) for subject in (_DEFAULT, _PODS, *_PEOPLE)),
    _local(64, _ACCOUNT, resourceNames=["a"]),
    _binding(64, "RoleBinding", "edit", _ACCOUNT, others=()),
    _binding(64, "ClusterRoleBinding", "reader", _ACCOUNT, others=(_role(resources=["secrets"], verbs=["get"]),)),
]  # fmt: skip
