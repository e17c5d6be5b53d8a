"""From a workload of the fleet to the custom resource and what it refers to; one kind a module."""
