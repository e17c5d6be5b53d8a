"""Where a tree lies: what is said, what follows, what is refused."""

from typing import Any

import pytest

from kaitops.errors import BadInput
from tests.gitops.trees import GIT, cluster, fleet, objects, one, rendered


def test_a_cluster_without_engine_has_only_its_objects() -> None:
    rendering = rendered(fleet({"dev": cluster("none")}))
    assert {path.split("/")[1] for path in rendering.files} == {
        "namespaces", "configs", "workloads", "kustomization.yaml", "kaitops-context.yaml",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("gitops", "key", "message"),
    [
        ({"repository": GIT, "artifact": "oci://r.example.com/tree", "revision": "v1"}, "artifact", "keep one"),
        ({"artifact": "oci://r.example.com/tree"}, "artifact", "name tag or digest"),
        ({"repository": GIT, "cosign": "keys"}, "cosign", "the tree lies in a repository"),
        ({"repository": GIT, "secret": "token"}, "secret", "read by Flux only"),
    ],
)
def test_keys_that_do_not_go_together(gitops: dict[str, Any], key: str, message: str) -> None:
    declared = fleet({"dev": cluster("argocd")})
    declared["gitops"] = gitops
    with pytest.raises(BadInput, match=rf"fleet.yaml:\d+:\d+: gitops.{key}: .*{message}"):
        rendered(declared)


@pytest.mark.parametrize("address", ["file:///srv/fleet", "git@git.example.com:contoso/fleet.git"])
def test_an_address_that_flux_cannot_read_is_refused_and_left_to_argocd(address: str) -> None:
    declared = fleet({"dev": cluster("argocd")})
    declared["gitops"] = {"repository": address}
    (source,) = {each["spec"]["source"]["repoURL"] for each in objects(rendered(declared), "dev/gitops")}
    assert source == address
    declared["clusters"]["edge"] = cluster("flux")
    with pytest.raises(BadInput, match=r"fleet.yaml:\d+:\d+: gitops.repository: Flux, which cluster edge has"):
        rendered(declared)


@pytest.mark.parametrize("gitops", [{"repository": "not a url"}, {"path": "/absolute"}, {"interval": "soon"}, {"x": 1}])
def test_malformed_values_are_refused_with_their_key(gitops: dict[str, Any]) -> None:
    declared = fleet({"dev": cluster("flux")})
    declared["gitops"] = gitops
    with pytest.raises(BadInput, match=f"gitops.{next(iter(gitops))}"):
        rendered(declared)


def test_argocd_without_a_place_says_what_is_missing_and_renders_the_rest() -> None:
    declared = fleet({"dev": cluster("argocd")})
    del declared["gitops"]
    rendering = rendered(declared)
    (warning,) = rendering.warnings
    assert warning.startswith("fleet.yaml:")
    assert "clusters.dev.gitops: is argocd, but gitops.repository does not say" in warning
    assert not objects(rendering, "dev/gitops")
    assert [each["kind"] for each in objects(rendering, "dev/operator")] == ["Application"]
    assert [each["kind"] for each in objects(rendering, "_argocd")] == ["ConfigMap"]


def test_flux_without_a_place_uses_the_source_of_its_own_bootstrap() -> None:
    declared = fleet({"dev": cluster("flux")})
    del declared["gitops"]
    rendering = rendered(declared)
    assert not rendering.warnings
    assert not objects(rendering, "dev/bootstrap")
    stage = one(rendering, "dev/gitops", "Kustomization", "dev-workloads")
    assert stage["spec"]["sourceRef"] == {"kind": "GitRepository", "name": "flux-system"}
    assert stage["spec"]["path"] == "./manifests/clusters/dev/workloads"


def test_the_folder_of_the_tree_is_the_one_that_is_said() -> None:
    declared = fleet({"dev": cluster("flux"), "prod": cluster("argocd")})
    declared["gitops"] = {"repository": GIT, "path": "deploy/kaito", "revision": "v1.2.0", "namespace": "cd"}
    rendering = rendered(declared)
    assert (
        one(rendering, "dev/gitops", "Kustomization", "dev-configs")["spec"]["path"]
        == "./deploy/kaito/clusters/dev/configs"
    )
    assert one(rendering, "dev/bootstrap", "GitRepository", "kaitops")["spec"]["ref"] == {"tag": "v1.2.0"}
    source = one(rendering, "prod/gitops", "Application", "prod-configs")["spec"]["source"]
    assert source == {"repoURL": GIT, "targetRevision": "v1.2.0", "path": "deploy/kaito/clusters/prod/configs"}
    everything = [
        *objects(rendering, "dev/gitops"),
        *objects(rendering, "dev/bootstrap"),
        *objects(rendering, "prod/bootstrap"),
    ]
    assert {each["metadata"]["namespace"] for each in everything} == {"cd"}


@pytest.mark.parametrize(
    ("revision", "ref"),
    [
        ("main", {"branch": "main"}),
        ("v2.0.1", {"tag": "v2.0.1"}),
        ("refs/heads/x", {"name": "refs/heads/x"}),
        ("0123456789abcdef0123456789abcdef01234567", {"commit": "0123456789abcdef0123456789abcdef01234567"}),
    ],
)
def test_flux_is_told_what_a_revision_is(revision: str, ref: dict[str, str]) -> None:
    declared = fleet({"dev": cluster("flux")})
    declared["gitops"] = {"repository": GIT, "revision": revision}
    assert one(rendered(declared), "dev/bootstrap", "GitRepository", "kaitops")["spec"]["ref"] == ref


def test_an_artifact_is_pinned_and_verified() -> None:
    declared = fleet({"dev": cluster("flux")})
    digest = "sha256:" + "ab" * 32
    declared["gitops"] = {
        "artifact": "oci://r.example.com/tree",
        "revision": digest,
        "cosign": "keys",
        "secret": "pull",
        "path": ".",
    }
    rendering = rendered(declared)
    source = one(rendering, "dev/bootstrap", "OCIRepository", "kaitops")["spec"]
    assert source["ref"] == {"digest": digest}
    assert source["verify"] == {"provider": "cosign", "secretRef": {"name": "keys"}}
    assert source["secretRef"] == {"name": "pull"}
    stage = one(rendering, "dev/gitops", "Kustomization", "dev-workloads")["spec"]
    assert stage["sourceRef"] == {"kind": "OCIRepository", "name": "kaitops"}
    assert stage["path"] == "./clusters/dev/workloads"


def test_argocd_cannot_follow_a_digest_and_a_cluster_may_have_a_revision_of_its_own() -> None:
    declared = fleet({"dev": cluster("argocd"), "prod": cluster("flux", revision="v3")})
    declared["gitops"] = {"artifact": "oci://r.example.com/tree", "revision": "sha256:" + "ab" * 32}
    with pytest.raises(BadInput, match=r"gitops.artifact: Argo CD reads its Applications of cluster dev .* name a tag"):
        rendered(declared)
    declared["gitops"]["revision"] = "v2"
    tree = rendered(declared)
    assert one(tree, "dev/gitops", "Application", "dev-configs")["spec"]["source"]["targetRevision"] == "v2"
    assert one(tree, "prod/bootstrap", "OCIRepository", "kaitops")["spec"]["ref"] == {"tag": "v3"}
