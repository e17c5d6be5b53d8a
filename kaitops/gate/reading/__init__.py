"""From the files of a tree to the objects of its clusters, and what of the tree nobody deploys or could be read."""
