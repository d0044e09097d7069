"""What if: futures of the run with a knob turned, asked for beside the knob and drawn in the plot.

Only the window imports it. Begin with `what_if`, which connects the rest.
"""
