"""The window's own copies of races, so that none is lost by closing, by a crash or by a slip.

`race_folders` says where they are and whose they are, and `race_keeper` writes them, opens them
again and removes them. Begin reading with `race_keeper`.
"""
