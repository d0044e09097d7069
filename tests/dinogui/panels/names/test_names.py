"""The Names column: names are requested, sorted, filtered, starred and exported."""

import csv
import json

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest

from dinogui.common.icons import Icon
from dinogui.panels.names.candidates_model import LETTERS_ROLE, Column
from dinogui.panels.names.names_table import NamesTable
from dinogui.panels.units_off_chip import UnitsOffChip
from engine.nn.ablation import HiddenUnit
from engine.sampling.known_names import NameStatus


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


@pytest.fixture
def form(window):
    return window.names.form


@pytest.fixture
def table(window):
    return window.names.table


@pytest.fixture
def generate(window, qtbot):
    """Return a function that generates names, waits for all of them, and returns them."""

    def run():
        found = []
        window.session.name_generation.found.connect(found.append)
        window.names.generate()
        qtbot.waitUntil(lambda: bool(found) and found[-1].is_over)
        window.session.name_generation.found.disconnect(found.append)
        return window.names.generated

    return run


def click_cell(qtbot, table, row, column):
    index = table.view.model().index(row, column)
    table.view.scrollTo(index)
    place = table.view.visualRect(index).center()
    qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_heading(qtbot, table, column):
    header = table.view.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(column) + 4, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def drag_border(qtbot, table, column, by):
    """Drag the right border of a column's heading."""
    header = table.view.horizontalHeader()
    right = header.sectionViewportPosition(column) + header.sectionSize(column) - 1
    place, target = header.viewport(), QPoint(right + by, header.height() // 2)
    qtbot.mousePress(place, Qt.MouseButton.LeftButton, pos=QPoint(right, target.y()))
    qtbot.mouseMove(place, target)
    qtbot.mouseRelease(place, Qt.MouseButton.LeftButton, pos=target)


def test_columns_keep_the_width_to_which_they_were_dragged(window, qtbot, table):
    window.resize(1500, 700)
    qtbot.waitUntil(lambda: table.width() > 350)
    menu = table.columns_menu()
    nearest = next(entry for entry in menu.actions() if "earest" in entry.text())
    if not nearest.isChecked():
        nearest.trigger()
    view = table.view
    for column in (Column.NEAREST, Column.STATUS):
        before, name = view.columnWidth(column), view.columnWidth(Column.NAME)
        drag_border(qtbot, table, column, -12)
        assert view.columnWidth(column) == before - 12
        assert view.columnWidth(Column.NAME) == name + 12, "the names fill the rest"
    dragged = [view.columnWidth(column) for column in (Column.NEAREST, Column.STATUS)]
    before = table.width()
    window.arrangement.columns.moveSplitter(window.arrangement.columns.width() - 350, 2)
    qtbot.waitUntil(lambda: table.width() != before)
    assert [view.columnWidth(column) for column in (Column.NEAREST, Column.STATUS)] == dragged
    window.actions_.larger_text.trigger()
    # Larger text needs wider columns.
    qtbot.waitUntil(lambda: view.columnWidth(Column.STATUS) > dragged[1])


def test_typing_a_suffix_refreshes_the_list_with_matching_names(window, qtbot, form):
    form.suffix.setFocus()
    QTest.keyClicks(form.suffix, "A")  # the run's names are lower-cased
    # Until then, the names that the network wrote first are shown.
    qtbot.waitUntil(
        lambda: [name[-1:] for name in window.names.generated] == ["a"] * 10, timeout=10_000
    )


def test_moving_a_control_refreshes_the_list_with_the_same_seed(window, qtbot, form, generate):
    generate()
    seed = form.seed.value()
    form.count.setFocus()
    press(qtbot, form.count, "Up")
    qtbot.waitUntil(lambda: len(window.names.generated) == 11)
    assert form.seed.value() == seed


def test_a_press_uses_the_next_seed_unless_the_same_seed_is_chosen(window, form, generate, table):
    first = generate()
    second = generate()
    assert first != second
    form.same_seed.click()
    assert generate() == second
    marks = [
        table.model.index(row, Column.NAME).data(LETTERS_ROLE).marks for row in range(len(second))
    ]
    assert not any(any(row) for row in marks), "the same network and the same seed"


def test_with_the_same_seed_changed_letters_are_marked(
    window, qtbot, form, generate, table, train_until
):
    train_until(window.session, 300)  # earlier, all letters are equally likely at any temperature
    generate()
    before = {candidate.number: candidate.name for candidate in table.shown}
    form.same_seed.click()
    form.temperature.setValue(0.5)
    qtbot.waitUntil(lambda: table.shown[0].temperature == 0.5)
    assert before != {candidate.number: candidate.name for candidate in table.shown}
    for row, candidate in enumerate(table.shown):
        old, new = before.get(candidate.number, ""), candidate.name
        letters = table.model.index(row, Column.NAME).data(LETTERS_ROLE)
        expected = [place >= len(old) or old[place] != new[place] for place in range(len(new))]
        assert list(letters.marks) == expected
        assert "".join(letters.texts) == window.names.generated[row]


def test_contradictory_lengths_are_explained_and_marked_and_so_is_more(window, qtbot, form):
    form.shortest.setValue(12)
    form.longest.setValue(8)
    qtbot.waitUntil(lambda: "from 12 to 8" in form.error_of("longest"))
    assert form.longest.property("role") == "refused"
    assert form.more.property("role") == "refused"
    form.longest.setValue(20)
    assert not form.longest.property("role")
    assert not form.more.property("role")
    assert form.error == ""
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    assert all(12 <= len(name) <= 20 for name in window.names.generated)


@pytest.mark.parametrize("field", ["prefix", "suffix", "containing"])
def test_an_unknown_letter_is_named_beside_its_control(window, qtbot, form, field):
    getattr(form, field).setText("ß")
    qtbot.waitUntil(lambda: "“ß”" in form.error_of(field))
    assert window.names.generated == []


def test_names_of_an_earlier_request_are_hidden_until_a_wrong_one_is_mended(
    window, qtbot, form, generate, table
):
    before = generate()
    form.prefix.setText("ß")
    qtbot.waitUntil(lambda: table.shown == [])
    assert "cannot be met" in table.view.empty_message
    assert table.legend == ""
    form.prefix.clear()
    assert table.shown == [], "not before they answer the request"
    qtbot.waitUntil(lambda: window.names.generated == before)
    assert table.legend


def test_a_table_emptied_by_a_wrong_request_can_still_be_cleared_and_restored(
    window, qtbot, form, generate, table
):
    before = generate()
    form.prefix.setText("ß")
    qtbot.waitUntil(lambda: table.shown == [])
    window.actions_.clear_names.trigger()
    assert "No names yet" in table.view.empty_message
    window.actions_.undo.trigger()
    assert window.names.generated == before


def test_a_temperature_of_zero_is_refused_beside_its_control(qtbot, form):
    form.temperature.setFocus()
    form.temperature.selectAll()
    qtbot.keyClicks(form.temperature, "-1")
    qtbot.keyClick(form.temperature, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "above 0" in form.error_of("temperature"))


def test_an_impossible_suffix_shows_progress_and_ends_with_a_message(window, qtbot, form):
    form.suffix.setText("qqqq")
    qtbot.waitUntil(lambda: window.names.is_waiting, timeout=30_000)
    qtbot.waitUntil(lambda: "“qqqq”" in form.error_of("suffix"), timeout=60_000)
    assert "0 of 10 found" in form.error_of("suffix")
    assert not window.names.is_waiting
    table = window.names.table
    assert table.shown == []
    assert table.view.empty_message.startswith("No names were found that meet this request.")
    form.suffix.clear()
    qtbot.waitUntil(lambda: len(table.shown) == 10, timeout=30_000)
    window.actions_.clear_names.trigger()
    assert table.view.empty_message.startswith("No names yet.")


def test_an_endless_search_can_be_cancelled_or_replaced_by_a_new_request(window, qtbot, form):
    form.suffix.setText("qqqq")
    qtbot.waitUntil(lambda: window.names.is_waiting, timeout=30_000)
    qtbot.mouseClick(window.names.cancel, Qt.MouseButton.LeftButton)
    assert window.names.note.startswith("Cancelled: 0 found among")
    assert not window.names.is_waiting
    press(qtbot, window, "Ctrl+G")
    form.suffix.setText("")
    press(qtbot, form.suffix, "Return")
    qtbot.waitUntil(lambda: len(window.names.generated) == 10, timeout=30_000)
    assert form.error == ""


def test_only_new_names_shows_no_known_names(window, form, generate, table):
    form.only_new.click()
    form.no_repeats.click()
    form.count.setValue(100)
    names = generate()
    assert len(set(names)) == len(names) == 100
    known = {name.lower() for name in window.session.corpus.distinct}
    assert not known & {name.lower() for name in names}
    assert {candidate.status for candidate in table.shown} == {NameStatus.NEW}


def test_greedy_top_k_and_length_are_applied(window, qtbot, form, generate, train_until):
    train_until(window.session, 2_500)  # earlier, the likeliest letter may never be the end
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert form.greedy.isVisible()
    form.greedy.click()
    assert len(generate()) == 1
    assert "greedy" in form.error_of("greedy")
    form.greedy.click()
    form.has_top_k.click()
    form.top_k.setValue(1)
    form.longest.setValue(200)
    assert len(set(generate())) == 1, "the likeliest letter is always the same"


def test_a_click_on_a_column_heading_sorts(qtbot, generate, table):
    generate()
    for column in (Column.NAME, Column.SCORE, Column.STATUS):
        drawn = table.shown
        click_heading(qtbot, table, column)
        keys = {
            Column.NAME: lambda p: p.name,
            Column.SCORE: lambda p: p.score.nats_per_character,
            Column.STATUS: lambda p: p.status.value,
        }
        up = [keys[column](p) for p in table.shown]
        assert up == sorted(up)
        click_heading(qtbot, table, column)
        down = [keys[column](p) for p in table.shown]
        assert down == sorted(down, reverse=True)
        click_heading(qtbot, table, column)
        assert table.shown == drawn, "the third click restores the order in which they were drawn"


def test_the_filter_takes_letters_and_numbers(qtbot, form, generate, table):
    form.count.setValue(200)
    generate()
    whole = table.shown
    table.filter.setFocus()
    QTest.keyClicks(table.filter, "apart>4 letters<9")
    expected = [p for p in whole if p.nearest.distance > 4 and len(p.name) < 9]
    assert expected
    assert table.shown == expected != whole
    table.filter.setText("E")
    assert table.shown == [p for p in whole if "e" in p.name + p.nearest.name]
    table.filter.clear()
    table.status.setCurrentIndex(table.status.findData(NameStatus.TRAINING))
    assert table.shown == [p for p in whole if p.status is NameStatus.TRAINING]
    table.status.setCurrentIndex(0)
    assert table.shown == whole


def test_a_filter_without_matches_is_explained(qtbot, generate, table):
    generate()
    before, count = table.legend, len(table.shown)
    table.filter.setFocus()
    QTest.keyClicks(table.filter, "apart>>2")
    assert table.shown == []
    assert table.legend == f"None of the {count} names matches the filter."
    table.filter.clear()
    assert (table.legend, len(table.shown)) == (before, count)


def test_a_filter_says_how_many_names_it_shows_even_while_it_is_folded_away(
    qtbot, form, generate, table
):
    form.count.setValue(50)
    generate()
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert table.filter.isVisible()
    QTest.keyClicks(table.filter, "letters<9")
    count = len(table.shown)
    assert 1 < count < 50
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert not table.filter.isVisible()
    assert table.legend == f"{count} of the 50 names match the filter."
    assert table.legend_line.isVisible()


def test_an_empty_table_says_which_key_fills_it(window, generate, table):
    window.names.clear()  # what the network wrote first may be there already
    assert table.legend == ""
    message = table.view.empty_message
    assert message.startswith("No names yet. Press Generate (Ctrl+G)")
    assert table.view.accessibleDescription() == message
    generate()
    assert table.view.empty_message == ""


def test_the_number_of_names_is_behind_more(window, qtbot, form):
    assert not form.count.isVisible()
    qtbot.mouseClick(form.more, Qt.MouseButton.LeftButton)
    assert form.count.isVisible()
    form.count.setFocus()
    form.count.selectAll()
    qtbot.keyClicks(form.count, "3")
    qtbot.keyClick(form.count, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.names.generated) == 3)


