"""The Write together panel: you type a name, and the network says which letters may follow."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.names.write_together.write_together_panel import WriteTogetherPanel

    return WriteTogetherPanel(panel, session, theme)


PANEL = Panel(
    key="write_together",
    title="Write &together",
    question="What letter comes next?",
    factory=_make,
    summary="The probability of each next letter for the name that you type.",
    data_kinds=("names", "text"),
)
