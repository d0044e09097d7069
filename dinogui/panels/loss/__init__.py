"""The plot of the loss: curves that grow, other runs, baselines, legend, grid, automatic range.

Only the window imports it. Begin with `loss_plot`.
"""
