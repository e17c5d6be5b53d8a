"""The net: what the product answers to a fixed corpus, recorded, so that two commits can be held against each other.

``python -m tests.net record OUT`` runs the corpus and writes one file a case; ``python -m tests.net compare A B`` says
what differs, case by case. It judges nothing: a record is what one commit did, right or wrong.
"""
