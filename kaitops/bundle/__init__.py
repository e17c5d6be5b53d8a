"""The rendered tree as one OCI artifact, with checksums and a bill of the images that it leads to."""
