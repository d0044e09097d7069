"""The parts that the main window is made of, and what they show of its run.

`window_parts` names what the window is given. `run_display` brings it up to date when there is
another run, or the run has another state or another unit. `run_log` shows the run's training log,
and `run_view` gathers what its file keeps of the panels.

May be imported by `window` and `app`. Imports every other package of the window.
"""
