"""The objects of one cluster: what admission and the controllers make of them, what they refer to, and the rules."""
