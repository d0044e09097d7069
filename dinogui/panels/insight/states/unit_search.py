"""What is computed about one hidden unit: what drives it, its weights, and the loss without it."""

from collections.abc import Callable
from dataclasses import dataclass

from dinogui.common.data_nouns import DATA_NOUNS
from engine.data.corpus import Corpus
from engine.data.text import Text, pieces_of
from engine.evaluation.held_out.data import HeldOutData
from engine.insight import Drivers, UnitWeights, drivers, unit_weights
from engine.nn.ablation import HiddenUnit
from engine.training.messages import RunRequest, Snapshot

_WORK = 2 * 10**9
"""Number of multiplications to spend: about half a second."""

_PIECES, _PIECE_LENGTH = 4_000, 50
"""A text is sampled by this many pieces from all over it, of this many symbols each."""

_PLACES = 8
"""How many places in the data are listed in each direction."""


@dataclass(frozen=True)
class UnitRequest:
    """Which unit to show: its layer (from 1), its index (from 0) and one of its quantities."""

    layer: int
    unit: int
    quantity: str

    @property
    def hidden_unit(self) -> HiddenUnit:
        """The unit alone."""
        return HiddenUnit(self.layer, self.unit)


@dataclass(frozen=True)
class LossWithout:
    """Losses on the held-out data, in nats per character.

    Attributes
    ----------
    with_it, without_it : float
        Of the network with the unit, and of the network in which it is held at zero. Other units
        that are switched off are off in both.
    """

    with_it: float
    without_it: float


@dataclass(frozen=True)
class UnitResult:
    """What was found out about a unit.

    Attributes
    ----------
    request : UnitRequest
    counted : str
        What was read: "names" or "pieces of the text".
    step : int
        Steps that the network had made.
    symbols : tuple of str
    is_off : bool
        Whether the unit is switched off. What drives it is what would drive it if it were on.
    found : Drivers
    weights : UnitWeights
    loss : LossWithout or None
        None if the run holds nothing out.
    """

    request: UnitRequest
    counted: str
    step: int
    symbols: tuple[str, ...]
    is_off: bool
    found: Drivers
    weights: UnitWeights
    loss: LossWithout | None


class UnitSearch:
    """Makes the work of a search. What a run holds out is encoded once.

    The work runs in one background thread, one at a time.
    """

    def __init__(self) -> None:
        self._run_id: int | None = None
        self._held_out: HeldOutData | None = None

    def of(
        self,
        snapshot: Snapshot,
        trained: Snapshot,
        run: RunRequest,
        request: UnitRequest,
        units_off: frozenset[HiddenUnit],
    ) -> Callable[[], UnitResult]:
        """Return the work.

        Parameters
        ----------
        snapshot : Snapshot
            With all units, at the kinds that are looked at.
        trained : Snapshot
            The same network as it is trained: its loss is that of names of all kinds.
        run : RunRequest
            Its run.
        request : UnitRequest
            The network has such a unit.
        units_off : frozenset of HiddenUnit
        """
        return lambda: self._result(snapshot, trained, run, request, units_off)

    def _result(
        self,
        snapshot: Snapshot,
        trained: Snapshot,
        run: RunRequest,
        request: UnitRequest,
        units_off: frozenset[HiddenUnit],
    ) -> UnitResult:
        unit = request.hidden_unit
        with_it = snapshot.without(units_off - {unit})
        compared = (trained.without(units) for units in (units_off - {unit}, units_off | {unit}))
        return UnitResult(
            request,
            DATA_NOUNS[run.corpus.kind].sequences,
            snapshot.step,
            snapshot.vocabulary.symbols,
            unit in units_off,
            _drivers(with_it, run.corpus, request),
            unit_weights(with_it, unit),
            self._loss(run, *compared),
        )

    def _loss(self, run: RunRequest, with_it: Snapshot, without_it: Snapshot) -> LossWithout | None:
        if not run.recipe.holds_out:
            return None
        if self._held_out is None or self._run_id != run.run_id:
            self._held_out, self._run_id = run.held_out_data(), run.run_id
        losses = (self._held_out.loss(network.parameters) for network in (with_it, without_it))
        return LossWithout(*(loss.nats_per_character for loss in losses))


def _drivers(snapshot: Snapshot, corpus: Corpus | Text, request: UnitRequest) -> Drivers:
    if isinstance(corpus, Text):
        names = pieces_of(corpus.symbols, _PIECES, _PIECE_LENGTH)
    else:
        names = snapshot.vocabulary.encode_all(corpus.distinct_names)
    return drivers(snapshot, names, request.layer, request.unit, request.quantity, _PLACES, _WORK)
