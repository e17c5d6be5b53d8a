"""The Azure resources of a cluster and of what stands beside it, each a component of Pulumi."""
