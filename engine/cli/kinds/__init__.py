"""What commands do with names or tunes that have kinds, beside what they do with all of them.

`introduction` is what ``train`` says before such a run, `sampling` writes names of several kinds in
turn, and `evaluation` is the table of ``evaluate``. The commands import it.
"""
