"""DinoGUI's window: it shows what the engine does, and does no arithmetic on weights."""

# Written here, and read by the build: to ask for an installed package's version, importlib.metadata
# would load the email, csv and zip modules before the window can be shown.
__version__ = "0.1.0"
