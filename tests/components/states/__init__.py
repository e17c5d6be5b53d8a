"""What each release of ours registered for a typical program, and what the program of today would do to it.

``python -m tests.components.states 0.2.0`` records a release; a record that is there is never written again.
"""
