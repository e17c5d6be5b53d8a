"""The rendered tree: where each object's file lies, and how the tree is replaced as a whole."""
