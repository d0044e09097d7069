"""Changing the widths and the number of layers of a network that has learned something.

Begin with `layers.reshape`, which changes both; `widths` has `widen` and `narrow`. `undo` restores
pruned units, removed layers, and whole networks. May be imported by `engine.training` and above;
imports `engine.nn.network` and what lies below it.
"""
