"""The panels of the main window.

Each sub-package has one subject: `loss` (the plot of the loss), `model` (hyperparameters and
what the network is built of), `what_if` (futures of the run), `names` and `text` (what the network
writes), and `insight` (what happens inside the network). A panel speaks to the session only, never
to a worker. Only the window and the composition root import from here.

The panels that can be docked are listed in `registry`; `panel` says what each of them declares.
Begin with `registry`, then read a small panel such as `names/memory_meter`.
"""
