"""What is watched while a network trains: when it goes bad, and when it is best.

`smoothing` averages the training loss. `held_out_schedule` measures the held-out loss from time to
time, and `best_network` keeps the network for which it was lowest. `loss_watch` notices a training
loss that rises and stays high, and `divergence_guard` keeps good parameters to go back to. Begin
reading with `loss_watch`.

Imports `storage`, `data`, `nn` and `evaluation`, and of `training` the loaders, the learner, the
settings and the messages; the trainer and what lies above it may import it.
"""
