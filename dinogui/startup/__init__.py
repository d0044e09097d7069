"""The start of the program: checks, optimisations, the log file and the handling of errors.

Modules
-------
platform_check
    Says in plain words why no window can be opened on this machine.
log_file, unexpected_errors
    The log file, and the dialog for exceptions that nothing has caught.
garbage, switch_interval, lean_dataclasses, lean_pyside, lean_pyqtgraph, first_paint,
painting_thread
    The optimisations. Each one says why it is there and what it is worth.
switches
    Turns single optimisations off, so that benchmarks can measure them.

This is the lowest package of `dinogui`: it imports no other, and all others may import it. Begin
reading with `switches`.
"""
