"""What stands beside the confusion matrix, as pages of text: the names of a cell, and the kinds."""

from collections.abc import Sequence
from html import escape
from urllib.parse import quote

import numpy as np

from engine.evaluation.kinds_report import KindsReport

_MOST = 200
"""The most names that a page lists."""


def names_page(
    report: KindsReport, names: Sequence[str], kind: int, told: int, nouns: str = "names"
) -> str:
    """Return the names of a cell, the surest first, in Qt's rich text; each is a link.

    Parameters
    ----------
    report : KindsReport
    names : sequence of str
        What the report is about.
    kind, told : int
        The kind that the names have, and the one that was told.
    nouns : str
        What to call the names.
    """
    found = report.confused(kind, told)
    of, taken = escape(report.titles[kind]), escape(report.titles[told])
    n = int(report.confusion[kind].sum())
    if kind == told:
        heading = f"{len(found):,} of {n:,} {nouns} of {of} are told right."
    else:
        heading = f"{len(found):,} of {n:,} {nouns} of {of} are taken for {taken}."
    rows = [
        f"<tr><td><a href='{quote(names[each.place])}'>{escape(names[each.place])}</a></td>"
        f"<td align='right'>&nbsp;&nbsp;{each.confidence:.0%} {taken}</td>"
        + ("" if kind == told else f"<td align='right'>&nbsp;&nbsp;{each.of_kind:.0%} {of}</td>")
        + "</tr>"
        for each in found[:_MOST]
    ]
    more = f"<br>The {_MOST} surest of them:" if len(found) > _MOST else ""
    return f"{heading}{more}<table>{''.join(rows)}</table>"


def kinds_page(report: KindsReport, order: Sequence[int], nouns: str = "names") -> str:
    """Return precision and recall of each kind, in an order, in Qt's rich text.

    Parameters
    ----------
    report : KindsReport
    order : sequence of int
        The kinds.
    nouns : str
        What to call the names.
    """
    counts, precision, recall = report.confusion.sum(axis=1), report.precision, report.recall
    rows = "".join(
        f"<tr><td>{escape(report.titles[kind])}</td><td align='right'>&nbsp;{counts[kind]:,}</td>"
        f"<td align='right'>&nbsp;{_percent(recall[kind])}</td>"
        f"<td align='right'>&nbsp;{_percent(precision[kind])}</td></tr>"
        for kind in order
    )
    return (
        f"{report.accuracy:.1%} of {len(report.kinds):,} {nouns} are told right; the mean over the "
        f"kinds is {report.mean_recall:.1%}.<table><tr><th align='left'>Kind</th><th>&nbsp;"
        f"{nouns.capitalize()}</th><th>&nbsp;Recall</th><th>&nbsp;Precision</th></tr>"
        f"{rows}</table>Recall: of the {nouns} of the kind, the share that is told. Precision: of "
        f"the {nouns} that are told to be of the kind, the share that are."
    )


def _percent(share: float) -> str:
    return "–" if np.isnan(share) else f"{share:.0%}"
