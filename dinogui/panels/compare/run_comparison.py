"""The comparison of the present run with those beside it on the plot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from dinogui.session.overlay.overlaid_run import OverlaidRun
from dinogui.session.overlay.run_titles import titles_of
from dinogui.session.session import Session
from engine.data.corpus import Corpus
from engine.data.text import Text
from engine.data.vocabulary import Vocabulary
from engine.nn.parameters import Parameters

if TYPE_CHECKING:
    from engine.racing.comparison import Comparison
    from engine.racing.gradient_pieces import GradientLeft

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


def comparison_of(
    runs: Sequence[OverlaidRun], gradients: Sequence[GradientLeft | None]
) -> Comparison:
    """Return the table of what differs between runs; all have parameters.

    Parameters
    ----------
    runs : sequence of OverlaidRun
    gradients : sequence of GradientLeft or None
        Of each run; None where it has not been measured.
    """
    from engine.racing.compared_run import ComparedRun, rates_of
    from engine.racing.comparison import compare

    compared = []
    for run, gradient in zip(runs, gradients, strict=True):
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
                gradient=gradient,
                rates=rates_of(run.record, run.step, run.curves.clock, run.kind),
            )
        )
    return compare(compared, with_names=False)


def measured_gradients(
    data: Corpus | Text, networks: Sequence[tuple[Parameters, Vocabulary]]
) -> list[GradientLeft | None]:
    """Measure the gradient flow of networks on pieces of the same data."""
    from engine.racing.gradient_pieces import pieces_of

    pieces = pieces_of(data)
    return [pieces.measure(parameters, vocabulary) for parameters, vocabulary in networks]


def networks_of(runs: Sequence[OverlaidRun]) -> list[tuple[Parameters, Vocabulary]]:
    """Return the networks of runs that all have parameters."""
    return [(run.parameters, run.vocabulary) for run in runs if run.parameters is not None]


def comparison_text(session: Session, form: str) -> str:
    """Return the comparison as text.

    Parameters
    ----------
    session : Session
    form : str
        A name in `engine.racing.comparison_formats.COMPARISON_FORMATS`.
    """
    from engine.racing.comparison_formats import COMPARISON_FORMATS

    runs, data = compared_runs(session), session.corpus
    gradients: list[GradientLeft | None] = [None] * len(runs)
    if data is not None:
        gradients = measured_gradients(data, networks_of(runs))
    return COMPARISON_FORMATS[form].to_text(comparison_of(runs, gradients))


def copy_comparison(session: Session, form: str) -> None:
    """Copy the comparison to the clipboard; see `comparison_text`."""
    QGuiApplication.clipboard().setText(comparison_text(session, form))
