"""Panels that look inside the network while it learns."""
