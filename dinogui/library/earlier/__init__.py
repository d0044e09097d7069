"""The list of runs: what it knows of each, and how a run is shown again, named and deleted.

`earlier_runs` is the list, `earlier_run` and `run_facts` say what it holds, `run_catalogue` reads
the index, `run_addition` adds files, and `trash` says how long deleted runs are kept. Begin reading
with `earlier_run`.

May be imported by the rest of `library`, by `panels` and by `window`. Imports `library.autosave`,
`session`, `common` and the engine.
"""
