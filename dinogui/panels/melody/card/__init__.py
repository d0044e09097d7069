"""The Melody column: a request, what came of it, and the ways to hear and keep it.

Begin reading with `melody_panel`. No module of this package is imported before melodies are opened.
"""
