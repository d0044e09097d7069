"""Options that several commands share, and how their values are parsed and checked.

`arguments` parses values and words the errors, `run_options` has the options that describe a run,
`train_options` the others of ``train``, `saved_run` those that name a saved run or one of its
networks, and `output_files` checks files before they are written. It imports `engine.cli.terminal`
and the packages below `engine.cli`; the commands import it.
"""
