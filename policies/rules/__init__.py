"""The built-in rules: one module each, each with a ``RULE``. The registry finds them by their file names."""
