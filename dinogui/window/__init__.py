"""The main window: its layout, its docks, and what its actions do.

`main_window` lays out and connects the parts that `dinogui.app` makes; `parts` names them.
`opening`, `run_commands` and `undo_commands` carry out what a person asks for. `window_settings`
stores how the window is left, `closing` decides whether it may close, and `termination` closes it
when the system asks. `offers` holds what the banner says and offers.

Begin reading with `dinogui.app`, then `main_window`.

May be imported by `app` only. Imports every other package of the window.
"""
