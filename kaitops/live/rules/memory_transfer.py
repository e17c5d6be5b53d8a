"""Memory that is not handed from machine to machine: RDMA of NCCL, and NIXL between the roles of a model."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"ibv_reg_mr\S* failed|memlock",
        "the container may not lock memory, which RDMA needs",
        "in a template of your own: the capability IPC_LOCK, or a larger memlock of the node's containerd",
    ),
    (
        r"ibv_(modify_qp|create_qp|open_device|alloc_pd)\S* failed|Got completion .* with status=\d+"
        r"|transport retry counter exceeded|RETRY_EXC",
        "the InfiniBand devices of the machines do not work with each other",
        "machines in one placement group with the driver of the fabric (kubectl get pods -A | grep -i -E "
        "'network-operator|rdma'); the variable NCCL_IB_DISABLE: \"1\" goes by Ethernet, and more slowly",
    ),
    (
        r"NIXL_ERR_\w+|nixl\w*Error|nixl_agent.*(failed|error)|UCX +ERROR",
        "NIXL, which hands the KV cache from prefill to decode, fails",
        "kubectl get networkpolicies of its namespace: the pods of its roles need every port among each other; the "
        "variable UCX_TLS: tcp,cuda_copy goes without RDMA",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(
        view, _WAYS, "memory is not handed from machine to machine", *signs.commands(view, "logs --previous")
    )


RULE = Rule(
    "memory-transfer",
    "engine",
    "degraded",
    "memory is not handed from machine to machine: RDMA may not lock it, InfiniBand or NIXL fails",
    "the server ends on every start, or answers no request that needs the other machine",
    _find,
)
