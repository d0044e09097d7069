"""The curves of other runs in the loss plot.

`overlay_curves` draws them. `dinogui.panels.loss.run_overlay` hands them the runs.
"""
