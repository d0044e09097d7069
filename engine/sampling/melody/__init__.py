"""Improvising melodies: what is asked for, and how a network plays it.

Begin reading with `improvise`. `request` has what can be asked for, `grammar` which symbols may
follow.
"""
