"""The Memory meter panel: how many of the names that the network writes it has memorised."""

from PySide6.QtWidgets import QWidget

from dinogui.common.theme import Theme
from dinogui.panels.panel import Panel
from dinogui.session.session import Session


def _make(panel: Panel, session: Session, theme: Theme) -> QWidget:
    from dinogui.panels.names.memory_meter.memory_meter_panel import MemoryMeterPanel

    return MemoryMeterPanel(panel, session, theme)


PANEL = Panel(
    key="memory_meter",
    title="&Memory meter",
    question="Does it only repeat its data?",
    factory=_make,
    summary="The shares of new, held-out and memorised names among fresh samples.",
    data_kinds=("names", "text"),
)
