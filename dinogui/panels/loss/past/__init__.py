"""Going back in time: the play-head under the plot, the replay, and the events of the run.

`past_view` is the place to begin: it connects what is looked at with the plot.
"""
