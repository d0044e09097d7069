"""A character-level recurrent network and its training, in NumPy and the standard library.

Nothing in here knows of a window, starts a thread, sleeps, prints (but for `engine.cli`) or
touches the global random state.
"""

# Written here, and read by the build: to ask for an installed package's version, importlib.metadata
# would load the email, csv and zip modules before the window can be shown.
__version__ = "0.1.0"
