"""AKS with GPU capacity, the KAITO controllers and typed KAITO resources, as Pulumi components."""
