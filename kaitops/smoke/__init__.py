"""Is an endpoint what was declared: checks that need nothing but Python, so that any Python image can run them.

The modules of this package import each other and the standard library alone: a Job mounts them as they are
(:mod:`kaitops.fleet.kinds.smoke`). What runtimes answer is data that they are given, from ``runtimes.json``. No content
of a model is printed.
"""
