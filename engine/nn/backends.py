"""The backends: what computes the steps of a run."""

BACKENDS = ("numpy", "compiled")
"""NumPy, or the compiled kernels of `engine.nn.fast.compiled` where they serve.

The two differ in the last bits, so a run names the one that it is made with.
"""
