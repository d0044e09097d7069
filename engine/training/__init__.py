"""Training a network, step by step, with hyperparameters that may change between steps.

`trainer` is the place to begin: a `Trainer` makes steps, measures the loss, changes
hyperparameters and goes back when the loss diverges. It rests on a `learner` (network and
optimizer), on a data loader (`loaders`), on `smoothing`, `held_out_schedule` and
`divergence_guard`. `settings`, `recipes` and `presets` describe runs, `record` says what was done
to one, `step_memory` reckons what a step needs, `machine_history` says where a run was made, and
`messages` are the frozen values that may cross from one thread to another.

The package imports `storage`, `data`, `nn` and `evaluation`; `runs`, `insight`, `cli` and the
window may import it.
"""
