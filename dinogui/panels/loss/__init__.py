"""The plot of the loss: curves that grow, baselines, the legend, the grid, and the automatic range.

Only the window imports it. Begin with `loss_plot`.
"""
