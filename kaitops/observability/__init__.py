"""Dashboards and alerts for the models, rendered from one definition in ``presets/observability.json``.

Owns what is watched and how each monitoring system is told. It talks to none of them.
"""
