"""Sampling: names and text written by a network, and what is known of them.

`names` and `text` write, and names are written by one of the `name_writers`; `decoding` chooses
symbols from logits, and `random_streams` has the random numbers for it. `candidates` finds names
that meet `constraints`, `scoring` measures how well a name fits a network, and `known_names`
separates new names from training names. `changed_letters` compares two searches, and `export`
writes the result to files.

It imports `engine.evaluation` and the packages below that. `engine.cli` and the window import it.
Begin reading with `names`.
"""
