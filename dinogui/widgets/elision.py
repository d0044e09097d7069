"""Texts with a "…" where there is no room for all of them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics


def elided_text(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return as much of a text as fits into so many pixels.

    Qt rounds the width of a text down to elide it, and so cuts some that fit exactly.
    """
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def elided_around(text: str, part: str, metrics: QFontMetrics, width: int) -> str:
    """Return as much of a text as fits, with "…" before it too if a part of it is not seen else.

    Parameters
    ----------
    text : str
    part : str
        What is to be seen. If it is empty, or not in the text, the beginning is shown.
    metrics : QFontMetrics
    width : int
        Pixels.
    """
    place = text.find(part)
    if not part or place < 0 or metrics.horizontalAdvance(text) <= width:
        return elided_text(text, metrics, width)
    for start in range(place + 1):
        begun = f"…{text[start:]}" if start else text
        seen = place - start + bool(start) + len(part)
        if metrics.horizontalAdvance(begun) <= width:
            return begun
        if metrics.horizontalAdvance(f"{begun[:seen]}…") <= width:
            ends = (f"{begun[:end]}…" for end in range(len(begun) - 1, seen, -1))
            fitting = (end for end in ends if metrics.horizontalAdvance(end) <= width)
            return next(fitting, f"{begun[:seen]}…")
    return elided_text(text[place:], metrics, width)
