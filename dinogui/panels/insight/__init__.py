"""Panels that look inside the network while it learns.

Each panel is a folder: its `__init__` declares the panel, and the widget is imported when the panel
is first shown. What they share is in `frame`. The computations are pure functions of
`engine.insight`. Begin with `clipping`.
"""
