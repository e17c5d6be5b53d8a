"""The command lines of the parts of a control plane: what differs from upstream's defaults, and why.

Paths are relative to the directory that all parts work in, but for the certificates. Starts nothing.
"""

from pathlib import Path

# etcd wants a port in the name of a socket too. The name is relative to the working directory, which etcd and the
# API server share.
ETCD_CLIENTS = "unix://etcd.sock:0"
ETCD_PEERS = "unix://etcd-peers.sock:0"


def etcd() -> list[str]:
    """For etcd: one member, no disk guarantees."""
    return [
        "--name=e2e",
        "--data-dir=etcd",
        f"--listen-client-urls={ETCD_CLIENTS}",
        f"--advertise-client-urls={ETCD_CLIENTS}",
        f"--listen-peer-urls={ETCD_PEERS}",
        f"--initial-advertise-peer-urls={ETCD_PEERS}",
        f"--initial-cluster=e2e={ETCD_PEERS}",
        # Nothing here has to survive a power cut.
        "--unsafe-no-fsync",
        "--log-level=warn",
    ]


def apiserver(port: int, certificates: Path) -> list[str]:
    """For kube-apiserver: tokens, RBAC, self-made certificates."""
    # The server makes this key for itself at its first start; that it also signs service account tokens saves a
    # second one and a tool to make it.
    key = certificates / "apiserver.key"
    return [
        f"--etcd-servers={ETCD_CLIENTS}",
        "--bind-address=127.0.0.1",
        f"--secure-port={port}",
        "--advertise-address=127.0.0.1",
        # An address of the loopback is not allowed as an endpoint of the service `kubernetes`, and nobody
        # here would use it.
        "--endpoint-reconciler-type=none",
        f"--cert-dir={certificates}",
        "--token-auth-file=tokens.csv",
        "--anonymous-auth=false",
        "--authorization-mode=RBAC",
        "--service-account-issuer=https://kubernetes.default.svc",
        f"--service-account-key-file={key}",
        f"--service-account-signing-key-file={key}",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--allow-privileged=true",
        "--profiling=false",
    ]


def controller_manager(certificates: Path) -> list[str]:
    """For kube-controller-manager: all controllers, each with its own rights, serving nothing."""
    return [
        "--leader-elect=false",
        "--secure-port=0",
        "--use-service-account-credentials=true",
        f"--service-account-private-key-file={certificates / 'apiserver.key'}",
        f"--root-ca-file={certificates / 'apiserver.crt'}",
        "--profiling=false",
    ]


def scheduler() -> list[str]:
    """For kube-scheduler: serving nothing."""
    return ["--leader-elect=false", "--secure-port=0", "--profiling=false"]
