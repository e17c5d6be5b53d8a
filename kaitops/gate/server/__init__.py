"""A real API server's word on a tree: that of the current context, asked without writing, or of one made for it."""
