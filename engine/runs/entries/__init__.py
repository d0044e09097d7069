"""The entries of a run's file: what each part of a run is written as, and how it is read again.

`state_entries` has the run and the state of its trainer, `data_entries` the data, and
`checkpoint_entries` earlier states. Everything is checked as it is read.

May be imported by `runs`. resources/docs/file-format.md describes the entries.
"""
