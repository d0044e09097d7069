"""The comparison of the present run with those beside it on the plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.overlay.run_titles import titles_of
from dinogui.session.session import Session

if TYPE_CHECKING:
    from engine.racing.comparison import Comparison

# `engine.racing` is imported when runs are first compared: no start needs to wait for it.


def compared_runs(session: Session) -> list[OverlaidRun]:
    """Return the runs that are compared, the present one first; or the lanes of a race.

    A run whose network has not been reported yet is left out.
    """
    if session.racing.is_on:
        return session.racing.overlaid
    on_plot = session.on_plot
    present = on_plot.present
    shown = [*([] if present is None else [present]), *on_plot.overlaid]
    runs = [run for run in shown if run.parameters is not None]
    return [
        run.in_look(run.colour, title) for run, title in zip(runs, titles_of(runs), strict=True)
    ]


def comparison_of(runs: Sequence[OverlaidRun]) -> Comparison:
    """Return the table of what differs between runs; all have parameters."""
    from engine.racing.compared_run import ComparedRun
    from engine.racing.comparison import compare

    compared = []
    for run in runs:
        assert run.parameters is not None  # as `compared_runs` sees to
        best, latest = run.measured()
        compared.append(
            ComparedRun(
                run.title,
                run.record,
                run.step,
                run.seconds,
                run.parameters,
                run.vocabulary,
                None,
                best,
                latest,
            )
        )
    return compare(compared, with_names=False)


def comparison_text(session: Session, form: str) -> str:
    """Return the comparison as text.

    Parameters
    ----------
    session : Session
    form : str
        A name in `engine.racing.comparison_formats.COMPARISON_FORMATS`.
    """
    from engine.racing.comparison_formats import COMPARISON_FORMATS

    return COMPARISON_FORMATS[form].to_text(comparison_of(compared_runs(session)))


def copy_comparison(session: Session, form: str) -> None:
    """Copy the comparison to the clipboard; see `comparison_text`."""
    QGuiApplication.clipboard().setText(comparison_text(session, form))
