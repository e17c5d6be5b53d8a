"""How KAITO's controllers come onto a cluster: which charts, with which values and images, in which order."""
