"""Melodies: what the network improvises, and how it is asked, seen and heard.

`card` has the Melody column, which takes the place of the names for runs on melodies. `roll` shows
the piano roll, and the passages known from the tunes.
"""
