"""How the window is laid out: the top bar, the cards in three columns, and the status line below.

`arrangement` puts everything in its place, and moves the right column into the panels' card where
the window is narrow. `presentation` makes the text larger and shows the plot alone. Begin with
`arrangement`.

May be imported by `dinogui.window` and `dinogui.app` only.
"""
