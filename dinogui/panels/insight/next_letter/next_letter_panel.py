"""The widget of the Next letter panel: what the network expected at each letter, and what came."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtWidgets import QVBoxLayout

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.colours import ColourScale, sequential, sequential_map
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import NameChoice, read_symbols
from dinogui.panels.insight.frame.notation import write_number, write_symbols
from dinogui.panels.insight.next_letter.surprise_bars import SurpriseBars
from dinogui.panels.panel import Panel
from dinogui.session.background import Work
from dinogui.session.session import Session
from engine.data.visible_symbols import visible
from engine.insight import NextLetters, next_letters


@dataclass(frozen=True)
class _Result:
    what: str
    read: list[str]
    letters: list[str]
    symbols: list[str]
    found: NextLetters


class NextLetterPanel(InsightPanel):
    """Shows the probability of every symbol at each letter, and the surprise of each.

    Lives in the GUI thread.
    """

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.result: _Result | None = None
        self.map = HeatMap("Probability of every symbol at each letter")
        self.surprise = SurpriseBars(self.map)
        self.scale = ColourScale()
        self.scale.show_scale(sequential_map(), "0", "1", "probability")
        picture = QVBoxLayout()
        picture.setSpacing(0)
        picture.addWidget(self.map, 1)
        picture.addWidget(self.surprise)
        picture.addWidget(self.scale)
        self.watch(self.map)
        self.choice.changed.connect(self.refresh_now)
        self.finish([self.name_box], picture)

    def work(self) -> Work | None:
        """Read the chosen name."""
        snapshot = self.session.snapshot
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
        return lambda: _Result(
            what,
            read,
            letters,
            symbols,
            next_letters(snapshot, reading.predicted, first=reading.first),
        )

    def show_result(self, result: _Result) -> None:
        """Draw the probabilities, frame what came, and draw the surprise."""
        self.result = result
        found = result.found
        pixels = sequential(found.probabilities.T, 0.0, 1.0)
        self.map.show_cells(pixels, result.symbols, result.letters)
        self.map.mark([(int(symbol), step) for step, symbol in enumerate(found.path)])
        self.surprise.show_surprisal(found.surprisal)
        share = found.loss / len(found.path)
        self.summarise(
            f"Loss of the {result.what}: {write_number(found.loss)} nats, {write_number(share)} "
            f"per letter. Guessing costs {np.log(len(result.symbols)):.3g} per letter."
        )
        self.say_not_finite(found.not_finite, f"{found.probabilities.size:,} probabilities")

    def describe(self, row: int, column: int) -> str:
        """Describe a symbol's probability at a letter, and the surprise there."""
        if self.result is None:
            return ""
        found, symbols = self.result.found, self.result.symbols
        if column >= len(found.path) or row >= len(symbols):
            return ""
        p = write_number(float(found.probabilities[column, row]))
        came, read = symbols[found.path[column]], self.result.read[column]
        return (
            f"letter {column + 1}, after “{read}”: p(“{symbols[row]}”) = {p}  ·  came “{came}”, "
            f"surprise {write_number(float(found.surprisal[column]))} nats, expected "
            f"{write_number(float(found.entropy[column]))}"
        )

    def show_nothing(self) -> None:
        """Draw one dark cell."""
        self.result = None
        self.map.show_cells(sequential(np.zeros((1, 1)), 0.0, 1.0))
        self.map.mark([])
        self.surprise.show_surprisal(np.zeros(0))
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        self.map.show_colours(colours)
        self.surprise.show_colours(colours)

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
