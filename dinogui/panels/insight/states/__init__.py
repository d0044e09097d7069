"""The Hidden states panel: what every unit does after each letter, and what drives a unit."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.insight.states.states_panel import StatesPanel

    return StatesPanel(panel, session, theme)


PANEL = Panel(
    key="states",
    title="Hidden &states",
    question="What does this unit do?",
    factory=_make,
    summary="Each row is a unit, each column a letter. Click a unit to see what drives it, or to "
    "switch it off.",
)
