"""The form of the preview dialog: everything that can be chosen about how data are read."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, QTimer, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QLineEdit, QWidget

from dinogui.common.theme import SPACE
from dinogui.common.value_ranges import HELD_OUT
from dinogui.panels.model.form import FieldLabel, choice, number
from dinogui.panels.model.kind_settings import balance_knob
from dinogui.widgets.number_box import NumberBox
from engine.data.preview import Preview
from engine.data.reading.choices import (
    AUTOMATIC,
    TRANSPOSITIONS,
    ReadingChoices,
)
from engine.data.reading.encoding_guesses import ENCODING_TITLES, EncodingGuess
from engine.data.reading.json_values import JsonValues
from engine.data.reading.kinds.found_kinds import key_of
from engine.data.reading.layout import TableReading
from engine.data.reading.registry import LAYOUTS
from engine.data.reading.rows.dialects import DELIMITERS, SPACES
from engine.data.training_data import DataKind
from engine.melody.grid import DEFAULT_GRID, GRIDS

_PAUSE_MILLISECONDS = 150
"""How long nothing must be typed until the data are read with it."""

_LONGEST_ENTRY = 28
"""Characters of a column's title in a box."""

_TRANSPOSITIONS: dict[str, str] = {
    "none": "As they are",
    "all": "All keys, drawn anew each epoch",
    "C": "C, or A minor",
}
_SHARES = (HELD_OUT.low, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, HELD_OUT.high)
_NONE = 0
"""Stands for no column in the boxes of the weights and the kinds."""

_NO_CAP = 0.0
_CAPS = (_NO_CAP, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 1_000.0, 10_000.0, 1e9)


