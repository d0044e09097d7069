"""The states of a network that the streams of a text carry from one batch to the next."""

import numpy as np
from numpy.typing import NDArray

from engine.nn.layers.batch_backend import State
from engine.nn.layers.layer_stack import zero_states
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping


class StreamStates:
    """The states of all streams: zero until a network has updated them.

    Each array of a state is (streams, n_a), with a row for each stream.
    """

    def __init__(self) -> None:
        self._states: list[State] | None = None

    def of(self, parameters: Parameters, n_streams: int) -> list[State]:
        """Return the states by layer, which the network updates in place."""
        if self._states is None:
            self._states = zero_states(parameters, n_streams)
        return self._states

    def resize(self, resized: Resized, parameters: Parameters, n_streams: int) -> None:
        """Adapt the states to the new widths; those of a new layer start at zero."""
        if self._states is None:
            return
        carried: list[State] = [
            tuple(resized.carry(array, layer) for array in state)
            for layer, state in enumerate(self._states[: len(parameters.layers)])
        ]
        self._states = carried + zero_states(parameters, n_streams)[len(carried) :]

    def forget(self) -> None:
        """Begin all streams with zero states at the next batch."""
        self._states = None

    def clear(self, chosen: NDArray[np.bool_]) -> None:
        """Set the states of some streams to zero."""
        for state in self._states or []:
            for array in state:
                array[chosen] = 0.0

    def keep(self, chosen: NDArray[np.intp]) -> None:
        """Keep these streams, in this order."""
        if self._states is not None:
            self._states = [tuple(array[chosen] for array in state) for state in self._states]

    def lengthen(self, n_streams: int) -> None:
        """Add streams with zero states at the end, so that there are so many."""
        if self._states is not None:
            self._states = [tuple(_longer(each, n_streams) for each in s) for s in self._states]

    def state(self) -> StateDict:
        """Return everything that `restore` needs."""
        kept: StateDict = {"has_states": self._states is not None}
        for layer, state in enumerate(self._states or []):
            for part, array in enumerate(state):
                kept[f"state.{layer}.{part}"] = array.copy()
        return kept

    def restore(self, state: ValidatedMapping, parameters: Parameters, n_streams: int) -> None:
        """Continue with what `state` has returned.

        Raises
        ------
        ValueError
            If there are no such states of so many streams; the message names what does not fit.
        """
        self._states = None
        if state.value("has_states"):
            self._states = [
                tuple(
                    state.array(f"state.{layer}.{part}", array.shape, array.dtype)
                    for part, array in enumerate(zeros)
                )
                for layer, zeros in enumerate(zero_states(parameters, n_streams))
            ]


def _longer(array: NDArray[np.floating], count: int) -> NDArray[np.floating]:
    """Return an array (k, n_a) as one (count, n_a), with zeros in the new rows."""
    longer = np.zeros((count, array.shape[1]), array.dtype)
    longer[: len(array)] = array
    return longer
