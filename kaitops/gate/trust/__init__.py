"""Whose word counts: what the invoker names, what the base holds, what is believed of a context and a fleet."""
