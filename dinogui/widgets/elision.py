"""Texts that end with "…" where there is no room for all of them."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics


def elided_text(text: str, metrics: QFontMetrics, width: int) -> str:
    """Return as much of a text as fits into so many pixels.

    Qt rounds the width of a text down to elide it, and so cuts some that fit exactly.
    """
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)
