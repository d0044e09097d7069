"""The list of runs: its menu, its dialog, and what can be done with a run in it.

Begin reading with `runs_dialog`. `run_columns` says what the list shows and by what it is sorted,
and `run_dot` draws the sign that shows and hides a run on the plot.

It imports `dinogui.library`, `dinogui.session` and the packages below. `dinogui.window` imports it.
"""
