"""The Piano roll panel: the pitches of a melody against time, coloured by surprise."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.melody.roll.roll_panel import RollPanel

    return RollPanel(panel, session, theme)


PANEL = Panel(
    key="piano_roll",
    title="Piano &roll",
    question="What does it play?",
    factory=_make,
    opens_at_first=True,
    data_kinds=("melodies",),
    summary="Blue notes were expected, orange ones surprised the network.",
)
