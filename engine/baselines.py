"""Models that know nothing of order: what the network has to beat."""

import math


def uniform_loss(n_symbols: int) -> float:
    """Return what guessing every symbol alike costs: ln(n_symbols), in nats a character."""
    return math.log(n_symbols)
