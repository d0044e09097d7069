"""A run that goes on: what can be read of it, changed in it, and gone back to.

`observed_run` is what others see of a run, `changed_run` adds changes of its hyperparameters and of
its end, and `returning_run` the ways back to an earlier network. `engine.training.trainer` stands
on them, and makes the steps.
"""
