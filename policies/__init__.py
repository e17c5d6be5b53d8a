"""Policies over what kaitops renders and what people write by hand: one rule a file, one verdict in every engine."""
