"""The plugin for every language."""
