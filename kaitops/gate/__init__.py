"""The gate: judges the manifests of a repository as a cluster with KAITO would, and by rules, offline.

:func:`kaitops.gate.run.run` puts the parts together; each part adds findings to one report.
"""
