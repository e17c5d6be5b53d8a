"""KAITO on AKS as typed, provable infrastructure and GitOps: the pure engine."""

try:
    from kaitops._version import __version__ as __version__
except ImportError:
    # A copy that was never installed: the build writes that file.
    __version__ = "0+source"
