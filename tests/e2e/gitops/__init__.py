"""The real GitOps controllers on a test's control plane, and what stands in for the servers that they read from."""
