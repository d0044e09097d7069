"""Runs on disk, and runs repeated: saving, resuming, replaying, and starting from a saved network.

`run_file` saves and loads whole runs, `saved_network` networks alone; `entries` holds what the
parts of a run are written as. `file_versions` upgrades what earlier versions wrote, and
`saved_curves` and `saved_log` put the loss curves and the training log into a file. `replay`
repeats a run from its record, and `warm_start` begins a new run with the parameters of a saved
network. Begin with `run_file`; the format itself is described in resources/docs/file-format.md.

The package imports `storage`, `data`, `nn` and `training`; `cli` and the window may import it.
"""
