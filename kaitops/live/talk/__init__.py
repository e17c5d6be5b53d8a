"""Talking to a model: what needs the libraries of the extra ``live``, imported by the verbs that talk alone."""
