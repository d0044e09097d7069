"""DinoGUI's window: it shows what the engine does, and does no arithmetic on weights."""

from engine import __version__ as __version__
