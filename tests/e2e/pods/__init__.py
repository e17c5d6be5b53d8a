"""Containers as a pod declares them, started for real without a kubelet: user, groups, mounts, environment, rights."""
