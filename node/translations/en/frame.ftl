# What surrounds every page of the node.
