"""The declaration: what users write in ``fleet.yaml``, checked, and turned into Kubernetes objects."""
