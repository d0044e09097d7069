"""A text to learn from: in parallel streams, or in windows as the course does it."""

import numpy as np
from numpy.typing import NDArray

from engine.data.text import Symbols, Text, pieces_of
from engine.data.training_data import counted
from engine.data.vocabulary import EncodedNames
from engine.evaluation.text_loss import loss_of_text, loss_of_windows
from engine.nn.network import NamesLoss, State, loss_of_names, zero_states
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.settings import RunSettings

MAX_HELD_OUT_SYMBOLS = 20_000
"""Held-out symbols that are measured on the way, at the most."""

MAX_HELD_OUT_WINDOWS = 2_000
"""The same for windows, each of which has to be read for one symbol."""

_READ_BETWEEN = 200_000
"""Symbols read from one measurement to the next: it costs a few percent of them."""

_READ_IN_WINDOWS_BETWEEN = 500_000
"""The same for windows, where measuring costs more."""

_LATEST = 41
"""Symbols of a text that stand for what was learned from last, at the most."""

_PROBE_PIECES = 50
_PROBE_LENGTH = 50


class _TextLoader:
    """What streams and windows have in common: a text in two parts.

    Parameters
    ----------
    text : Text
    settings : RunSettings

    Attributes
    ----------
    training, held_out : arrays
        The text's two parts, as indices.
    taken, measure_every, always_reads
        As in `engine.training.data_loader.DataLoader`.
    """

    always_reads = True

    def __init__(self, text: Text, settings: RunSettings, measure_every: int) -> None:
        self.training, self.held_out = text.split(settings.held_out)
        self.taken = 0
        self._latest = slice(0)
        self.measure_every = measure_every

    @property
    def latest(self) -> NDArray[np.intp] | None:
        """The end of what was learned from last, as indices; of a batch, of its first row.

        The last symbol is what was to be predicted last. None where nothing was since the start,
        or since the run was taken up again.
        """
        piece = self.training[self._latest][-_LATEST:]
        return piece.astype(np.intp) if len(piece) else None

    def training_probe(self) -> EncodedNames:
        """Return pieces from all over the training part."""
        return pieces_of(self.training, _PROBE_PIECES, _PROBE_LENGTH)

    def probe_loss(self, parameters: Parameters) -> float:
        """Return what pieces from all over the held-out part cost."""
        probe = pieces_of(self.held_out, _PROBE_PIECES, _PROBE_LENGTH)
        return loss_of_names(parameters, probe).nats_per_character


