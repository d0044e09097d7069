"""The held-out end of a running text."""

import numpy as np

from engine.data.text_encoder import Symbols
from engine.data.training_data import OnProgress, ignore_progress
from engine.evaluation.baselines import MAX_ORDER, BetweenParts, Indices, NGrams, fit_to_text
from engine.evaluation.held_out.size import MAX_SYMBOLS, MAX_WINDOWS, PIECE_LENGTH, HeldOutSize
from engine.evaluation.text_loss import loss_of_pieces, loss_of_text, loss_of_windows
from engine.nn.network import NamesLoss
from engine.nn.parameters import Parameters


class HeldOutText:
    """The held-out end of a text.

    Every symbol is predicted from what stands before it in the text. An n-gram model of order n
    reads the n - 1 symbols before it. A network in streams reads at least the `WARM_UP` symbols
    before each piece, and one in windows the window. So even the first symbol of a piece has its
    context, which for the first piece is the end of the training part.

    Parameters
    ----------
    symbols : (n,) array
        The whole text, as indices.
    count : int
        How many symbols at its end are held out, from 1 to n - 1.
    n_symbols : int
        Size of the vocabulary.
    window : int, optional
        Symbols of a window, if the network reads in windows.
    """

    def __init__(
        self, symbols: Symbols, count: int, n_symbols: int, window: int | None = None
    ) -> None:
        self._symbols, self._count, self._n_symbols = symbols, count, n_symbols
        self._begin, self._window = len(symbols) - count, window
        most = MAX_SYMBOLS if window is None else MAX_WINDOWS
        self._length = PIECE_LENGTH if window is None else 1
        last = len(symbols) - self._length
        starts = np.linspace(self._begin, max(last, self._begin), most // self._length)
        self._starts: Indices | None = starts.astype(np.intp) if count > most else None
        self.size = HeldOutSize(min(count, most), count, "symbol")

    def places(self, *, in_full: bool = False) -> Indices:
        """Return where the measured symbols stand in the text, in ascending order."""
        if in_full or self._starts is None:
            return np.arange(self._begin, len(self._symbols))
        return (self._starts[:, None] + np.arange(self._length)).ravel()

    def loss(
        self,
        parameters: Parameters,
        *,
        in_full: bool = False,
        on_progress: OnProgress = ignore_progress,
    ) -> NamesLoss:
        """Return the loss of a network on the symbols."""
        text = self._symbols
        if self._window is not None:
            places = self.places(in_full=in_full)
            return loss_of_windows(parameters, text, places, self._window, on_progress)
        if in_full or self._starts is None:
            before, after = text[: self._begin], text[self._begin :]
            return loss_of_text(parameters, before, after, on_progress)
        return loss_of_pieces(parameters, text, self._starts, self._length, on_progress)

    def fit_n_grams(self, between_parts: BetweenParts | None = None) -> NGrams:
        """Return n-gram models of the training part, of all orders up to `MAX_ORDER`."""
        training = self._symbols[: self._begin]
        return fit_to_text(training, self._n_symbols, MAX_ORDER, between_parts)

    def n_gram_losses(self, models: NGrams, *, in_full: bool = False) -> list[NamesLoss]:
        """Return the losses of these models on the symbols, order 1 first."""
        return models.losses_at(self._symbols, self.places(in_full=in_full))
