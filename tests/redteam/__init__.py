"""Attacks on the first promise of the gate: each class of them, as data, with what must come of it.

``python -m tests.redteam [CLASS ...]`` runs them; ``--sample`` a few of each class.
"""
