"""Optimisations for speed, one a module: why it is there, what it is worth, and its switch.

`switches` says how a benchmark turns one off. The network computes the same without any of them,
only slower. `compiled` holds the step that is compiled where Numba is installed. May be imported by
everything in `engine` and by the programs' entry points; all but `compiled` import nothing of
`engine` but `engine.nn.packing`. Begin with `aligned`, the smallest, and read `name_steps` before a
cell's ``Steps``.
"""
