"""The choice of a kind of names, or of a blend of kinds, above the names.

`kinds_view` puts the parts together: begin there.
"""
