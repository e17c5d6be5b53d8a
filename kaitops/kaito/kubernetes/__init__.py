"""Kubernetes' machinery, as it judges an object before KAITO does: schema, metadata, names, quantities, images."""
