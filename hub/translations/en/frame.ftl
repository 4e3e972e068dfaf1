# What surrounds every page of the hub.
