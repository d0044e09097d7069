"""The runs that the loss plot shows beside the present one.

`runs_on_plot` says which ones these are. Begin reading there.
"""
