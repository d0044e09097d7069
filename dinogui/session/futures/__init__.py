"""Futures: what the next steps of the run would be with one of its knobs turned.

Begin with `looking_ahead`. May be imported by the rest of `session` and by what is above it.
Imports the rest of `session`, its worker and the engine.
"""
