"""YAML documents: read strictly with positions, written safely for Kubernetes. Knows nothing of what they mean."""
