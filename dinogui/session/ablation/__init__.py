"""Hidden units that are switched off in the network that is looked at; the training has them all.

May be imported by the rest of `session` and by what is above it. Imports the engine.
"""
