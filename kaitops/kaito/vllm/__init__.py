"""The server inside of KAITO's pods: which flags it takes, and what it makes of them.

The facts are ``presets/<version>/vllm.json``, taken from the vLLM that the KAITO version ships. Judging one
configuration is :mod:`kaitops.kaito.vllm.judging`.
"""
