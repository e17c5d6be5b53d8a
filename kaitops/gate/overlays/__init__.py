"""Kustomizations that change or make objects: built by the real tool, so that what the cluster gets is judged.

``graph`` says which folders are built and what they take, ``tool`` runs kustomize, ``origins`` says which line of which
file brought a value, ``building`` puts them together.
"""
