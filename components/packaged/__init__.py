"""The components of the plugin that every language uses: thin ones over those of Python, typed as a schema can."""
