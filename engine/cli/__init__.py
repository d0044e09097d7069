"""The command line, ``python -m engine``: all that the window can do without a window.

There is one module for each command, and `main` has the list of them. `command` says what a command
is, `arguments` parses values, `train_options` has the options of ``train``, and `saved_run` those
that ``resume`` and ``replay`` share. `cli_training` is the training loop with what it prints,
`signal_handling` defers the signals that end a program, and `output` checks files before they are
written and prints messages.

It imports the whole engine, and only this package prints. Nothing else in the engine imports it.
Begin reading with `main`.
"""
