"""Evaluation: how good a network is, and what it has to beat.

`held_out` has what is held out, and which part of it is measured when. `baselines` has uniform
guessing and n-gram models, `kind_n_grams` those of each kind of names, `loss_by_kind` the loss of
each kind, `text_loss` the loss on a text, `units` the units of the loss. `nearest` finds the
training name nearest to a name, and `novelty` measures how much of a text is copied.
`kinds_report` says how the kinds of names are told, and `kind_baselines` what that has to beat.

It imports `engine.nn` and `engine.data`. `engine.training`, `engine.sampling` and all above may
import it. Begin reading with `held_out`.
"""
