"""Azure's resource manager as far as tests need it: types, rules of names, what a change replaces."""
