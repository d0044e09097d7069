"""Runs on disk: saving, opening, autosave, and the earlier runs that can be shown again.

`run_store` puts together what a file of a run holds, and takes it apart. `saving` knows which file
the run shown belongs to. `autosave` writes what the user has not saved to the `autosave_folder`.
`earlier_runs` lists what is there, and shows it again. `library` puts these parts together for the
window. What the panels contribute to a file comes as a value, `view_state.ViewState`.

Begin reading with `library`, then `run_store`.

May be imported by `window` and `app`. Imports `session`, `workers`, `common` and the engine.
"""
