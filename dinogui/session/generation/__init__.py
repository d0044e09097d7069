"""Names: those that a network is asked for, and those that a person keeps.

`name_generation` asks for names and measures how new they are, and `kept_names` stores the names
with a star. Each sends its orders to a thread of its own.

May be imported by `session` and by what is over it. Imports `workers` and `common`.
"""
