"""The gate: judges the manifests of a repository as a cluster with KAITO would, offline."""
