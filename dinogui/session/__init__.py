"""The session: the runs that are open, their training, and undo. No widgets.

`run.Run` is one run: its data, what it is built on, its curves, its state, and where it is saved.
`session.Session` holds the open runs by id and is the window's only way to the training. It is made
of three layers: `shown_run` is what can be read of the run shown, `trained_run` what can be done to
it, and `session` what concerns all runs and their data. Each of the other threads has one module
here that sends it orders: `training`, `data_reader`, `held_out_measuring`, `text_generation`,
`kernel_compilation`, and those in `generation`. `overlay` knows which other runs the plot shows.

Begin reading with `run`, then `session`.

May be imported by `library`, `panels`, `window` and `app`. Imports `workers`, `common`, `startup`
and the engine.
"""
