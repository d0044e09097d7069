"""The training thread's work, in three layers, each a base class of the next.

`reports` sends messages about the current run. `slices` trains it, and puts changed hyperparameters
into force between two slices. `training_worker` holds several runs, makes one of them the current
one, and leads it back to an earlier network. `step_rate` measures the speed, and `step_pace` spaces
the steps of a slow training; `batch_helper` computes half of each large batch in a second thread.
"""
