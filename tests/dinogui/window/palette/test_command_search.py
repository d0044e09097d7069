"""The command search, used as a person does: with keys and clicks."""

import re
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QKeySequence, QPalette
from PySide6.QtWidgets import QApplication

from dinogui.common.actions.action_words import reason_of, title_of
from dinogui.common.preferences import MAX_RECENT
from dinogui.common.speed import Speed
from dinogui.datasets.catalogue import CATALOGUE
from dinogui.datasets.data_dialog import DataDialog
from dinogui.datasets.data_folder import DataFolder, users_data_folder
from dinogui.handbook.handbook_window import HandbookWindow
from dinogui.handbook.pages import all_pages
from dinogui.session.run import RunState
from dinogui.window.palette.action_entries import menu_actions
from dinogui.window.palette.setting import GROUP
from engine.training.ending import ENDLESS, Until
from engine.training.presets import PRESETS, PRESETS_BY_KEY

CONTROL = Qt.KeyboardModifier.ControlModifier


def press(qtbot, widget, keys):
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


@pytest.fixture
def search(window, qtbot):
    """Return a function that opens the search with Ctrl+K and types into it."""

    def open_and_type(text=""):
        press(qtbot, QApplication.focusWidget() or window, "Ctrl+K")
        sheet = window.command_search.sheet
        assert sheet.line.hasFocus()
        qtbot.keyClicks(sheet.line, text)
        return sheet

    return open_and_type


def titles(sheet):
    return [found.entry.title for found in sheet.found]


def enter(qtbot, sheet):
    qtbot.keyClick(sheet.line, Qt.Key.Key_Return)


# Opening and closing


def test_it_opens_over_whatever_has_the_focus_and_gives_the_focus_back(window, qtbot, search):
    for part in (window.names.form.prefix, window.controls.learning_rate.box, window.names.button):
        part.setFocus()
        sheet = search()
        assert sheet.isVisible()
        qtbot.keyClick(sheet.line, Qt.Key.Key_Escape)
        assert not sheet.isVisible()
        assert window.command_search.sheet is None
        assert part.hasFocus()
    press(qtbot, search().line, "Ctrl+K")
    assert window.command_search.sheet is None


def test_it_opens_over_the_window_from_a_panel_that_was_torn_off(window, qtbot, search):
    panel = window.docks.show("write_together")
    window.docks.docks["write_together"].setFloating(True)
    with qtbot.waitActive(panel.window()):
        panel.window().activateWindow()
        panel.line.setFocus()
    qtbot.keyClick(panel.line, Qt.Key.Key_K, CONTROL)
    sheet = window.command_search.sheet
    qtbot.waitUntil(sheet.line.hasFocus)
    assert sheet.window() is window
    qtbot.keyClicks(sheet.line, "train")
    enter(qtbot, sheet)
    assert window.session.state is RunState.TRAINING


