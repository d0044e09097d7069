"""Notes: what a melody is, its grid of durations, its symbols, its files and its sound.

A file is read into `played.PlayedMelody`, whose times are as they were played. `grid` brings the
durations to a grid, which gives a `note.Melody`. `symbols` names the symbols that a network reads
and writes.

All other packages may import this one. It imports only `engine.storage`, and knows nothing of
networks. Begin reading with `note`.
"""
