"""KAITO on AKS as typed, provable infrastructure and GitOps: the pure engine."""

__version__ = "0.1.0"