class StreamLoader(_TextLoader):
    """Reads the text in parallel streams, the state carried on: truncated backpropagation.

    The training part is cut into as many stretches as there are streams; each step reads the next
    symbols of each. At the stretch's end a stream starts over, from a zero state.
    """

    def __init__(self, text: Text, settings: RunSettings) -> None:
        super().__init__(text, settings, _READ_BETWEEN)
        self._length = settings.length
        self._streams = 0
        self._place = 0
        self._states: list[State] | None = None

    def __len__(self) -> int:
        """Return the training symbols."""
        return len(self.training)

    def next_batch(self, count: int) -> Packed:
        """Return the next symbols of `count` streams; fewer where the text is too short.

        Another number of streams than before cuts the text anew, and they start over.
        """
        count = min(count, len(self.training) // 2)
        each = len(self.training) // count
        if count != self._streams or self._place + 1 >= each:
            self._streams, self._place = count, 0
            self.forget_states()
        end = min(self._place + self._length, each - 1)
        rows = self.training[: count * each].reshape(count, each)
        batch = Packed.of_pieces(rows[:, self._place : end], rows[:, self._place + 1 : end + 1])
        self._latest = slice(self._place, end + 1)
        self._place = end
        self.taken += len(batch)
        return batch

    def held_out_loss(self, parameters: Parameters, *, in_full: bool = False) -> NamesLoss | None:
        """Measure the held-out part, or its first `MAX_HELD_OUT_SYMBOLS`."""
        measured = self.held_out if in_full else self.held_out[:MAX_HELD_OUT_SYMBOLS]
        return loss_of_text(parameters, self.training, measured)

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return the streams' states, which the network carries on in place."""
        if self._states is None:
            self._states = zero_states(parameters, self._streams)
        return self._states

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Carry the streams' states over; those of a layer that is new start at zero."""
        if self._states is None:
            return
        carried: list[State] = [
            tuple(resized.carry(array, layer) for array in state)
            for layer, state in enumerate(self._states)
        ]
        self._states = carried + zero_states(parameters, self._streams)[len(carried) :]

    def forget_states(self) -> None:
        """Let all streams begin with zero states at the next batch."""
        self._states = None

    def state(self) -> StateDict:
        """Return how the text is cut, the place in the streams, and their states."""
        kept: StateDict = {"taken": self.taken, "streams": self._streams, "place": self._place}
        kept["is_carrying"] = self._states is not None
        for layer, state in enumerate(self._states or []):
            for part, array in enumerate(state):
                kept[f"state.{layer}.{part}"] = array.copy()
        return kept

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Cut the text as it was, and go on from the place in the streams."""
        self.taken = state.whole("taken")
        self._streams = state.whole("streams", most=len(self.training) // 2)
        self._place = state.whole("place", most=len(self.training) // max(self._streams, 1))
        self._states = None
        if state.value("is_carrying"):
            self._states = [
                tuple(
                    state.array(f"state.{layer}.{part}", array.shape, array.dtype)
                    for part, array in enumerate(zeros)
                )
                for layer, zeros in enumerate(zero_states(parameters, self._streams))
            ]


class WindowLoader(_TextLoader):
    """Reads windows of the text in an order of its own every epoch, each from a zero state.

    Of each, only the symbol that follows it is predicted.
    """

    def __init__(self, text: Text, settings: RunSettings) -> None:
        window = settings.window or 1
        super().__init__(text, settings, max(_READ_IN_WINDOWS_BETWEEN // window, 1))
        self._starts = window_starts(len(self.training), window, settings.stride)
        self._window = window
        self._random = np.random.default_rng((settings.seed, 1))
        self._order: NDArray[np.intp] = np.empty(0, dtype=np.intp)
        self._place = 0

    def __len__(self) -> int:
        """Return the windows."""
        return len(self._starts)

    def next_batch(self, count: int) -> Packed:
        """Return the next windows; a batch that an epoch ends in goes on with the next."""
        parts: list[NDArray[np.intp]] = []
        missing = count
        while missing:
            if self._place == len(self._order):
                self._begin_epoch()
            parts.append(self._order[self._place : self._place + missing])
            self._place += len(parts[-1])
            missing -= len(parts[-1])
        chosen = np.concatenate(parts)
        self.taken += count
        self._latest = slice(int(chosen[0]), int(chosen[0]) + self._window + 1)
        inputs: Symbols = self.training[chosen[:, None] + np.arange(self._window)]
        return Packed.of_pieces(inputs, self.training[chosen[:, None] + self._window])

    def held_out_loss(self, parameters: Parameters, *, in_full: bool = False) -> NamesLoss | None:
        """Measure the held-out part, or `MAX_HELD_OUT_WINDOWS` of its symbols."""
        most = None if in_full else MAX_HELD_OUT_WINDOWS
        return loss_of_windows(parameters, self.training, self.held_out, self._window, most)

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return None: every window begins with a zero state."""
        return None

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Do nothing: there are no states to carry over."""

    def forget_states(self) -> None:
        """Do nothing, likewise."""

    def state(self) -> StateDict:
        """Return the place in the epoch, and what its order was drawn from."""
        is_begun = len(self._order) > 0
        return {
            "taken": self.taken,
            "place": self._place,
            "is_begun": is_begun,
            "random": self._drawn_from if is_begun else self._random.bit_generator.state,
        }

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Draw the epoch's order again, and go on from the place in it."""
        self.taken = state.whole("taken")
        self._random = state.random("random")
        if state.value("is_begun"):
            self._begin_epoch()
        self._place = state.whole("place", most=len(self._order))

    def _begin_epoch(self) -> None:
        self._place = 0
        self._drawn_from = self._random.bit_generator.state
        self._order = self._random.permutation(self._starts)


def check_length(text: Text, settings: RunSettings) -> None:
    """Look whether a text is long enough to make a step.

    Raises
    ------
    ValueError
        If its training part is shorter than one window, or than two symbols of a stream.
    """
    needed = 2 if settings.window is None else settings.window + 1
    left = len(text) - text.held_out_count(settings.held_out)
    if left < needed:
        raise ValueError(
            f"“{text.source}” leaves {counted(left, 'symbol')} to learn from, and a step needs "
            f"{needed:,} at least. Choose a longer text or shorter windows, or hold out less."
        )


def window_starts(n_symbols: int, window: int, stride: int) -> NDArray[np.intp]:
    """Return where the course's windows begin: every `stride` symbols, one symbol to follow.

    Source: `build_data` of the course's shakespeare_utils.py, ``range(0, len(text) - Tx, stride)``,
    which for The Sonnets, 40 and 3 gives 31,412.
    """
    return np.arange(0, n_symbols - window, stride)
