"""How many parameters the network of a run had from which step on."""

from collections.abc import Sequence
from dataclasses import replace

from engine.nn.architecture import Architecture
from engine.training.record import Event


def network_sizes(now: Architecture, events: Sequence[Event]) -> tuple[tuple[int, int], ...]:
    """Return the steps from which on the network had another size, and its parameters.

    Parameters
    ----------
    now : Architecture
        The present one.
    events : sequence of Event
        All of the run's.

    Returns
    -------
    tuple of (int, int)
        The first one at step 0.
    """
    changes = [
        (event.step, change)
        for event in events
        for change in event.changes
        if change.name == "widths"
    ]
    first = changes[0][1].before if changes else now.widths
    sizes = {0: replace(now, widths=first).n_parameters}
    for step, change in changes:
        sizes[step] = replace(now, widths=change.after).n_parameters
    return tuple(sizes.items())
