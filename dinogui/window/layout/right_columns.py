"""What stands in the right column for each kind of data."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QWidget

from dinogui.panels.text.training_log import TrainingLog
from dinogui.widgets.cards.request_page import RequestPage
from dinogui.widgets.number_box import NumberBox
from engine.data.training_data import DataKind


@dataclass(frozen=True)
class RightColumn:
    """What asks a network for what it writes, and shows it.

    Attributes
    ----------
    title : str
    panel : QWidget
    page : RequestPage
        The page in the panel.
    log : TrainingLog
        What the network wrote during the training.
    temperature : NumberBox
        With which the network writes.
    generate : callable
        What Ctrl+G does.
    last_seed : callable
        Returns the seed that was used last, or None.
    recall_seed : callable
        Goes on after a seed.
    """

    title: str
    panel: QWidget
    page: RequestPage
    log: TrainingLog
    temperature: NumberBox
    generate: Callable[[], None]
    last_seed: Callable[[], int | None]
    recall_seed: Callable[[int | None], None]


class RightColumns:
    """The column of each kind of data. Some are made when such data are first opened.

    Parameters
    ----------
    columns : dict of str to RightColumn or callable
        By kind of data; a callable makes the column.
    """

    def __init__(self, columns: dict[DataKind, RightColumn | Callable[[], RightColumn]]) -> None:
        self._columns = dict(columns)

    def of(self, kind: DataKind) -> RightColumn:
        """Return the column of a kind of data."""
        column = self._columns[kind]
        if not isinstance(column, RightColumn):
            column = self._columns[kind] = column()
        return column
