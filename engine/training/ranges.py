"""The ranges of the numbers that describe a run.

They are apart from `settings` because command lines check them before they may import NumPy.
"""

MAX_SEED = 2**32 - 2
"""Largest seed of a run.

The course's recipe draws from NumPy's legacy generator, whose seeds have 32 bits, and also uses the
next seed.
"""

MAX_STEPS = 10**13
"""Most steps of a run: even the smallest network would need years for them."""

MAX_LEARNING_RATE = 1e20
"""Largest learning rate. Any network diverges long before."""

MAX_CLIP = 1e20
"""Largest bound of the gradient; a run whose gradients come near it has diverged."""

L2_BELOW = DECAY_BELOW = 1e9
"""The strength of L2 regularization and the decay lie below this."""

DROPOUT_BELOW = 1.0
"""The share that is dropped lies below this."""

LOST = 1e12
"""A loss above this, in nats, or NaN, means that the run has diverged."""
