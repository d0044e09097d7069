"""The axes of the loss plot: their scales and ticks, and the range that is in view.

Begin with `scales`. Imports no other part of the plot.
"""