class ChoicesForm(QWidget):
    """Shows how data are read, and reports what a person chooses instead.

    Lives in the GUI thread. The boxes show what is in force, whether it was recognised or chosen.

    Parameters
    ----------
    choices : ReadingChoices
        What has been chosen so far.
    held_out : float
        Share of the data to hold out, from 0 to 1.
    balance : float
        How evenly the kinds are to be drawn, from 0 to 1.

    Signals
    -------
    changed(ReadingChoices)
        Something else was chosen.
    """

    changed = Signal(object)

    def __init__(
        self,
        choices: ReadingChoices,
        held_out: float,
        balance: float = 0.0,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.choices = choices
        self._fitting: tuple[EncodingGuess, ...] = ()
        self._kinds: frozenset[str] = frozenset()
        self._make_boxes()
        _choose(self.layout_box, choices.layout)  # nothing, until it is known what the data are
        self.held_out.setValue(100 * held_out)
        self.balance.set_value(balance)
        self.balance.forget_change()
        self.weight_cap.setValue(choices.weight_cap or _NO_CAP)
        self.separator.setText(choices.separator or "")
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setVerticalSpacing(2 * SPACE)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for text, box in (
            ("&Read as", self.layout_box),
            ("&Encoding", self.encoding),
            ("Separated &by", self.delimiter),
            ("&First row", self.header),
            ("&Names in", self.column),
            ("&Weights in", self.weights),
            ("Weights up &to", self.weight_cap),
            ("&Kinds in", self.kind_column),
            ("Documents end &at", self.separator),
            ("Du&rations", self.grid),
            ("Ke&ys", self.transpose),
        ):
            self._add_row(text, box)
        self._form.addRow(self.files_are_kinds)
        self._form.addRow(self.lower_case)
        self._form.addRow(self.clean)
        self._form.addRow(self.graphemes)
        self._add_row("&Held out, %", self.held_out)
        self._form.addRow(self.balance)
        self._soon = QTimer(self, singleShot=True, interval=_PAUSE_MILLISECONDS)
        self._soon.timeout.connect(self._take_separator)
        self._connect()
        self._show_rows(None)
        self._form.setRowVisible(self.files_are_kinds, False)
        self._form.setRowVisible(self.balance, False)

    def _make_boxes(self) -> None:
        titles = {name: each.title.partition(" (")[0] for name, each in LAYOUTS.items()}
        self.layout_box = choice(titles, "What the file is: how it holds names or a text")
        self.encoding = choice({}, "How the file's bytes stand for letters")
        self.delimiter = choice(
            {sign: words.capitalize() for sign, words in DELIMITERS.items()} | {SPACES: "Spaces"},
            "What separates the columns of the table",
        )
        self.header = choice(
            {"yes": "Is a header", "no": "Has a name"},
            "Whether the first row has the titles of the columns, or a name",
        )
        self.column = choice({}, "The column that has the names")
        self.weights = choice(
            {}, "A column that says how often each name counts; without one, all count alike"
        )
        self.weight_cap: NumberBox = number(
            _CAPS, "Largest weight: a name with a greater one counts as this one", whole=True
        )
        self.weight_cap.setSpecialValueText("no limit")
        self.kind_column = choice(
            {}, "What says of which kind each name or tune is, such as its language or performer"
        )
        self.files_are_kinds = QCheckBox("Each file &is a kind")
        self.files_are_kinds.setToolTip(
            "Learn which kind a name or tune has: each file is a kind, called as the file"
        )
        self.separator = QLineEdit()
        self.separator.setToolTip(
            "The line or the sign at which a document ends, such as <|end|>. Empty: as recognised"
        )
        self.separator.setClearButtonEnabled(True)
        self.grid = choice(
            {name: name.capitalize() for name in GRIDS},
            "The durations to which those of the notes are brought",
        )
        self.transpose = choice(
            _TRANSPOSITIONS,
            "Whether the network learns the tunes in their keys, in all keys, or in one",
        )
        self.lower_case = QCheckBox("&Lower-case the letters")
        self.lower_case.setToolTip("Read A and a as the same symbol")
        self.clean = QCheckBox("&Drop invisible characters")
        self.clean.setToolTip(
            "Drop marks that nobody sees, and write unusual spaces and line ends as usual ones"
        )
        self.graphemes = QCheckBox("Keep letters with their &marks whole")
        self.graphemes.setToolTip(
            "Read each grapheme cluster as one symbol: a Hindi consonant with its vowel, or a "
            "family of emoji. Otherwise, each of its code points is a symbol"
        )
        self.held_out: NumberBox = number(
            _SHARES, "Share of the data that the network never learns from, to measure it on"
        )
        self.balance = balance_knob()
        for box in (
            *(self.layout_box, self.encoding, self.delimiter),
            *(self.column, self.weights, self.kind_column, self.grid, self.transpose),
        ):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.encoding.setPlaceholderText("Not chosen yet")

    def _add_row(self, text: str, box: QWidget) -> None:
        label = FieldLabel(text)
        label.setBuddy(box)
        box.setAccessibleName(text.replace("&", ""))
        self._form.addRow(label, box)

    def _connect(self) -> None:
        self.layout_box.activated.connect(self._take_layout)
        self.encoding.activated.connect(self._take_encoding)
        self.delimiter.activated.connect(self._take_delimiter)
        self.header.activated.connect(self._take_header)
        self.column.activated.connect(self._take_column)
        self.weights.activated.connect(self._take_weights)
        self.weight_cap.valueChanged.connect(self._take_weight_cap)
        self.kind_column.activated.connect(self._take_kind_column)
        self.files_are_kinds.clicked.connect(self._take_files_as_kinds)
        self.separator.textEdited.connect(self._wait)
        self.separator.editingFinished.connect(self._take_separator)
        self.grid.activated.connect(self._take_grid)
        self.transpose.activated.connect(self._take_transposition)
        self.lower_case.clicked.connect(self._take_case)
        self.clean.clicked.connect(self._take_clean)
        self.graphemes.clicked.connect(self._take_graphemes)

    # What is shown

    def show_preview(self, preview: Preview) -> None:
        """Show how the data are read now."""
        report, table = preview.report, preview.table
        self._kinds = frozenset(key_of(each.title) for each in report.kinds)
        _choose(self.layout_box, report.layout)
        self._fill_encodings(self.choices.encoding or report.encoding)
        if table is not None:
            self._fill_columns(table)
        elif report.labels:
            self._fill_labels(report.labels)
        for box, is_checked in (
            (self.files_are_kinds, bool(report.kinds) and self.choices.kind_column is None),
            (self.lower_case, report.lower_case),
            (self.clean, self.choices.clean),
            (self.graphemes, self.choices.graphemes),
        ):
            with QSignalBlocker(box):
                box.setChecked(is_checked)
        what = "key" if report.layout == JsonValues.name else "file"
        self.files_are_kinds.setText(f"Each {what} &is a kind")
        _choose(self.grid, self.choices.grid or DEFAULT_GRID)
        _choose(self.transpose, self.choices.transpose or TRANSPOSITIONS[0])
        self._show_basics(True, has_letters=preview.kind != "melodies")
        self._show_rows(table, preview.kind, has_labels=bool(report.labels))
        self._form.setRowVisible(self.files_are_kinds, "kinds" in report.options)
        self._form.setRowVisible(self.balance, bool(report.kinds))

    def show_layout(self, layout: str) -> None:
        """Show what the data are taken for, though they cannot be read so."""
        _choose(self.layout_box, layout)

    def show_encodings(self, fitting: tuple[EncodingGuess, ...]) -> None:
        """Show that the encoding does not fit, with those that do first in their box."""
        self._fitting = fitting
        self._fill_encodings(self.choices.encoding)
        self._show_rows(None)
        self._form.setRowVisible(self.files_are_kinds, False)
        self._form.setRowVisible(self.balance, False)
        self._show_basics(False)

    @property
    def held_out_share(self) -> float:
        """Share of the data to hold out, from 0 to 1."""
        return self.held_out.value() / 100

    @property
    def balance_of_kinds(self) -> float:
        """How evenly the kinds are to be drawn, from 0 to 1."""
        return self.balance.value or 0.0

    def _fill_encodings(self, current: str | None) -> None:
        found = {guess.name: guess.title for guess in self._fitting} | dict(ENCODING_TITLES)
        if current is not None:
            found.setdefault(current, current)
        _fill(self.encoding, found)
        self.encoding.setCurrentIndex(-1 if current is None else self.encoding.findData(current))

    def _fill_columns(self, table: TableReading) -> None:
        titles = dict(enumerate(map(_short, table.headers), start=1))
        if table.has_header:
            titles = {number: f"{number}  {title}" for number, title in titles.items()}
        _fill(self.column, titles)
        _choose(self.column, table.column)
        possible = dict.fromkeys((*table.counts, *((table.weights,) if table.weights else ())))
        _fill(self.weights, {_NONE: "None"} | {number: titles[number] for number in possible})
        _choose(self.weights, table.weights or _NONE)
        others = {number: title for number, title in titles.items() if number != table.column}
        _fill(self.kind_column, {_NONE: "None"} | others)
        _choose(self.kind_column, table.kinds or _NONE)
        _choose(self.header, "yes" if table.has_header else "no")
        if table.delimiter and self.delimiter.findData(table.delimiter) < 0:
            self.delimiter.addItem(f"“{table.delimiter}”", table.delimiter)
        _choose(self.delimiter, table.delimiter)

    def _fill_labels(self, labels: tuple[str, ...]) -> None:
        """Offer what is known of tunes as their kinds."""
        _fill(self.kind_column, {_NONE: "None"} | {label: label.capitalize() for label in labels})
        chosen = str(self.choices.kind_column or "").casefold()
        found = next((label for label in labels if label.casefold() == chosen), _NONE)
        _choose(self.kind_column, found)

    def _show_rows(
        self, table: TableReading | None, kind: DataKind = "names", *, has_labels: bool = False
    ) -> None:
        """Show the rows that concern what the data are read as."""
        has_columns = table is not None or has_labels
        is_file_table = table is not None and bool(table.delimiter)
        for box, is_shown in (
            (self.delimiter, is_file_table),
            (self.header, is_file_table),
            (self.column, table is not None),
            (self.weights, table is not None and self.weights.count() > 1),
            (self.weight_cap, table is not None and table.weights is not None),
            (self.kind_column, has_columns and self.kind_column.count() > 1),
            (self.separator, kind == "text" and "documents" in LAYOUTS),
            (self.grid, kind == "melodies"),
            (self.transpose, kind == "melodies"),
        ):
            self._form.setRowVisible(box, is_shown)

    def _show_basics(self, are_shown: bool, *, has_letters: bool = True) -> None:
        """Show the rows that concern all data, unless not even their letters are known.

        Melodies have no letters.
        """
        for box in (self.layout_box, self.held_out):
            self._form.setRowVisible(box, are_shown)
        for tick in (self.lower_case, self.clean, self.graphemes):
            self._form.setRowVisible(tick, are_shown and has_letters)
        self._form.setRowVisible(self.encoding, has_letters)

    # What people choose

    @Slot()
    def reset(self) -> None:
        """Choose nothing: everything as it is recognised."""
        self._soon.stop()
        with QSignalBlocker(self.weight_cap):
            self.weight_cap.setValue(_NO_CAP)
        self.separator.clear()
        self._use(AUTOMATIC)

    def choose_encoding(self, name: str) -> None:
        """Choose an encoding, and read the data with it."""
        self._use(replace(self.choices, encoding=name))

    def choose_column(self, number: int) -> None:
        """Choose the column of a table that has the names, from 1."""
        self._use(replace(self.choices, column=number))

    @Slot(tuple)
    def choose_kind_titles(self, titles: tuple[tuple[str, str], ...]) -> None:
        """Choose the titles of the kinds that are shown, as found and as wanted."""
        others = (pair for pair in self.choices.kind_titles if key_of(pair[0]) not in self._kinds)
        self._use(replace(self.choices, kind_titles=(*others, *titles)))

    def _use(self, choices: ReadingChoices) -> None:
        if choices != self.choices:
            self.choices = choices
            self.changed.emit(choices)

    @Slot()
    def _take_layout(self) -> None:
        """Choose a layout; what was chosen for another one does not fit it."""
        kept, layout = self.choices, self.layout_box.currentData()
        keeps_kinds = LAYOUTS[layout].kind == "names" and kept.kind_column is None
        self._use(
            ReadingChoices(
                encoding=kept.encoding,
                layout=layout,
                lower_case=kept.lower_case,
                clean=kept.clean,
                graphemes=kept.graphemes,
                kinds=kept.kinds if keeps_kinds else None,
                kind_titles=kept.kind_titles if keeps_kinds else (),
            )
        )

    @Slot()
    def _take_encoding(self) -> None:
        self.choose_encoding(self.encoding.currentData())

    @Slot()
    def _take_delimiter(self) -> None:
        """Choose what separates columns; their numbers change with it."""
        self._use(
            replace(
                self.choices,
                layout="table",
                delimiter=self.delimiter.currentData(),
                column=None,
                weights=None,
                weight_cap=None,
                kind_column=None,
            )
        )

    @Slot()
    def _take_header(self) -> None:
        self._use(replace(self.choices, header=self.header.currentData() == "yes"))

    @Slot()
    def _take_column(self) -> None:
        self.choose_column(self.column.currentData())

    @Slot()
    def _take_weights(self) -> None:
        weights = self.weights.currentData() or None
        cap = self.choices.weight_cap if weights is not None else None
        self._use(replace(self.choices, weights=weights, weight_cap=cap))

    @Slot()
    def _take_kind_column(self) -> None:
        """Choose the column of the kinds; without one, there are none.

        What is known of tunes is no column of a table: they stay melodies.
        """
        column = self.kind_column.currentData() or None
        kinds = False if column is None else None
        layout = self.choices.layout if self.grid.isHidden() else "melodies"
        self._use(
            replace(self.choices, layout=layout, kinds=kinds, kind_column=column, kind_titles=())
        )

    @Slot(bool)
    def _take_files_as_kinds(self, are_kinds: bool) -> None:
        self._use(replace(self.choices, kinds=are_kinds, kind_column=None, kind_titles=()))

    @Slot()
    def _take_grid(self) -> None:
        self._use(replace(self.choices, layout="melodies", grid=self.grid.currentData()))

    @Slot()
    def _take_transposition(self) -> None:
        chosen = self.transpose.currentData()
        self._use(replace(self.choices, layout="melodies", transpose=chosen))

    @Slot(float)
    def _take_weight_cap(self, value: float) -> None:
        self._use(replace(self.choices, weight_cap=round(value) if value != _NO_CAP else None))

    @Slot()
    def _wait(self) -> None:
        self._soon.start()

    @Slot()
    def _take_separator(self) -> None:
        self._soon.stop()
        self._use(replace(self.choices, separator=self.separator.text() or None))

    @Slot(bool)
    def _take_case(self, is_lower: bool) -> None:
        self._use(replace(self.choices, lower_case=is_lower))

    @Slot(bool)
    def _take_clean(self, is_clean: bool) -> None:
        self._use(replace(self.choices, clean=is_clean))

    @Slot(bool)
    def _take_graphemes(self, are_chosen: bool) -> None:
        self._use(replace(self.choices, graphemes=are_chosen))


def _choose(box: QComboBox, data: Any) -> None:
    box.setCurrentIndex(box.findData(data))


def _fill(box: QComboBox, entries: dict[Any, str]) -> None:
    """Fill a box, unless it has these entries already: one that is open stays open."""
    if [(box.itemData(row), box.itemText(row)) for row in range(box.count())] != list(
        entries.items()
    ):
        box.clear()
        for data, text in entries.items():
            box.addItem(text, data)


def _short(title: str) -> str:
    return title if len(title) <= _LONGEST_ENTRY else f"{title[: _LONGEST_ENTRY - 1]}…"
