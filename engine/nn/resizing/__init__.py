"""Changing the widths and the number of layers of a network that has learned something.

Begin with `widths`: `widen`, `narrow` and `add_layer`. `undo` restores pruned units. May be
imported by `engine.training` and above; imports `engine.nn.network` and what lies below it.
"""