def test_the_button_counts_the_kept_names_and_opens_their_panel(window, qtbot, generate, table):
    button = window.names.kept_button
    assert (button.text(), button.accessibleName()) == ("0 kept", "Kept names: 0")
    generate()
    for row in (0, 2):
        click_cell(qtbot, table, row, Column.KEPT)
    assert (button.text(), button.accessibleName()) == ("2 kept", "Kept names: 2")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.docks.docks["kept_names"].isVisible())
    assert window.docks.panel("kept_names").names == [
        window.names.generated[0],
        window.names.generated[2],
    ]


@pytest.mark.layout
def test_rows_stars_and_statuses_have_the_colours_of_the_theme(window, qtbot, generate, table):
    generate()
    click_cell(qtbot, table, 0, Column.KEPT)
    view, colours = table.view, window._theme.colours
    assert view.rowHeight(0) >= 28
    view.clearSelection()
    image = view.viewport().grab().toImage()

    def painted(column):
        cell = view.visualRect(view.model().index(0, column))
        return {
            image.pixelColor(x, y).name()
            for x in range(cell.left(), cell.right())
            for y in range(cell.top(), cell.bottom())
        }

    assert table.shown[0].status is NameStatus.NEW
    assert {colours.alternate, colours.border} <= painted(Column.STATUS)
    assert colours.second in painted(Column.KEPT)
    assert colours.border in painted(Column.SCORE)


