"""What the window shows of a race, and how one is begun.

`race_commands` opens the dialog and begins races, `race_on_plot` shows one on the loss plot, and
`race_card` lists its lanes.
"""
