"""What runs: whether a model serves, why not, and how to talk to it.

Reads clusters through ``kubectl``, which knows every way of logging in, and changes nothing in them. What a snapshot
of a cluster means is worked out by pure functions (:mod:`kaitops.live.judging`). The part that talks to a model's
server, :mod:`kaitops.live.talk`, is the only one that needs the libraries of the extra ``live``.
"""
