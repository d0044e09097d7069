"""The copies of runs that the program keeps by itself, in case it crashes or a run is left.

`autosave` writes them, `autosave_folder` says which window keeps which file, and `folder_watch`
notices what other windows change. Begin reading with `autosave_folder`.

May be imported by the rest of `library`. Imports `session`, `workers` and the engine.
"""