def test_the_button_of_the_top_bar_and_the_help_menu_open_it(window, qtbot):
    action = window.actions_.search_commands
    button = next(
        part
        for part in window.top_bar.children()
        if hasattr(part, "defaultAction") and part.defaultAction() is action
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert window.command_search.sheet.line.hasFocus()
    first = window.command_search.sheet
    action.trigger()
    assert window.command_search.sheet is not first, "the list is made again"
    assert not first.isVisible()


def test_no_key_acts_on_what_is_behind_it(window, qtbot, search):
    run = window.session.run
    sheet = search("a")
    for keys in ("Space", "b", "Ctrl+R", "F8", "Ctrl+G", "Ctrl+0", "F11"):
        if keys == "b":
            qtbot.keyClicks(sheet.line, keys)
        else:
            press(qtbot, sheet.line, keys)
    assert sheet.line.text() == "a b"
    assert window.session.run is run
    assert window.session.state is RunState.READY
    assert not window.presentation.is_plot_alone
    assert sheet.line.hasFocus()


def test_a_click_beside_it_closes_it_and_one_in_it_does_not(window, qtbot, search):
    sheet = search()
    handle = window.windowHandle()
    inside = sheet.mapTo(window, sheet.rect().center())
    qtbot.mouseClick(handle, Qt.MouseButton.RightButton, pos=inside)
    assert sheet.isVisible()
    below = QPoint(window.width() // 2, sheet.geometry().bottom() + 5)
    qtbot.mouseClick(handle, Qt.MouseButton.LeftButton, pos=below)
    assert window.command_search.sheet is None


# What is found


def test_presets_for_kinds_wait_for_names_with_kinds(window, search):
    sheet = search("Tell the kind")
    (entry,) = [found.entry for found in sheet.found if found.entry.key == "preset/tell"]
    assert entry.reason == "This preset is for names with kinds. Open some first"


def test_everything_is_found_by_its_title(window, search):
    sheet = search()
    wanted = [
        (title_of(action), found_in[0])
        for found_in, action in menu_actions(window.menuBar(), window.actions_.panels_menu)
        if action is not window.actions_.search_commands
    ]
    wanted += [
        (dock.windowTitle(), "Panel")
        for key, dock in window.docks.docks.items()
        if window.docks.is_offered(key)
    ]
    wanted += [(preset.name, "Preset") for preset in PRESETS_BY_KEY.values()]
    wanted += [(data_set.title, "Data") for data_set in CATALOGUE]
    cards = ("Knobs", "Model", "Runs", "All settings", "Loss", "Names", "As it learned")
    wanted += [(title, "Card") for title in cards]
    pages = [found for found in sheet.found if found.entry.group == "Handbook"]
    assert len(pages) == len(all_pages()) - 1, "all pages but the contents"
    wanted += [(found.entry.title, "Handbook") for found in pages]
    assert len(wanted) > 80
    for title, group in wanted:
        sheet.line.setText(title)
        first = [(found.entry.title, found.entry.group) for found in sheet.found[:12]]
        assert any(where == group and what.endswith(title) for what, where in first), title


def test_a_command_shows_its_key_and_enter_carries_it_out(window, qtbot, search):
    sheet = search("trn")
    assert sheet.chosen.title == "Train"
    assert sheet.chosen.keys == "Space"
    enter(qtbot, sheet)
    assert window.session.state is RunState.TRAINING
    sheet = search("pause")
    assert sheet.chosen.title == "Pause"
    enter(qtbot, sheet)
    assert window.session.state is RunState.PAUSED


def test_panels_presets_schemes_and_pages_can_be_chosen(window, qtbot, search):
    enter(qtbot, search("panel weights"))
    assert window.docks.docks["weights"].isVisible()
    enter(qtbot, search("panel weights"))
    assert window.docks.docks["weights"].isVisible(), "it is shown, and not closed"
    enter(qtbot, search("preset quick"))
    assert window.session.settings.cell == "gru"
    enter(qtbot, search("optimiser sgd"))
    assert window.session.hyperparameters.optimizer == "sgd"
    enter(qtbot, search("dark"))
    assert window.actions_.schemes[Qt.ColorScheme.Dark].isChecked()
    enter(qtbot, search("handbook glossary"))
    assert window.findChild(HandbookWindow).path == "glossary.md"


def test_a_card_is_shown_whole_and_gets_the_focus(window, qtbot, search):
    left, part = window.left, window.arrangement

    def choose(text, title, card):
        sheet = search(text)
        assert (sheet.chosen.title, sheet.chosen.group) == (title, "Card")
        enter(qtbot, sheet)
        qtbot.waitUntil(lambda: card.isAncestorOf(QApplication.focusWidget() or window))
        assert card.isVisible()

    choose("settings all", "All settings", left.settings)
    assert left.shows_settings
    choose("runs", "Runs", window.runs_card)
    assert not window.runs_card.is_folded, "it was, in this window"
    window.actions_.plot_alone.trigger()
    assert not left.isVisible()
    choose("model", "Model", window.model_card)
    assert window.model_card.cells.isVisible()
    choose("knobs", "Knobs", left.cards[0])
    choose("loss", "Loss", part.loss_card)
    choose("names", "Names", part.samples_card)
    window.resize(940, 560)
    qtbot.waitUntil(lambda: part.is_narrow)
    choose("as it learned", "As it learned", part.logs)
    choose("names", "Names", part.samples)


def test_during_a_race_its_card_stands_in_the_list(window, qtbot, search):
    sheet = search("card")
    assert "Race" not in titles(sheet)
    sheet.leave()
    window.left.show_race(True)
    cards = [found.entry.title for found in search("").found if found.entry.group == "Card"]
    assert cards == ["Race", "Runs", "Loss", "Names", "As it learned"]


def test_a_data_set_that_is_missing_can_be_got_and_one_that_is_there_opens(
    window, qtbot, search, content, data_set_at
):
    enter(qtbot, search("tiny shakespeare"))
    dialog = window.findChild(DataDialog)
    row = dialog.rows[[data_set.title for data_set in CATALOGUE].index("Tiny Shakespeare")]
    assert dialog.isVisible()
    assert dialog.focusWidget() is row.get_button
    folder = DataFolder(users_data_folder())
    folder.path.mkdir(parents=True)
    data_set = data_set_at("http://localhost/never-asked")
    folder.path_of(data_set).write_bytes(content)
    with qtbot.waitSignal(window.session.run_begun):
        window.command_search.open_or_get(data_set)
    assert window.session.corpus.source == data_set.file_name


def test_nothing_found_is_said(window, search):
    sheet = search("xyzzy")
    assert sheet.found == []
    assert "“xyzzy”" in sheet.explanation


def test_what_was_used_recently_is_first(window, qtbot, search):
    for text in ("zoom in", "panel clipping", "zoom in"):
        enter(qtbot, search(text))
    sheet = search()
    assert titles(sheet)[:2] == ["Zoom in", "Clipping"]
    assert window.command_search.recent == ["zoom_in", "panel/clipping"]
    for number in range(MAX_RECENT + 3):
        window.command_search.sheet.used.emit(str(number))
    assert len(window.command_search.recent) == MAX_RECENT


# Values


def test_a_value_is_set_and_undo_sets_it_back(window, qtbot, search):
    for typed in ["learning rate 0.003", "lr 0,003"]:
        enter(qtbot, search(typed))
        assert window.session.hyperparameters.learning_rate == 0.003
        assert window.controls.learning_rate.box.value() == 0.003
        press(qtbot, window, "Ctrl+Z")
        assert window.session.hyperparameters.learning_rate == 0.01


def test_the_temperature_of_names_is_set(window, qtbot, search):
    enter(qtbot, search("temperature 0.8"))
    assert window.names.form.temperature.value() == 0.8
    sheet = search("temperature 0")
    assert sheet.explanation == "The temperature must be a number above 0, not 0."
    enter(qtbot, sheet)
    sheet.line.setText("temperature 7")
    assert sheet.explanation == "The temperature can be at most 3, not 7."
    enter(qtbot, sheet)
    assert window.names.form.temperature.value() == 0.8


def test_a_value_out_of_range_says_why_and_the_search_stays_open(window, qtbot, search):
    before = window.session.hyperparameters
    sheet = search("dropout 2")
    assert sheet.chosen.reason == "The dropout goes from 0 to 0.95; 2 is too high."
    enter(qtbot, sheet)
    assert sheet.isVisible()
    assert sheet.explanation == sheet.chosen.reason
    assert window.session.hyperparameters == before


def test_a_value_that_is_no_longer_allowed_says_why(window, qtbot, search):
    sheet = search("layers 2")
    assert not sheet.chosen.reason
    window.session.set_hyperparameters(widths=(50, 50, 50))
    enter(qtbot, sheet)
    assert sheet.isVisible()
    assert sheet.line.hasFocus()
    assert "begin a new run" in sheet.explanation
    assert window.session.hyperparameters.widths == (50, 50, 50)


def test_a_value_that_is_fixed_in_a_run_begins_a_new_one(window, qtbot, search):
    for typed, said, field, value in [
        ("cell lstm", "Begins a new run with LSTM cells.", "cell", "lstm"),
        ("gru", "Begins a new run with GRU cells.", "cell", "gru"),
        ("lstm", "Begins a new run with LSTM cells.", "cell", "lstm"),
        ("float32", "Begins a new run with float32 numbers.", "dtype", "float32"),
        ("seed 3", "Begins a new run with seed 3.", "seed", 3),
        ("held out 20", "Begins a new run with 20 % held out.", "held_out", 0.2),
        ("embedding 16", "Begins a new run with an embedding of size 16.", "embedding", 16),
    ]:
        before = window.session.run
        before_settings = before.settings
        sheet = search(typed)
        assert sheet.explanation.startswith(said)
        enter(qtbot, sheet)
        run = window.session.run
        assert run is not before
        assert getattr(run.settings, field) == value
        assert getattr(before_settings, field) != value
        assert run.hyperparameters == before.hyperparameters


def test_speed_and_end_of_the_run_are_set(window, qtbot, search):
    sheet = search("speed 10")
    assert sheet.explanation == "Trains 10 steps a second from now on"
    enter(qtbot, sheet)
    assert window.session.speed is Speed.TEN
    assert window.actions_.speeds[Speed.TEN].isChecked()
    enter(qtbot, search("speed full"))
    assert window.session.speed is Speed.FULL
    sheet = search("until 5000")
    assert sheet.explanation == "Ends the run by itself after 5,000 steps in all"
    enter(qtbot, sheet)
    assert window.session.run.until == Until(steps=5_000)
    enter(qtbot, search("until 10 min"))
    assert window.session.run.until == Until(steps=5_000, minutes=10.0)
    enter(qtbot, search("until off"))
    assert window.session.run.until == ENDLESS


def test_the_optimiser_says_what_enter_does(window, qtbot, search):
    sheet = search("optimizer adam")
    assert sheet.explanation == "Sets the optimiser to Adam at the next step; it is SGD now"
    enter(qtbot, sheet)
    assert window.session.hyperparameters.optimizer == "adam"


def test_a_recipe_that_does_not_allow_a_cell_says_so(window, qtbot, search):
    window.session.begin_preset(next(preset for preset in PRESETS if preset.recipe.is_legacy))
    run = window.session.run
    sheet = search("gru")
    assert "Choose the default recipe" in sheet.chosen.reason
    enter(qtbot, sheet)
    assert sheet.isVisible()
    sheet.line.setText("held out 20")
    assert "holds nothing out" in sheet.explanation
    assert window.session.run is run


def test_choosing_the_name_of_a_value_asks_for_it(window, qtbot, search):
    sheet = search("hidd")
    assert sheet.chosen.title == "Hidden units…"
    assert sheet.explanation.startswith("Now 50.")
    qtbot.keyClick(sheet.line, Qt.Key.Key_Tab)
    assert sheet.line.hasFocus()
    assert sheet.line.text() == "hidden units "
    qtbot.keyClicks(sheet.line, "64")
    assert titles(sheet)[0] == "Hidden units: 64"
    enter(qtbot, sheet)
    assert window.session.hyperparameters.widths == (64,)
    sheet = search("clip val")
    enter(qtbot, sheet)
    assert sheet.line.text() == "clip value "
    qtbot.keyClicks(sheet.line, "off")
    enter(qtbot, sheet)
    assert window.session.hyperparameters.clip is None


# What is disabled


def check_that_disabled_entries_say_why(window, search):
    disabled = {
        ": ".join((*found_in[1:], title_of(action))): reason_of(action)
        for found_in, action in menu_actions(window.menuBar(), window.actions_.panels_menu)
        if not action.isEnabled()
    }
    assert all(disabled.values()), disabled
    sheet = search()
    reasons = {(found.entry.title, found.entry.reason) for found in sheet.found}
    assert set(disabled.items()) <= reasons
    sheet.leave()
    return disabled


def test_every_disabled_command_says_why(window, qtbot, search):
    disabled = check_that_disabled_entries_say_why(window, search)
    assert "no file is open" in disabled["Read as: Names"]
    assert "no change to undo" in disabled["Undo"]
    window.session.train()
    assert "Pause it first" in check_that_disabled_entries_say_why(window, search)["Step"]
    window.session.pause()
    window.run_display.show_state(RunState.FAILED)
    window.actions_.train.setEnabled(False)
    sheet = search("train")
    enter(qtbot, sheet)
    assert sheet.isVisible()
    assert "Restart to go on" in sheet.explanation


def test_commands_for_names_say_so_while_a_text_is_open(text_window, qtbot):
    window = text_window

    def search():
        window.writing.prompt.setFocus()
        press(qtbot, window.writing.prompt, "Ctrl+K")
        assert window.command_search.sheet.line.hasFocus()
        return window.command_search.sheet

    disabled = check_that_disabled_entries_say_why(window, search)
    assert "This is for names" in disabled["Clear generated names"]
    sheet = search()
    sheet.line.setText("preset deep lstm")
    assert "for names, but a text is open" in sheet.chosen.reason
    sheet.line.setText("temperature 0.6")
    enter(qtbot, sheet)
    assert window.writing.temperature.value() == 0.6


# The list


def test_the_keys_go_through_the_list(window, qtbot, search):
    sheet = search()
    rows = len(sheet.found)

    def row_after(keys):
        press(qtbot, sheet.line, keys)
        return sheet.view.currentIndex().row()

    assert row_after("Down") == 1
    assert row_after("Up") == 0
    assert row_after("Up") == rows - 1
    assert row_after("Down") == 0
    page = row_after("PgDown")
    assert 3 < page < 12
    assert row_after("PgUp") == 0
    assert row_after("Ctrl+End") == rows - 1
    assert row_after("Ctrl+Home") == 0
    assert sheet.line.hasFocus()


def test_a_click_carries_out_a_line(window, qtbot, search):
    sheet = search("plot alone")
    place = sheet.view.visualRect(sheet.view.model().index(0, 0)).center()
    qtbot.mouseClick(sheet.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.presentation.is_plot_alone
    window.presentation.leave()


def test_a_screen_reader_is_told_what_is_chosen(window, search):
    sheet = search("save run as")
    line = QAccessible.queryAccessibleInterface(sheet.line)
    assert line.text(QAccessible.Text.Name) == "Search commands"
    described = line.text(QAccessible.Text.Description)
    assert re.match(r"Save run as…, File, Ctrl\+Shift\+S, Save the run", described)
    sheet.line.setText("undo")
    assert "not available: There is no change to undo" in line.text(QAccessible.Text.Description)
    index = sheet.view.model().index(0, 0)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole).startswith("Undo, Edit, Ctrl+Z")


@pytest.mark.layout
def test_it_fits_into_the_window(window, qtbot, search):
    for size in [(940, 560), (1600, 1000)]:
        for scale in [1.0, 2.0]:
            window.resize(*size)
            window.presentation.scale_text(scale)
            qtbot.wait(50)
            for text in ("", "learning rate 0.003"):
                sheet = search(text)
                assert window.rect().contains(sheet.geometry())
                row = sheet.view.sizeHintForRow(0)
                assert sheet.view.viewport().height() % row == 0
                assert sheet.view.viewport().height() // row >= min(5, len(sheet.found))
                assert sheet.line.height() >= sheet.line.sizeHint().height()
                middle = sheet.geometry().center().x()
                assert abs(middle - window.width() / 2) <= 1
                sheet.leave()
            sheet = search()
            window.resize(1000, 600)
            qtbot.wait(20)
            assert window.rect().contains(sheet.geometry())
            sheet.leave()
    window.presentation.scale_text(1.0)


def contrast(one, other):
    def luminance(colour):
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted(luminance(QColor(colour).getRgbF()[:3]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_all_its_text_can_be_read(window, search):
    for scheme in [Qt.ColorScheme.Light, Qt.ColorScheme.Dark]:
        window.actions_.schemes[scheme].trigger()
        sheet, role = search("e"), QPalette.ColorRole
        palette = sheet.view.palette()
        for ground in (role.Base, role.AlternateBase):
            for ink in (role.Text, role.PlaceholderText, role.Highlight):
                assert contrast(palette.color(ink), palette.color(ground)) >= 4.5, (ink, ground)
        sheet.leave()


def test_values_and_commands_are_listed_in_groups(window, search):
    groups = {found.entry.group for found in search().found}
    menus = {"File", "Edit", "Run", "View", "Help"}
    assert groups == {*menus, GROUP, "Card", "Panel", "Preset", "Data", "Handbook"}


def test_a_start_imports_nothing_of_the_search_but_what_opens_it():
    code = (
        "import sys, dinogui.app; print(sorted(name for name in sys.modules "
        "if name.startswith('dinogui.window.palette.')))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['dinogui.window.palette.command_search']"
