"""The card of a run that tells kinds: a name to type, and held-out names told as it learns.

`told_card` is the widget: begin there.
"""
