"""The head of the loss plot: the loss in large figures, what it beats, its unit, and the legend.

Only `dinogui.panels.loss` imports it. Begin with `loss_head`.
"""
