"""Racing: several runs on the data of the run shown, which stands meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Signal, Slot

from dinogui.session.racing.raced_lane import RacedLane
from dinogui.session.racing.shown_race import RaceState, ShownRace
from dinogui.session.run import Run
from dinogui.session.trained_run import TrainedRun
from dinogui.workers.race_worker import LaneCopy, OpenedRace, RaceReport, RaceWorker
from dinogui.workers.run_copy import RunCopy
from dinogui.workers.service import Refusal
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.racing.lane import Lane
from engine.runs.saved_curves import curve_extras
from engine.training.curves.run_curves import Curves
from engine.training.messages import AnyLogEntry

ShowLane = Callable[[Corpus | Text, str | None, RunCopy, Curves, tuple[AnyLogEntry, ...]], Run]
"""Shows a lane as a run of its own; see `dinogui.session.session.Session.resume`."""


class Racing(ShownRace):
    """Orders races, one at a time, takes over one of the lanes if asked, and has their folders.

    The run shown is paused when a race begins, and nothing of it is changed. The race ends when
    another run is shown, or when the run is trained after all.

    Lives in the GUI thread.

    Parameters
    ----------
    session : TrainedRun
        The parent.
    show_lane : callable
        See `ShowLane`.
    use : callable
        Begins a run on the data of a race that is opened.

    Signals
    -------
    saved(str)
        The race is saved in a folder.
    kept(str)
        The window's own copy of a race is in its folder. The race may be over for good.
    not_kept(str)
        It could not be written; a sentence says why.
    left_out(str)
        Something of the race that was saved had no room; a sentence says what.
    """

    saved = Signal(str)
    kept = Signal(str)
    not_kept = Signal(str)
    left_out = Signal(str)

    def __init__(
        self, session: TrainedRun, show_lane: ShowLane, use: Callable[[Corpus | Text], None]
    ) -> None:
        super().__init__(session)
        self._show_lane, self._use = show_lane, use
        self._writing = 0  # orders for a copy of the window's own that are not answered yet

    @property
    def is_unsaved(self) -> bool:
        """Whether the lanes have made steps since the race was saved."""
        return self._steps != (self.saved_at or 0)

    @property
    def is_on_disk(self) -> bool:
        """Whether all steps that were reported are saved, or in the window's own copy."""
        return self._steps in (0, self.saved_at, self.kept_at)

    @property
    def is_being_kept(self) -> bool:
        """Whether a copy of the window's own is being written."""
        return self._writing > 0

    # How it ends

    @Slot()
    def end(self) -> None:
        """End the race for good. The run that stands is shown again.

        If steps of it are on no disk, the window's own copy is written.
        """
        if not self.is_on:
            return
        for method in (
            *(RaceWorker.begin, RaceWorker.extend, RaceWorker.open),
            *(RaceWorker.names, RaceWorker.copy),
        ):
            self._client.cancel(method)
        stands = self.state is not RaceState.RACING
        if self.keep_in is None or (stands and self.is_on_disk):
            self._client.cancel(RaceWorker.run)
            self._client.order(RaceWorker.forget)
        else:
            number = self._race_number
            left = partial(self._keep_left, number, self.keep_in, self.lanes)
            self._writing += 1
            self._client.order(RaceWorker.leave, number, done=left, refused=self._note_not_kept)
        self._leave()

    def _keep_left(
        self, number: int, folder: str, lanes: tuple[RacedLane, ...], report: RaceReport | None
    ) -> None:
        """Write a race that was left; by now all steps of its lanes have been reported."""
        self._writing -= 1
        if report is None:
            return
        self._take_report(lanes, report)
        if any(lane.step for lane in lanes):
            self._order_keeping(number, folder, lanes)

    def _leave(self) -> None:
        self._number += 1
        self._session.past.hold(False)
        self.lanes, self.plan, self.keep_in = (), None, None
        self.state = RaceState.OFF
        self.ended.emit()
        self.state_changed.emit(self.state)

    def take(self, lane: RacedLane) -> None:
        """End the race, and show a lane as a run, paused where it stands.

        The run that stood meanwhile stays open as it is.
        """
        if lane not in self.lanes:
            return
        self.pause()  # then all steps of the lane are reported before it is copied
        self._client.order(
            RaceWorker.copy,
            self._race_number,
            self.lanes.index(lane),
            done=partial(self._show_taken, self._number, lane),
            refused=self._tell_refusal,
            supersedes=True,
        )

    def _show_taken(self, number: int, lane: RacedLane, copy: LaneCopy) -> None:
        run = self._session.run
        if number != self._number or run.corpus is None:
            return
        self.end()
        # A copy: the lane may still take a last report, and is written with its own curves.
        curves = lane.curves.up_to(copy.run.state.step)
        self._show_lane(run.corpus, run.path, copy.run, curves, copy.log)

    # Its folder

    def save(self, folder: str) -> None:
        """Save the race in a folder. It goes on, or stands, as it did."""
        if self.is_on:
            self._between_slices(partial(self._order_saving, folder))

    def _order_saving(self, folder: str) -> None:
        self._client.order(
            RaceWorker.save,
            folder,
            _curves_of(self.lanes),
            self._with_data,
            done=partial(self._tell_saved, self._number, self._steps, folder),
            refused=self._tell_refusal,
        )

    @property
    def _with_data(self) -> bool | None:
        """Whether to save the data as well: what was pasted, for example, is nowhere else."""
        return True if self._session.path is None else None

    def keep(self) -> None:
        """Write a copy of the window's own, if one is wanted and steps of the race are on no disk.

        The race goes on, or stands, as it did.
        """
        folder = self.keep_in
        if folder is None or self.is_being_kept:
            return
        if self.state is RaceState.RACING or not self.is_on_disk:
            self._writing += 1
            self._between_slices(partial(self._keep_present, folder), self._give_up_keeping)

    def _keep_present(self, folder: str) -> None:
        self._writing -= 1
        self._order_keeping(None, folder, self.lanes)

    def _order_keeping(self, number: int | None, folder: str, lanes: tuple[RacedLane, ...]) -> None:
        self._writing += 1
        steps = sum(lane.step for lane in lanes)
        self._client.order(
            RaceWorker.keep,
            number,
            folder,
            _curves_of(lanes),
            self._with_data,
            done=partial(self._note_kept, lanes, steps, folder),
            refused=self._note_not_kept,
            outlasts_closing=True,
        )

    def _note_kept(
        self, lanes: tuple[RacedLane, ...], steps: int, folder: str, _left_out: str
    ) -> None:
        self._writing -= 1
        if lanes is self.lanes:
            self.kept_at = steps
        self.kept.emit(folder)

    def _note_not_kept(self, refusal: Refusal) -> None:
        self._writing -= 1
        self.not_kept.emit(refusal.sentence)

    def _give_up_keeping(self) -> None:
        self._writing -= 1

    def _between_slices(
        self, act: Callable[[], None], give_up: Callable[[], None] | None = None
    ) -> None:
        """Do something when all steps of the lanes have been reported; a race that goes on waits.

        If there is another race by then, or none, `give_up` is called instead.
        """
        number, was_racing = self._number, self.state is RaceState.RACING
        times_run = self._times_run
        self._runs_ordered += 1  # the answer to the order before does not decide on the state

        def act_now(_answer: object) -> None:
            if number != self._number:
                if give_up is not None:
                    give_up()
            elif times_run != self._times_run and self.state is RaceState.RACING:
                self._between_slices(act, give_up)  # it goes on again already
            else:
                act()
                if was_racing and self.state is RaceState.RACING:
                    self._run()

        self._client.order(RaceWorker.pause, done=act_now)

    def _tell_saved(self, number: int, steps: int, folder: str, left_out: str) -> None:
        if number == self._number:
            self.saved_at = steps
        self.saved.emit(folder)
        if left_out:
            self.left_out.emit(left_out)

    def open(self, folder: str, *, is_own: bool = False) -> None:
        """Show a race that was saved, paused where it stood. A race that is shown ends.

        Parameters
        ----------
        folder : str
        is_own : bool
            Whether that is a copy of the window's own: then the race counts as unsaved.
        """
        number = next(self._race_numbers)
        self._client.order(
            RaceWorker.open,
            folder,
            self._session.run.corpus,
            self._race_number,
            number,
            done=partial(self._show_opened, folder if is_own else None, number),
            refused=self._tell_refusal,
            supersedes=True,
        )

    def _show_opened(self, own_folder: str | None, number: int, opened: OpenedRace) -> None:
        corpus, now = opened.corpus, self._session.run.corpus
        reports = opened.report.lanes
        about = zip(opened.lanes, opened.extras, reports, opened.points, strict=True)
        try:
            lanes = tuple(
                RacedLane.opened(lane, place, extras, report.step, points, _length(corpus, lane))
                for place, (lane, extras, report, points) in enumerate(about)
            )
        except ValueError as error:
            self.end()
            self._client.order(RaceWorker.forget)
            self.refused.emit(f"The curve of a lane is damaged: {error}")
            return
        self._replace(opened)
        if now is None or now.fingerprint != corpus.fingerprint:
            try:
                self._use(corpus)
            except ValueError as error:  # the text is too short for the window's own run
                self._client.order(RaceWorker.forget)
                self.refused.emit(str(error))
                return
        self.keep_in = own_folder
        self._show(lanes, opened.plan, number, RaceState.PAUSED)
        self._take_report(lanes, opened.report)
        self.saved_at, self.kept_at = (None, self._steps)
        if own_folder is None:
            self.saved_at, self.kept_at = self.kept_at, None
        if opened.report.is_over:
            self._set_state(RaceState.OVER)

    def _replace(self, opened: OpenedRace) -> None:
        """Leave the race that is shown, if there is one: the worker has another in its place."""
        number, folder, lanes = self._race_number, self.keep_in, self.lanes
        is_written = self.state is not RaceState.RACING and self.is_on_disk
        if self.is_on:
            self._leave()
        if opened.left is None:
            return
        if folder is None or is_written:
            self._client.order(RaceWorker.drop, number)
        else:
            self._writing += 1
            self._keep_left(number, folder, lanes, opened.left)


def _curves_of(lanes: Sequence[RacedLane]) -> list[dict[str, Any]]:
    """Return what the files of the lanes hold of their curves."""
    return [curve_extras(lane.curves) for lane in lanes]


def _length(corpus: Corpus | Text, lane: Lane) -> float:
    """Return the symbols that a loss per name or document covers; 1 for a text in windows."""
    is_in_windows = isinstance(corpus, Text) and lane.settings.window is not None
    return 1.0 if is_in_windows else corpus.mean_length
