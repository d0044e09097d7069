"""Races: several runs on the same data at once, and the comparison of runs.

`lane` says what a lane of a race is, `lane_sets` has ready-made lanes, `lane_text` reads lanes that
somebody has typed, and `equal_parameters` finds widths for a number of parameters. `race` trains
the lanes, `lane_curve` keeps their losses, and `race_folder` saves a race and opens it again.
`compared_run` is a run as others are compared with it, `comparison` lists what differs between
runs and what they have reached, and `comparison_formats` writes that as text. `gradient_pieces`
measures the gradient flow of all of them on the same data.

It imports `engine.insight`, `engine.runs`, `engine.sampling` and the packages below. The command
line and the window import it. Begin reading with `race`.
"""
