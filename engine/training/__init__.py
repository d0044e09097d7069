"""Training a network, step by step, with hyperparameters that may change between steps.

`trainer` is the place to begin: a `Trainer` makes steps and measures the loss. What can be read of
a run, changed in it and gone back to between two steps is in `live_run`, and what is known of its
past in `history`; `curves` keeps its losses in a bounded memory. They rest on a `learner` (network
and optimizer), on a data loader (`loaders`), and on what `watching` smooths, keeps and notices.
`settings` with its `ranges`, `recipes`, `presets` and `ending` describe runs, `record` says what
was done to one, `step_memory` reckons what a step needs, and `messages` are the frozen values that
may cross from one thread to another.

The package imports `storage`, `data`, `nn` and `evaluation`; `runs`, `insight`, `cli` and the
window may import it.
"""
