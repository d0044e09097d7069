"""Races: several runs on the same data at once, while the run shown stands.

`shown_race` begins a race and knows how far it is. `racing` is made of it: it ends races, saves
them, and opens them again. Begin reading with `shown_race`.
"""