def test_a_name_keeps_its_room_in_a_window_that_was_made_larger_before_it_is_shown(
    open_window, qtbot
):
    window = open_window(lambda window: window.resize(1600, 1000))
    view = window.names.table.view
    qtbot.waitUntil(lambda: view.viewport().width() < 400)
    assert view.isColumnHidden(Column.NEAREST)
    assert view.columnWidth(Column.NAME) > view.viewport().width() // 3


def test_the_nearest_name_stands_before_its_distance(generate, table, window):
    generate()
    row = next(row for row, p in enumerate(table.shown) if p.nearest.distance > 0)
    near = table.shown[row].nearest
    cell = table.view.model().index(row, Column.NEAREST)
    assert cell.data() == f"{near.name.capitalize()} {near.distance}"
    spoken = cell.data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"nearest {near.name.capitalize()}, letters apart: {near.distance}"


@pytest.mark.layout
def test_nothing_of_the_card_is_cut_off(window, qtbot, form):
    for size in [(940, 560), (1100, 700), (1600, 1000)]:
        window.resize(*size)
        qtbot.wait(50)
        names = window.names
        parts = [form.prefix, form.suffix, names.button, names.kept_button]
        parts += [form.only_new, form.no_repeats, form.same_seed, form.more]
        for part in parts:
            assert part.width() >= part.minimumSizeHint().width(), part.accessibleName()
            # In a narrow window, the buttons stand beside the tab of the names.
            around = names if names.isAncestorOf(part) else window.panels_card
            place = part.mapTo(around, QPoint(0, 0))
            assert 0 <= place.x() <= place.x() + part.width() <= around.width(), (
                part.accessibleName()
            )
        for part in (names.button, names.kept_button):
            assert part.visibleRegion().boundingRect().size() == part.size(), part.accessibleName()


