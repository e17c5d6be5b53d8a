"""What Argo CD and Flux need beside the objects: who applies which folder, after what, and what they leave alone."""
