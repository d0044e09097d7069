"""Text that the network writes, and what it wrote during training.

Only the window imports it. Begin with `writing`.
"""
