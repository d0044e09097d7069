"""A knob: a large value to type, over a track on which it can be dragged.

Imported by panels. `scale` knows where a value lies on a track and needs no Qt; begin with `knob`.
"""