@pytest.mark.layout
@pytest.mark.parametrize("size", [(940, 560), (1100, 700)])
def test_what_says_that_units_are_off_is_not_cut_off(window, qtbot, size):
    window.resize(*size)
    window.session.units_off.switch(HiddenUnit(1, 4), off=True)
    window.session.units_off.switch(HiddenUnit(1, 5), off=True)
    for key in ("states", "next_letter", "steps", "write_together"):
        window.docks.show(key)
    qtbot.wait(50)
    chips = window.findChildren(UnitsOffChip)
    assert len(chips) == 6  # of four panels, and of the names and the text
    for chip in chips:
        if chip.isVisible():
            assert chip.width() >= chip.sizeHint().width()
    assert any(chip.isVisible() for chip in chips)


def test_the_tooltip_shows_each_letters_surprise(generate, table):
    generate()
    candidate = table.shown[0]
    tip = table.view.model().index(0, Column.NAME).data(Qt.ItemDataRole.ToolTipRole)
    for nats in candidate.score.surprisals:
        assert f"{nats:.2f}" in tip
    assert "Nearest in the data" in tip


@pytest.mark.layout
def test_more_columns_appear_with_more_room_or_by_choice(window, qtbot, table):
    assert table.view.isColumnHidden(Column.NEAREST)
    menu = table.columns_menu()
    next(a for a in menu.actions() if a.data() == Column.NEAREST).trigger()
    assert not table.view.isColumnHidden(Column.NEAREST)
    menu.close()


