"""The Kept names panel: the names marked with a star, and where they came from."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.names.kept_names.kept_names_panel import KeptNamesPanel

    return KeptNamesPanel(panel, session, theme)


PANEL = Panel(
    key="kept_names",
    title="&Kept names",
    question="Which names were worth keeping?",
    factory=_make,
    summary="The names marked with a star, and where they came from.",
    data_kinds=("names", "text"),
)
