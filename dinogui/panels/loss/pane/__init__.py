"""What is drawn between the axes of the loss plot: curves, band, grid and marks.

Begin with `curve_pane`. Imports only the plot's `axes`.
"""