@pytest.mark.layout
def test_more_columns_are_shown_in_a_wide_panel(window, qtbot, table):
    window.resize(1920, 1080)
    window.names.setMinimumWidth(700)
    qtbot.waitUntil(lambda: not table.view.isColumnHidden(Column.NEAREST))


def test_a_star_is_set_and_removed_by_mouse_and_by_key(window, qtbot, generate, table):
    generate()
    kept = window.session.name_generation.kept
    click_cell(qtbot, table, 1, Column.KEPT)
    assert [k.name for k in kept.names] == [table.shown[1].name]
    index = table.view.model().index(2, Column.NAME)
    table.view.selectionModel().select(
        index,
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
    )
    press(qtbot, table.view, "Ctrl+D")
    assert {k.name for k in kept.names} == {table.shown[1].name, table.shown[2].name}
    stars = [table.view.model().index(row, Column.KEPT) for row in range(4)]
    shown = [star.data(Qt.ItemDataRole.DecorationRole) for star in stars]
    assert shown == [Icon.STAR, Icon.STAR_FILLED, Icon.STAR_FILLED, Icon.STAR]
    spoken = [star.data(Qt.ItemDataRole.AccessibleTextRole) for star in stars]
    assert spoken == ["not kept", "kept", "kept", "not kept"]
    press(qtbot, table.view, "Ctrl+D")
    click_cell(qtbot, table, 1, Column.KEPT)
    assert kept.names == ()


def test_copy_copies_the_names_that_are_shown(window, qtbot, generate, table):
    names = generate()
    press(qtbot, window, "Ctrl+Shift+C")
    assert QGuiApplication.clipboard().text().split("\n") == names


def test_dragged_rows_are_plain_text_with_one_name_per_line(generate, table):
    names = generate()
    model = table.view.model()
    indexes = [model.index(row, column) for row in (0, 2) for column in range(3)]
    data = model.mimeData(indexes)
    assert data.text() == f"{names[0]}\n{names[2]}"
    assert bytes(data.data("text/plain")).decode() == data.text()
    assert table.view.dragEnabled()


