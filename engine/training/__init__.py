"""Training a network, step by step, with hyperparameters that may change between steps.

`trainer` is the place to begin: a `Trainer` makes steps, measures the loss, changes
hyperparameters, and goes back when the loss diverges or rises; `observed_run` is what can be read
of it meanwhile. It rests on a `learner` (network and optimizer), on a data loader (`loaders`), and
on what `watching` smooths, keeps and notices. `settings` with its `ranges`, `recipes`, `presets`
and `ending` describe runs, `record` says what was done to one and `event_log` takes it down,
`step_memory` reckons what a step needs, `machine_history` says where a run was made, and `messages`
are the frozen values that may cross from one thread to another.

The package imports `storage`, `data`, `nn` and `evaluation`; `runs`, `insight`, `cli` and the
window may import it.
"""
