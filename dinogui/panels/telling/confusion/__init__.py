"""The Confusion panel: which kinds of names a network takes for which others."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.telling.confusion.confusion_panel import ConfusionPanel

    return ConfusionPanel(panel, session, theme)


PANEL = Panel(
    key="confusion",
    title="C&onfusion",
    question="What does it mistake for what?",
    factory=_make,
    summary="What is held out by kind and by the kind that is told. Click a cell to list it.",
)
