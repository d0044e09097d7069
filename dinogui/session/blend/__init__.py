"""The kinds of names that the network of the run shown is asked to write.

`shares` is the value, and `chosen_blend` holds the one that is chosen. Begin with `chosen_blend`.
"""
