"""What is known of the past of a run that goes on.

`trainer_state` is everything that a trainer is between two steps, as a value; `checkpoints` keeps
such values of many steps in a bounded memory, and `run_history` is all that is needed to reach any
step again; `event_log` takes down what was done to the run, and
`machine_history` where it was made.
"""
