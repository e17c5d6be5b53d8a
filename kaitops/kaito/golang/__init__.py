"""Go's standard library and YAML, as far as the controllers' words and verdicts depend on them."""
