"""What is in a cluster, and how one of its objects finds it."""

from typing import Any

from kaitops.kaito.kubernetes.cluster import Cluster, Seen


def thing(kind: str, name: str, namespace: str = "n", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name, "namespace": namespace}, **more}


A, B, SECRET, NODE = thing("Workspace", "a"), thing("Workspace", "b"), thing("Secret", "s"), thing("Node", "x", "y")


def test_an_object_does_not_find_itself() -> None:
    cluster = Cluster([B, A, NODE])
    seen = Seen(cluster, A)
    assert seen.get("Workspace", "n", "a") is None and cluster.get("Workspace", "n", "a") is A
    assert seen.of_kind("Workspace") == [B] and cluster.of_kind("Workspace") == [A, B]
    assert (len(seen), len(cluster), len(Seen(Cluster([A]), A))) == (2, 3, 0)
    twin = thing("Workspace", "a")
    assert Seen(cluster, twin).get("Workspace", "n", "a") is A, "another object of the same name is one of the others"
    assert len(Seen(cluster, twin)) == 3


def test_what_stands_in_gives_way_to_what_is_there() -> None:
    real = thing("Secret", "s", data={"k": "v"})
    assert Seen(Cluster([A]), A, [SECRET]).get("Secret", "n", "s") is SECRET
    seen = Seen(Cluster([A, real]), A, [SECRET, thing("Secret", "t")])
    assert seen.get("Secret", "n", "s") is real
    assert [one["metadata"]["name"] for one in seen.of_kind("Secret")] == ["s", "t"]
    assert seen.of_kind("Secret")[0] is real


def test_two_clusters_are_alike_where_all_answers_are() -> None:
    config = thing("ConfigMap", "c", data={"a": "1"})
    before = Seen(Cluster([A, B, config]), A)
    before.get("ConfigMap", "n", "c"), before.get("ConfigMap", "n", "later"), before.nodes({})
    assert before.is_like(Seen(Cluster([A, config, thing("Service", "z")]), A)), "nobody asked for others"
    assert not before.is_like(Seen(Cluster([A, thing("ConfigMap", "c", data={"a": "2"})]), A))
    assert not before.is_like(Seen(Cluster([A]), A))
    assert not before.is_like(Seen(Cluster([A, config, thing("ConfigMap", "later")]), A))
    assert not before.is_like(Seen(Cluster([A, config, NODE]), A))
    assert not before.is_like(Seen(Cluster([A]), A))
    assert not Seen(Cluster([A]), A).is_like(Seen(Cluster([A, B]), A)), "an empty cluster is told from one that is not"
