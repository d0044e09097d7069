"""The Tell the kind panel: what a network says of a name after each of its letters."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.telling.tell_kind.tell_kind_panel import TellKindPanel

    return TellKindPanel(panel, session, theme)


PANEL = Panel(
    key="tell_kind",
    title="Tell the k&ind",
    question="Which kind is it?",
    factory=_make,
    summary="The probability of each kind after each letter, and what each letter does for it.",
)
