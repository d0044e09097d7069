"""The widget of the Tell the kind panel: what the network says of a name after each letter."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dinogui.common.theme import Colours, Theme
from dinogui.panels.insight.frame.cell_layout import LABEL_GAP
from dinogui.panels.insight.frame.colour_scale import ColourScale
from dinogui.panels.insight.frame.colours import reach_of
from dinogui.panels.insight.frame.heat_map import HeatMap
from dinogui.panels.insight.frame.insight_panel import InsightPanel
from dinogui.panels.insight.frame.name_box import NameBox
from dinogui.panels.insight.frame.name_choice import Indices, NameChoice
from dinogui.panels.insight.frame.notation import START, write_number, write_symbols
from dinogui.panels.insight.next_letter.side_scroll import SideScroll
from dinogui.panels.panel import Panel
from dinogui.panels.telling.tell_kind.kind_bars import KindBars
from dinogui.session.background import Work
from dinogui.session.session import Session
from engine.data.corpus import Corpus
from engine.insight.kind_reading import KindReading, kind_reading
from engine.training.messages import Snapshot

_FEWEST_ROWS = 3
_WIDEST = "100 %"
"""Where cells have room for this, they show the probabilities, too."""

_EFFECT = "each letter"
"""The label of the row that shows what each letter does for the kind that is told."""


@dataclass(frozen=True)
class _Result:
    """What the network says of a name of T letters.

    Attributes
    ----------
    letters : list of str
        As they are shown.
    titles : tuple of str
        Of all kinds.
    true_kinds : frozenset of int
        The kinds that the name has in the data; none if it is not in the data.
    found : KindReading
    likeliest : (n_kinds,) array
        All kinds, those with the highest probabilities after the last letter first.
    """

    letters: list[str]
    titles: tuple[str, ...]
    true_kinds: frozenset[int]
    found: KindReading
    likeliest: Indices

    def read(self, count: int) -> str:
        """Return the first letters, as they are shown."""
        return "".join(self.letters[:count])

    @property
    def settled(self) -> int:
        """After how many letters the kind that is told in the end is told, and stays so."""
        told = self.found.log_probabilities.argmax(axis=1)
        others = np.flatnonzero(told != told[-1])
        return int(others[-1]) + 1 if len(others) else 0


class TellKindPanel(InsightPanel):
    """Shows the probabilities of the kinds after each letter, and what each letter does.

    A row of cells below the letters shows by how much the log-probability of the kind that is told
    is higher with the letter than without it. The bars are those after the letter that is pointed
    at, or else after the last one. Lives in the GUI thread.

    Attributes
    ----------
    map : HeatMap
        Kinds by letters read.
    effects : HeatMap
        One row: what each letter does.
    bars : KindBars
    """

    leaves_units_out = True
    tasks = ("tell",)

    def __init__(self, panel: Panel, session: Session, theme: Theme) -> None:
        super().__init__(panel, session, theme)
        self.choice = NameChoice.of(session)
        self.name_box = NameBox(self.choice)
        self.result: _Result | None = None
        self.map = HeatMap("Probability of the kinds after each letter")
        self.effects = HeatMap("What each letter does for the kind that is told")
        self.bars = KindBars()
        self.scale, self.effects_scale = ColourScale(self.map), ColourScale(self.effects)
        columns = QWidget()
        above = QVBoxLayout(columns)
        above.setContentsMargins(0, 0, 0, 0)
        above.setSpacing(2)
        above.addWidget(self.map, 1)
        above.addWidget(self.effects)
        self._scroll = SideScroll(columns)
        pictures = QHBoxLayout()
        pictures.setSpacing(12)
        pictures.addWidget(self._scroll, 3)
        pictures.addWidget(self.bars, 2)
        scales = QHBoxLayout()
        scales.addWidget(self.scale)
        scales.addWidget(self.effects_scale)
        picture = QVBoxLayout()
        picture.setSpacing(0)
        picture.addLayout(pictures, 1)
        picture.addLayout(scales)
        self.reserve_room()
        self.watch(self.map)
        self.map.pointed.connect(self._show_bars_at)
        self.effects.pointed.connect(self._point_at_effect)
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
        letters = reading.predicted[:-1]
        shown = write_symbols(snapshot.vocabulary, letters)
        true_kinds = self._kinds_of(snapshot.vocabulary.decode(letters.tolist()))
        return partial(_compute, snapshot, reading.predicted, shown, true_kinds)

    def _kinds_of(self, name: str) -> frozenset[int]:
        corpus = self.session.corpus
        if not isinstance(corpus, Corpus) or corpus.kinds is None:
            return frozenset()
        return frozenset(corpus.kinds_of(name))

    def show_result(self, result: _Result) -> None:
        """Draw the probabilities, the effects and the bars."""
        self.result = result
        found = result.found
        self.draw_for_room(result)
        self._show_bars(len(result.letters))
        self.summarise(_summary(result))
        probabilities = found.probabilities
        count = int((~np.isfinite(probabilities)).sum())
        self.say_not_finite(count, f"{probabilities.size:,} probabilities")

    def draw_for_room(self, result: _Result) -> None:
        """Draw a row for each of the likeliest kinds, as many as there is room for."""
        line = self.fontMetrics().height()
        n_rows = max(self.map.height() // (line + 2) - 1, _FEWEST_ROWS)
        rows = result.likeliest[:n_rows]
        shares = result.found.probabilities.T[rows]  # (rows, T + 1)
        names = [START, *result.letters]
        room = self.map.cells_area.width() / len(names)
        texts: list[list[str]] = []
        if room >= self.fontMetrics().horizontalAdvance(_WIDEST):
            texts = [[f"{share:.0%}" if share >= 0.005 else "" for share in row] for row in shares]
        titles = [result.titles[kind] for kind in rows.tolist()]
        effects = np.append(0.0, result.found.letter_effects(result.found.told))
        left = max(map(self.fontMetrics().horizontalAdvance, [*titles, _EFFECT])) + 2 * LABEL_GAP
        for each in (self.map, self.effects):
            each.reserve_left(left)
        self.map.show_cells(self.maps.sequential(shares, 0.0, 1.0), titles, names, texts)
        told = self.maps.diverging(effects[None], reach_of(effects))
        self.effects.show_cells(told, [_EFFECT])
        self.map.mark(
            [
                (row, len(result.letters))
                for row, kind in enumerate(rows.tolist())
                if kind in result.true_kinds
            ]
        )
        self._scroll.give_width(self.map.narrowest)
        self._show_scales()

    @Slot(int, int)
    def _show_bars_at(self, _row: int, column: int) -> None:
        if self.result is not None:
            self._show_bars(column if column >= 0 else len(self.result.letters))

    def _show_bars(self, count: int) -> None:
        """Show the kinds after so many letters, the likeliest first."""
        assert self.result is not None
        shares = self.result.found.probabilities[min(count, len(self.result.letters))]
        order = np.argsort(-np.nan_to_num(shares, nan=-1.0), kind="stable").tolist()
        self.bars.show_bars([self.result.titles[k] for k in order], shares[order].tolist())

    @Slot(int, int)
    def _point_at_effect(self, row: int, column: int) -> None:
        self._say_pointed = None if row < 0 else partial(self._describe_effect, column)
        self._write_reading()

    def _describe_effect(self, column: int) -> str:
        result = self.result
        if result is None or not 0 < column <= len(result.letters):
            return ""
        effect = float(result.found.letter_effects(result.found.told)[column - 1])
        kind = result.titles[result.found.told]
        verb = "speaks for" if effect >= 0 else "speaks against"
        return (
            f"Letter {column}, “{result.letters[column - 1]}”, {verb} {kind}: with it, "
            f"ln p({kind}) is {write_number(abs(effect))} "
            f"{'higher' if effect >= 0 else 'lower'} than for the name without it."
        )

    def describe(self, row: int, column: int) -> str:
        """Describe the probability of a kind after some letters."""
        result = self.result
        if result is None or row >= self.map.shape[0] or column > len(result.letters):
            return ""
        kind = int(result.likeliest[row])
        share = float(result.found.probabilities[column, kind])
        before = f"After “{result.read(column)}”" if column else "Before the first letter"
        return f"{before}: p({result.titles[kind]}) = {write_number(share)}"

    def show_nothing(self) -> None:
        """Draw one empty cell."""
        self.result = None
        nothing = self.maps.sequential(np.zeros((1, 1)), 0.0, 1.0)
        self.map.show_cells(nothing)
        self.map.mark([])
        self.effects.show_cells(nothing)
        self._scroll.give_width(0)
        self.bars.show_bars((), ())
        self._show_scales()
        self.summarise("")

    def show_colours(self, colours: Colours) -> None:
        """Draw in other colours."""
        for part in (self.map, self.effects, self.bars):
            part.show_colours(colours)
        self._show_scales()

    def _show_scales(self) -> None:
        self.scale.show_scale(self.maps.one_sided, "0", "1", "probability")
        reach = 1.0
        if self.result is not None:
            reach = reach_of(self.result.found.letter_effects(self.result.found.told))
        self.effects_scale.show_scale(
            self.maps.diverging_table, f"−{reach:.2g}", f"+{reach:.2g}", "nats by a letter"
        )

    def reserve_room(self) -> None:
        """Keep room for a few kinds, and for what each letter does."""
        line = self.fontMetrics().height()
        self.map.setMinimumHeight((_FEWEST_ROWS + 1) * (line + 2))
        self.effects.setFixedHeight(line + 4)

    def table(self) -> Iterable[Iterable[object]]:
        """Return a row for the beginning and one for each letter."""
        if self.result is None:
            return []
        found = self.result.found
        effects = [None, *found.letter_effects(found.told).tolist()]
        told = self.result.titles[found.told]
        return [
            ["letter", f"nats for {told}", *(f"p({title})" for title in self.result.titles)],
            *(
                [letter, "" if effect is None else effect, *row]
                for letter, effect, row in zip(
                    [START, *self.result.letters],
                    effects,
                    found.probabilities.tolist(),
                    strict=True,
                )
            ),
        ]


def _summary(result: _Result) -> str:
    """Say which kind is told, how surely, and since which letter."""
    found, n_letters = result.found, len(result.letters)
    share = float(found.probabilities[-1, found.told])
    told = result.titles[found.told]
    says = f"After “{result.read(n_letters)}” it is {share:.0%} sure: {told}.".replace("%", " %")
    if result.true_kinds:
        kinds = ", ".join(result.titles[kind] for kind in sorted(result.true_kinds))
        is_right = found.told in result.true_kinds
        says += f" In the data it is {kinds}{': right' if is_right else ': wrong'}."
    if 0 < result.settled < n_letters:
        says += f" It has said so since “{result.read(result.settled)}”."
    return says


def _compute(
    snapshot: Snapshot, name: Indices, shown: list[str], true_kinds: frozenset[int]
) -> _Result:
    found = kind_reading(snapshot, name)
    # Values that are not finite come last.
    last = np.nan_to_num(found.log_probabilities[-1], nan=-np.inf)
    return _Result(shown, snapshot.kinds, true_kinds, found, np.argsort(-last, kind="stable"))
