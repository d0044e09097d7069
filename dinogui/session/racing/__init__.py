"""Races: several runs on the same data at once, while the run shown stands.

`racing` orders them, and knows how far they are. Begin reading there.
"""
