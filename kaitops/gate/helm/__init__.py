"""What Argo CD and Flux have helm make of charts: which releases there are of one, and with which values.

``release`` is the form of one, ``argo`` and ``flux`` read them from their objects. What renders them is ``charts``.
"""
