"""The Nearest passages panel: what a melody has in common with the training tunes."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.melody.passages.passages_panel import PassagesPanel

    return PassagesPanel(panel, session, theme)


PANEL = Panel(
    key="nearest_passages",
    title="Nearest passa&ges",
    question="How much is copied?",
    factory=_make,
    data_kinds=("melodies",),
    summary="The passages that training tunes have, too, the longest first.",
)
