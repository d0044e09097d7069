"""A run that is drawn beside the present one, and compared with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from dinogui.session.run import Run
from engine.data.vocabulary import Vocabulary
from engine.evaluation.units import Unit
from engine.nn.architecture import Architecture
from engine.nn.parameters import Parameters
from engine.runs.saved_curves import known_curves, read_curves
from engine.training.curves.network_sizes import network_sizes
from engine.training.curves.run_curves import Curves
from engine.training.messages import HeldOutLoss
from engine.training.record import Record

if TYPE_CHECKING:
    from engine.data.training_data import DataKind
    from engine.runs.run_file import SavedRun


@dataclass(frozen=True, eq=False)
class OverlaidRun:
    """A run as the plot and the comparison show it.

    Attributes
    ----------
    key : str
        Identifies it, as in the list of runs.
    run_id : int or None
        Its id if it is open.
    kind : str
        The kind of its data: "names" or "text".
    record : Record
        What it began with, and what has changed it.
    architecture : Architecture
        Of its latest network.
    curves : Curves
    step : int
        Steps made.
    seconds : float
        Spent training.
    vocabulary : Vocabulary
    parameters : Parameters or None
        Of its latest network; None if there has been no snapshot yet.
    colour : int
        Place in the theme's colours of runs.
    title : str
        Tells it apart from the others that are shown.
    reads_documents : bool
        Whether it reads a text document by document, so that it has a loss per document.
    """

    key: str
    run_id: int | None
    kind: DataKind
    record: Record
    architecture: Architecture
    curves: Curves
    step: int
    seconds: float
    vocabulary: Vocabulary
    parameters: Parameters | None = None
    colour: int = 0
    title: str = ""
    reads_documents: bool = False

    @classmethod
    def of_run(cls, run: Run, key: str) -> OverlaidRun | None:
        """Return an open run as it is now; None if it has no data."""
        corpus, architecture = run.corpus, run.architecture
        if corpus is None or architecture is None:
            return None
        begun_with = run.begun_with
        record = Record(
            corpus.source,
            corpus.fingerprint,
            run.recipe.name,
            run.settings,
            run.initial_hyperparameters,
            run.events,
            until=begun_with.until,
        )
        return cls(
            key,
            run.id,
            run.kind,
            record,
            architecture,
            run.curves,
            run.steps_made,
            run.progress.seconds if run.progress is not None else 0.0,
            corpus.vocabulary,
            run.snapshot.parameters if run.snapshot is not None else None,
            reads_documents=run.reads_documents,
        )

    @classmethod
    def of_file(cls, saved: SavedRun, key: str) -> OverlaidRun:
        """Return a run that was read from its file.

        Raises
        ------
        ValueError
            If its curves are damaged.
        """
        network = saved.network
        state = saved.state
        # Curves that the file does not have are those of the last and the best loss alone.
        curves = read_curves(saved.extras, state.step) or known_curves(state)
        curves.clock.sizes = network_sizes(network.parameters.architecture, state.events)
        return cls(
            key,
            None,
            network.kind,
            saved.record,
            network.parameters.architecture,
            curves,
            state.step,
            saved.seconds,
            network.vocabulary,
            network.parameters,
            reads_documents=network.document_break is not None and network.window is None,
        )

    def measured(self) -> tuple[HeldOutLoss | None, HeldOutLoss | None]:
        """Return the best and the last held-out loss; None where nothing was measured.

        What was measured before the first step is not the last loss of a run that has made steps.
        """
        curve = self.curves.held_out(Unit.NATS_PER_CHARACTER)
        per_name = self.curves.held_out(Unit.NATS_PER_NAME)
        told_right = self.curves.held_out(Unit.TOLD_RIGHT)
        found = []
        for point in (curve.lowest_point, curve.last_point):
            near = per_name.nearest(point[0]) if point is not None else None
            told = told_right.nearest(point[0]) if point is not None else None
            accuracy = told[1] if told is not None else None
            found.append(
                HeldOutLoss(int(point[0]), near[1], point[1], accuracy)
                if point is not None and near is not None
                else None
            )
        best, last = found
        return best, last if last is None or last.step or not self.step else None

    def in_look(self, colour: int, title: str) -> OverlaidRun:
        """Return the same run in a colour and with a title."""
        return replace(self, colour=colour, title=title)
