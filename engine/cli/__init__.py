"""The command line, ``python -m engine``: all that the window can do without a window.

There is one module for each command, and `main` has the list of them. `command` says what a command
is, and `cli_training` is the training loop with what it prints. `options` has the options that
commands share, and how they are parsed and checked. `terminal` prints messages and progress, and
handles the signals that end a program.

It imports the whole engine, and only this package prints. Nothing else in the engine imports it.
Begin reading with `main`.
"""
