"""Data loaders for a text: in parallel streams, or in windows as in the course."""

import numpy as np
from numpy.typing import NDArray

from engine.data.text import Text, pieces_of
from engine.data.text_encoder import Symbols
from engine.data.training_data import counted
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.data import held_out_of_text
from engine.nn.layers.batch_backend import State
from engine.nn.network import loss_of_names
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.nn.resizing.widths import Resized
from engine.storage.validated_mapping import StateDict, ValidatedMapping
from engine.training.loaders.epoch_order import EpochOrder
from engine.training.loaders.stream_states import StreamStates
from engine.training.settings import RunSettings

_SYMBOLS_BETWEEN = 200_000
"""Symbols read between two measurements, which take a few percent of the time."""

_WINDOW_SYMBOLS_BETWEEN = 500_000
"""The same for windows, where a measurement takes longer."""

_LATEST = 41
"""Most symbols in `latest`."""

_PROBE_PIECES = 50
_PROBE_LENGTH = 50


class _TextLoader:
    """A text in two parts, for training and held out, common to both loaders.

    Parameters
    ----------
    text : Text
    settings : RunSettings

    Attributes
    ----------
    training, held_out : arrays
        The text's two parts, as indices.
    taken, held_out_data, measure_every, always_reads
        As in `engine.training.loaders.data_loader.DataLoader`.
    """

    always_reads = True

    def __init__(self, text: Text, settings: RunSettings, measure_every: int) -> None:
        self.training, self.held_out = text.split(settings.held_out, settings.seed)
        self.held_out_data = held_out_of_text(
            text, settings.seed, settings.held_out, settings.window
        )
        self.taken = 0
        self._latest = slice(0)
        self.measure_every = measure_every

    @property
    def latest(self) -> NDArray[np.intp] | None:
        """The end of the first row of the last batch, as indices, read-only.

        The last symbol is the last target. None before the first batch, also of a resumed run.
        """
        piece = self.training[self._latest][-_LATEST:].astype(np.intp)
        piece.flags.writeable = False
        return piece if len(piece) else None

    def training_probe(self) -> EncodedNames:
        """Return pieces from all over the training part."""
        return pieces_of(self.training, _PROBE_PIECES, _PROBE_LENGTH)

    @property
    def probe_characters(self) -> float:
        """1, as the loss of a text is that of its symbols."""
        return 1.0

    def probe_loss(self, parameters: Parameters) -> float:
        """Return the loss on pieces from all over the held-out part, in nats per symbol."""
        probe = pieces_of(self.held_out, _PROBE_PIECES, _PROBE_LENGTH)
        return loss_of_names(parameters, probe).nats_per_character


class StreamLoader(_TextLoader):
    """Reads the text in parallel streams and carries their states: truncated backpropagation.

    The training part is cut into one section per stream. Each step reads the next symbols of every
    section. At the end of its section a stream starts over with a zero state.
    """

    def __init__(self, text: Text, settings: RunSettings) -> None:
        super().__init__(text, settings, _SYMBOLS_BETWEEN)
        self._length = settings.length
        self._streams = 0
        self._position = 0
        self._states = StreamStates()

    def __len__(self) -> int:
        """Return the number of training symbols."""
        return len(self.training)

    def next_batch(self, count: int) -> Packed:
        """Return the next symbols of `count` streams, or of fewer if the text is too short.

        If the number of streams changes, the text is cut again and all streams start over.
        """
        count = min(count, len(self.training) // 2)
        each = len(self.training) // count
        if count != self._streams or self._position + 1 >= each:
            self._streams, self._position = count, 0
            self.forget_states()
        end = min(self._position + self._length, each - 1)
        rows = self.training[: count * each].reshape(count, each)
        batch = Packed.of_pieces(
            rows[:, self._position : end], rows[:, self._position + 1 : end + 1]
        )
        self._latest = slice(self._position, end + 1)
        self._position = end
        self.taken += len(batch)
        return batch

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return the streams' states, which the network updates in place."""
        return self._states.of(parameters, self._streams)

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Adapt the streams' states to the new widths; those of a new layer start at zero."""
        self._states.resize(resized, parameters, self._streams)

    def forget_states(self) -> None:
        """Begin all streams with zero states at the next batch."""
        self._states.forget()

    def state(self) -> StateDict:
        """Return the number of streams, the position in them, and their states."""
        kept: StateDict = {
            "taken": self.taken,
            "streams": self._streams,
            "position": self._position,
        }
        return kept | self._states.state()

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Cut the text as before, and continue from the position in the streams."""
        self.taken = state.whole("taken")
        self._streams = state.whole("streams", most=len(self.training) // 2)
        self._position = state.whole("position", most=len(self.training) // max(self._streams, 1))
        self._states.restore(state, parameters, self._streams)


class WindowLoader(_TextLoader):
    """Reads windows of the text in a new random order every epoch, each from a zero state.

    Only the symbol after a window is predicted.
    """

    def __init__(self, text: Text, settings: RunSettings) -> None:
        window = settings.window or 1
        super().__init__(text, settings, max(_WINDOW_SYMBOLS_BETWEEN // window, 1))
        self._starts = window_starts(len(self.training), window, settings.stride)
        self._window = window
        self._epoch = EpochOrder(settings.seed, lambda random: random.permutation(self._starts))

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self._starts)

    def next_batch(self, count: int) -> Packed:
        """Return the next windows. A batch may span two epochs."""
        chosen = self._epoch.take(count)
        self.taken += count
        self._latest = slice(int(chosen[0]), int(chosen[0]) + self._window + 1)
        inputs: Symbols = self.training[chosen[:, None] + np.arange(self._window)]
        return Packed.of_pieces(inputs, self.training[chosen[:, None] + self._window])

    def states(self, parameters: Parameters) -> list[State] | None:
        """Return None: every window begins with a zero state."""
        return None

    def resize_states(self, resized: Resized, parameters: Parameters) -> None:
        """Do nothing: there are no states."""

    def forget_states(self) -> None:
        """Do nothing: there are no states."""

    def state(self) -> StateDict:
        """Return the windows returned so far, and the position in the epoch."""
        return {"taken": self.taken} | self._epoch.state()

    def restore(self, state: ValidatedMapping, parameters: Parameters) -> None:
        """Continue from the position in the epoch."""
        self.taken = state.whole("taken")
        self._epoch.restore(state)


def check_length(text: Text, settings: RunSettings) -> None:
    """Check that a text is long enough for one step.

    Raises
    ------
    ValueError
        If the training part has no symbol after its first window, or fewer than two symbols.
    """
    needed = 2 if settings.window is None else settings.window + 1
    left = len(text) - text.held_out_count(settings.held_out, settings.seed)
    if left < needed:
        raise ValueError(
            f"“{text.source}” leaves {counted(left, 'symbol')} to train on, and a step needs "
            f"at least {needed:,}. Choose a longer text or shorter windows, or hold out less."
        )


def window_starts(n_symbols: int, window: int, stride: int) -> NDArray[np.intp]:
    """Return where the course's windows begin: every `stride` symbols, each followed by a symbol.

    Source: `build_data` of the course's shakespeare_utils.py, ``range(0, len(text) - Tx, stride)``,
    which for The Sonnets, 40 and 3 gives 31,412.
    """
    return np.arange(0, n_symbols - window, stride)
