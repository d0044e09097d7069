"""DinoGUI's window: it shows what the engine does, and does no arithmetic on weights."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("dinogui")
except PackageNotFoundError:  # run from the source tree, without being installed
    __version__ = "0 (not installed)"
