"""The hyperparameters and the settings of a run: what acts at once, and what starts a new run.

Only the window imports it. Begin with `controls` for the sliders, and with `model` for the rest.
"""
