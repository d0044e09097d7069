"""Which runs the loss plot shows beside the present one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal, Slot

from dinogui.session.open_runs import OpenRuns
from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.overlay.run_titles import titles_of
from dinogui.session.run import Run


class RunSource(Protocol):
    """Where runs come from that are not open, and how all of them are called."""

    def key_of(self, run: Run) -> str:
        """Return the key of an open run in the list of runs."""

    def colour_of(self, key: str) -> int | None:
        """Return the place of the colour that a person has chosen for a run, if any."""

    def choices(self) -> Sequence[tuple[str, str, int | None]]:
        """Return what can be shown: the key, a description, and the id if the run is open."""

    def read(
        self, key: str, done: Callable[[OverlaidRun], None], refused: Callable[[str], None]
    ) -> None:
        """Read a run from its file, and call one of the functions later."""


@dataclass(frozen=True)
class _Shown:
    run: OverlaidRun
    is_automatic: bool


class RunsOnPlot(QObject):
    """Knows the runs that are drawn beside the present one, and adds the run before it.

    A run that is added keeps its colour. A run from a file is read in the saving thread, and is
    there a moment later. The present run is never among them, also if it was added.

    Lives in the GUI thread.

    Parameters
    ----------
    runs : OpenRuns
    parent : QObject

    Attributes
    ----------
    adds_previous : bool
        Whether the run before is shown when another one on the same data takes its place.

    Signals
    -------
    changed()
        `overlaid` has changed.
    refused(str)
        A sentence says why a run cannot be shown.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, runs: OpenRuns, parent: QObject) -> None:
        super().__init__(parent)
        self._runs = runs
        self._source: RunSource | None = None
        self._shown: list[_Shown] = []
        self._awaited: set[str] = set()  # keys of runs that are being read
        self._left: Run | None = None
        self._is_settled = True
        self._overlaid: tuple[OverlaidRun, ...] | None = None
        self.adds_previous = True

    def use_source(self, source: RunSource) -> None:
        """Show runs of a library, too."""
        self._source = source

    @property
    def overlaid(self) -> tuple[OverlaidRun, ...]:
        """The runs beside the present one, with titles that tell them apart from it as well."""
        if self._overlaid is None:
            runs = [shown.run for shown in self._shown if not self._is_present(shown.run)]
            present = self.present
            titles = titles_of(runs if present is None else [present, *runs])
            titles = titles[len(titles) - len(runs) :]
            self._overlaid = tuple(
                run.in_look(self._colour_of(run), title)
                for run, title in zip(runs, titles, strict=True)
            )
        return self._overlaid

    @property
    def present(self) -> OverlaidRun | None:
        """The present run as it is now, to be compared with the others; None without data."""
        run = self._runs.shown
        return OverlaidRun.of_run(run, self._key_of(run))

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """The keys of all runs that can be shown, each with a description."""
        listed = self._source.choices() if self._source is not None else ()
        return [(key, text) for key, text, _ in listed]

    def is_shown(self, key: str) -> bool:
        """Whether a run is on the plot, or will be once it has been read."""
        return key in self._awaited or any(key == shown.run.key for shown in self._shown)

    def show(self, key: str) -> None:
        """Show a run beside the present one."""
        if self.is_shown(key):
            return
        listed = self._source.choices() if self._source is not None else ()
        run_id = next((run_id for each, _, run_id in listed if each == key), None)
        run = self._runs.get(run_id) if run_id is not None else None
        overlaid = OverlaidRun.of_run(run, key) if run is not None else None
        if overlaid is not None:
            self._add(overlaid, is_automatic=False)
        elif self._source is not None:
            self._awaited.add(key)
            self._source.read(key, self._take_read, lambda why: self._take_refusal(key, why))
            self._tell()

    def hide(self, key: str) -> None:
        """Take a run off the plot."""
        self._awaited.discard(key)
        self._shown = [shown for shown in self._shown if shown.run.key != key]
        self._tell()

    @Slot()
    def hide_all(self) -> None:
        """Take all runs off the plot, but for the present one."""
        self._awaited.clear()
        self._shown.clear()
        self._tell()

    @Slot(bool)
    def add_previous(self, on: bool) -> None:
        """Show the run before from now on when another takes its place, or stop that."""
        self.adds_previous = on

    # The present run, and the list

    @Slot(object)
    def note_left(self, run: Run) -> None:
        """Remember the run that another one is about to replace."""
        self._left = run

    @Slot()
    def show_previous(self) -> None:
        """Add the run that was just left, in place of the one that was added so before."""
        left, now, self._left = self._left, self._runs.shown, None
        self._is_settled = False
        self._shown = [
            shown
            for shown in self._shown
            if not shown.is_automatic or _is_same_data(shown.run, now)
        ]
        if left is not None and self.adds_previous and left.curves.has_losses:
            overlaid = OverlaidRun.of_run(left, self._key_of(left))
            if left is not now and overlaid is not None and _is_same_data(overlaid, now):
                self._shown = [
                    shown
                    for shown in self._shown
                    if not shown.is_automatic or self._is_present(shown.run)
                ]
                self._take_over(overlaid)
        self._tell()

    @Slot()
    def settle(self) -> None:
        """Take over the last steps of the run before, once the new one has reported anything."""
        if not self._is_settled:
            self._is_settled = True
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Take over what has changed in open runs and in the list; drop runs that were deleted."""
        listed = None if self._source is None else {key for key, *_ in self._source.choices()}
        kept = []
        for shown in self._shown:
            run = self._runs.get(shown.run.run_id) if shown.run.run_id is not None else None
            overlaid = None if run is None else OverlaidRun.of_run(run, self._key_of(run))
            now = shown.run if overlaid is None else overlaid.in_look(shown.run.colour, "")
            if listed is None or now.key in listed or self._is_present(now):
                kept.append(replace(shown, run=now))
        self._shown = kept
        self._tell()

    def _key_of(self, run: Run) -> str:
        return f"run {run.id}" if self._source is None else self._source.key_of(run)

    def _colour_of(self, run: OverlaidRun) -> int:
        chosen = self._source.colour_of(run.key) if self._source is not None else None
        return run.colour if chosen is None else chosen

    def _is_present(self, run: OverlaidRun) -> bool:
        now = self._runs.shown
        return run.run_id == now.id or run.key == self._key_of(now)

    def _add(self, run: OverlaidRun, *, is_automatic: bool) -> None:
        taken = {shown.run.colour for shown in self._shown}
        colour = next(place for place in range(len(taken) + 1) if place not in taken)
        self._shown.append(_Shown(run.in_look(colour, ""), is_automatic))
        self._tell()

    def _take_over(self, left: OverlaidRun) -> None:
        """Add the run that was left, unless it is there already, perhaps as its file has it."""
        for place, shown in enumerate(self._shown):
            if shown.run.run_id == left.run_id or shown.run.key == left.key:
                self._shown[place] = replace(shown, run=left.in_look(shown.run.colour, ""))
                return
        self._add(left, is_automatic=True)

    def _take_read(self, run: OverlaidRun) -> None:
        if run.key in self._awaited:
            self._awaited.discard(run.key)
            self._add(run, is_automatic=False)

    def _take_refusal(self, key: str, why: str) -> None:
        if key in self._awaited:
            self._awaited.discard(key)
            self.refused.emit(why)
            self._tell()

    def _tell(self) -> None:
        self._overlaid = None
        self.changed.emit()


def _is_same_data(run: OverlaidRun, now: Run) -> bool:
    return now.corpus is not None and run.record.fingerprint == now.corpus.fingerprint
