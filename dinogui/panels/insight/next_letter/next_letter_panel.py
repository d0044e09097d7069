"""The widget of the Next letter panel: what the network expected at each letter, and what came."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.colour_scale import ColourScale
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import Indices, NameChoice, read_symbols
from dinogui.panels.insight.frame.notation import write_number, write_symbols
from dinogui.panels.insight.next_letter.side_scroll import SideScroll
from dinogui.panels.insight.next_letter.surprise_bars import SurpriseBars
from dinogui.panels.panel import Panel
from dinogui.session.background import Work
from dinogui.session.session import Session
from engine.data.visible_symbols import visible
from engine.insight import NextLetters, next_letters

_LIKELIEST = 5
_WIDEST = "m 100% "
"""Where cells have room for this, they show the probabilities, too."""

_RANKS = ("1st", "2nd", "3rd", "4th", "5th")


@dataclass(frozen=True)
class _Result:
    """What the network expected.

    Attributes
    ----------
    likeliest : (T, 5) array
        Indices of the symbols with the highest probabilities, the highest first.
    """

    what: str
    read: list[str]
    letters: list[str]
    symbols: list[str]
    found: NextLetters
    likeliest: Indices


class NextLetterPanel(InsightPanel):
    """Shows the probability of every symbol at each letter, and the surprise of each.

    Where not every symbol has room for its name, and always for a text, it lists the likeliest
    symbols of each letter instead. Lives in the GUI thread.
    """

    leaves_units_out = True

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.result: _Result | None = None
        self.is_ranked = False
        self.map = HeatMap("Probability of every symbol at each letter")
        self.surprise = SurpriseBars(self.map)
        self.reserve_room()
        self.scale = ColourScale(self.map)
        columns = QWidget()
        above = QVBoxLayout(columns)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(0)
        above.addWidget(self.map, 1)
        above.addWidget(self.surprise)
        self._scroll = SideScroll(columns)
        picture = QVBoxLayout()
        picture.setSpacing(0)
        picture.addWidget(self._scroll, 1)
        picture.addWidget(self.scale)
        self.watch(self.map)
        self.choice.changed.connect(self.refresh_now)
        self.finish([self.name_box], picture)

    def work(self) -> Work | None:
        """Read the chosen name."""
        snapshot = self.session.viewed_snapshot
        assert snapshot is not None  # the base class calls this only with a snapshot
        reading = self.choice.reading(snapshot)
        if reading is None:
            self.say(self.choice.error)
            return None
        vocabulary = snapshot.vocabulary
        read = read_symbols(vocabulary, reading)
        letters = write_symbols(vocabulary, reading.predicted)
        symbols = list(map(visible, vocabulary.symbols))
        what = self.choice.what
        return lambda: _compute(
            next_letters(snapshot, reading.predicted, first=reading.first),
            what,
            read,
            letters,
            symbols,
        )

    def show_result(self, result: _Result) -> None:
        """Draw the probabilities, frame what came, and draw the surprise."""
        self.result = result
        found = result.found
        self.draw_for_room(result)
        self.surprise.show_surprisal(found.surprisal)
        share = found.loss / len(found.path)
        self.summarise(
            f"Loss of the {result.what}: {write_number(found.loss)} nats, {write_number(share)} "
            f"per letter. Guessing costs {np.log(len(result.symbols)):.3g} per letter."
        )
        self.say_not_finite(found.not_finite, f"{found.probabilities.size:,} probabilities")

    def draw_for_room(self, result: _Result) -> None:
        """Draw a row for each symbol, or the likeliest ones where that leaves no room for names."""
        self.map.reserve_left(self.surprise.axis_width)
        is_text = result.what == "piece"
        self.is_ranked = is_text or not self.map.has_room_for_names(len(result.symbols))
        if self.is_ranked:
            self._draw_likeliest(result)
        else:
            probabilities = result.found.probabilities
            cells = self.maps.sequential(probabilities.T, 0.0, 1.0)
            self.map.show_cells(cells, result.symbols, result.letters)
            self.map.mark([(int(symbol), step) for step, symbol in enumerate(result.found.path)])
        self._scroll.give_width(self.map.narrowest)

    def _draw_likeliest(self, result: _Result) -> None:
        probabilities = np.take_along_axis(result.found.probabilities, result.likeliest, axis=1)
        came = result.likeliest == np.asarray(result.found.path)[:, np.newaxis]
        cells = self.maps.sequential(probabilities.T, 0.0, 1.0)
        texts = [[result.symbols[index] for index in row] for row in result.likeliest.T.tolist()]
        room = self.map.cells_area.width() / len(result.letters)
        if room >= self.fontMetrics().horizontalAdvance(_WIDEST):
            texts = [
                [f"{symbol} {p:.0%}" for symbol, p in zip(*row, strict=True)]
                for row in zip(texts, probabilities.T.tolist(), strict=True)
            ]
        self.map.show_cells(cells, _RANKS[: len(texts)], result.letters, texts)
        self.map.mark([(rank, step) for step, rank in np.argwhere(came).tolist()])

    def describe(self, row: int, column: int) -> str:
        """Describe a symbol's probability at a letter, and the surprise there."""
        if self.result is None:
            return ""
        found, symbols = self.result.found, self.result.symbols
        if row >= self.map.shape[0] or column >= len(found.path):
            return ""
        if self.is_ranked:
            row = int(self.result.likeliest[column, row])
        p = write_number(float(found.probabilities[column, row]))
        came, read = symbols[found.path[column]], self.result.read[column]
        return (
            f"letter {column + 1}, after “{read}”: p(“{symbols[row]}”) = {p}  ·  came “{came}”, "
            f"surprise {write_number(float(found.surprisal[column]))} nats, expected "
            f"{write_number(float(found.entropy[column]))}"
        )

    def show_nothing(self) -> None:
        """Draw one empty cell."""
        self.result = None
        self.map.show_cells(self.maps.sequential(np.zeros((1, 1)), 0.0, 1.0))
        self.map.mark([])
        self._scroll.give_width(0)
        self.surprise.show_surprisal(np.zeros(0))
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.map.show_colours(colours)
        self.surprise.show_colours(colours)
        self.scale.show_scale(self.maps.one_sided, "0", "1", "probability")

    def reserve_room(self) -> None:
        """Keep room for the likeliest symbols and the letter below them."""
        self.map.setMinimumHeight((_LIKELIEST + 1) * self.fontMetrics().height() + 4)

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for each letter."""
        if self.result is None:
            return []
        found = self.result.found
        return [
            ["letter", "surprise in nats", *(f"p({symbol})" for symbol in self.result.symbols)],
            *(
                [letter, surprise, *row]
                for letter, surprise, row in zip(
                    self.result.letters,
                    found.surprisal.tolist(),
                    found.probabilities.tolist(),
                    strict=True,
                )
            ),
        ]


def _compute(
    found: NextLetters, what: str, read: list[str], letters: list[str], symbols: list[str]
) -> _Result:
    # Values that are not finite come last.
    ranked = np.nan_to_num(found.probabilities, nan=-1.0)
    likeliest = np.argsort(-ranked, axis=1, kind="stable")[:, :_LIKELIEST]
    return _Result(what, read, letters, symbols, found, likeliest)
