"""The course's own functions, under its own names: written to be read, and slow on purpose.

They stand apart from the rest of the engine, which is tested against them.
"""
