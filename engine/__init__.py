"""A character-level recurrent network and its training, in NumPy and the standard library.

Nothing in here knows of a window, starts a thread, sleeps, prints (but for `command_line`) or
touches the global random state.
"""
