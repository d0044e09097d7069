"""Runs on disk: saving, opening, autosave, and the earlier runs that can be shown again.

`run_store` puts together what a file of a run holds, and takes it apart. `saving` knows which file
the run shown belongs to. The package `autosave` writes what the user has not saved to a folder of
its own. The package `earlier` lists all runs, and shows them again. `library` puts these parts
together for the window. What the panels contribute to a file comes as a value,
`view_state.ViewState`.

Begin reading with `library`, then `run_store`.

May be imported by `window` and `app`. Imports `session`, `workers`, `common` and the engine.
"""