def test_export_writes_what_is_shown(window, qtbot, generate, table, tmp_path):
    generate()
    click_heading(qtbot, table, Column.SCORE)
    for suffix in ("txt", "csv", "json"):
        path = tmp_path / f"names.{suffix}"
        window.names.export(str(path))
        qtbot.waitUntil(lambda path=path: str(path) in window.names.note)
        text = path.read_text(encoding="utf-8")
        names = {
            "txt": str.splitlines,
            "csv": lambda text: [row["name"] for row in csv.DictReader(text.splitlines())],
            "json": lambda text: [row["name"] for row in json.loads(text)],
        }[suffix](text)
        assert names == window.names.generated


def test_an_unwritable_path_is_reported_and_left_unchanged(window, qtbot, generate, tmp_path):
    generate()
    window.names.export(str(tmp_path / "nowhere" / "names.txt"))
    qtbot.waitUntil(lambda: "cannot be written" in window.names.note)
    folder = tmp_path / "names.txt"
    folder.mkdir()
    (folder / "old").write_text("still here")
    window.names.export(str(folder))
    qtbot.waitUntil(lambda: f"“{folder}” cannot be written" in window.names.note)
    assert (folder / "old").read_text() == "still here"


def test_ctrl_f_searches_the_log_forwards_backwards_and_wraps(window, qtbot, train_until):
    train_until(window.session, 2_001)
    log = window.names.log
    press(qtbot, window, "Ctrl+F")
    QTest.keyClicks(log.search.line, "iteration: ")
    first = log.text.textCursor().selectionStart()
    assert log.text.textCursor().selectedText() == "Iteration: "
    press(qtbot, log.search.line, "Return")
    second = log.text.textCursor().selectionStart()
    assert second != first
    press(qtbot, log.search.line, "Return")
    assert log.text.textCursor().selectionStart() == first, "wraps around at the end"
    press(qtbot, log.search.line, "Shift+Return")
    assert log.text.textCursor().selectionStart() == second, "wraps around at the beginning"
    QTest.keyClicks(log.search.line, "none")
    assert log.search.outcome == "not found"
    press(qtbot, log.search.line, "Esc")
    assert not log.search.isVisible()


def test_names_of_a_network_without_some_units_are_marked_and_their_export_says_it(
    window, qtbot, generate, table, tmp_path
):
    (chip,) = window.names.findChildren(UnitsOffChip)
    window.actions_.live_names.setChecked(False)
    assert not chip.isVisible()
    window.session.units_off.switch(HiddenUnit(1, 4), off=True)
    assert chip.isVisible()
    assert chip.words == "1 unit off · Switch all on"
    generate()
    path = tmp_path / "names.txt"
    window.names.export(str(path))
    qtbot.waitUntil(lambda: str(path) in window.names.note)
    assert window.names.note.endswith("They were written with 1 unit off.")
    click_cell(qtbot, table, 0, Column.KEPT)
    assert window.session.name_generation.kept.names[-1].model == "RNN 50 (1 unit off)"
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert (window.session.units_off.units, chip.isVisible()) == (frozenset(), False)
    # These names are still those of the network without the unit.
    window.names.export(str(tmp_path / "again.txt"))
    qtbot.waitUntil(lambda: "again.txt" in window.names.note)
    assert "with 1 unit off" in window.names.note


@pytest.mark.layout
def test_the_columns_are_those_of_the_room_at_the_first_sight(qtbot, window):
    for width, is_hidden in ((1200, False), (300, True)):
        table = NamesTable(window.actions_, window.session.name_generation)
        qtbot.addWidget(table)
        table.resize(width, 300)
        table.show()
        assert table.view.isColumnHidden(Column.NEAREST) is is_hidden
        table.hide()
        table.resize(1500 - width, 300)
        table.show()
        assert table.view.isColumnHidden(Column.NEAREST) is not is_hidden
