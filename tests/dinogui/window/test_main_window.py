"""The main window, used as a person does: with keys, clicks, drags and drops."""

import gc
import weakref
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QScrollBar,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
)

from dinogui.app import make_window
from dinogui.session.run import RunState
from engine.evaluation.units import UNITS, Unit
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import Hyperparameters
from tests.dinogui.window.dropping import drop, drop_urls


def press(qtbot, widget, keys):
    """Press a key combination, given as in a menu."""
    combination = QKeySequence(keys)[0]
    qtbot.keyClick(widget, combination.key(), combination.keyboardModifiers())


def handle_of(slider):
    """Return the middle of a slider's handle."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    return (
        slider.style()
        .subControlRect(
            QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
        )
        .center()
    )


def drag(qtbot, slider, to_x):
    """Drag a slider's handle to a place, through all positions in between."""
    start = handle_of(slider)
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for x in np.linspace(start.x(), to_x, 12).round():
        qtbot.mouseMove(slider, QPoint(int(x), start.y()))
        qtbot.wait(5)
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=QPoint(int(to_x), start.y()))


def trained(window, steps):
    return window.session.steps_made >= steps


def test_the_window_opens_with_the_dinosaurs_loaded(window):
    assert window.session.state is RunState.READY
    assert "dinosaurs.txt: 1," in window.controls.data_message
    assert "Held out: 140" in window.controls.data_message
    assert window.status.message.startswith("Ready")
    assert window.banner.isHidden()


def test_one_key_trains_and_one_generates_names(window, qtbot):
    press(qtbot, window, "Space")
    assert window.session.state is RunState.TRAINING
    qtbot.waitUntil(lambda: trained(window, 200))
    press(qtbot, window, "Ctrl+G")
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    press(qtbot, window, "Space")
    assert window.session.state is RunState.PAUSED
    assert window.status.message.startswith("Paused")


def test_the_buttons_work(window, qtbot):
    buttons = {b.text(): b for b in window.top_bar.findChildren(QAbstractButton)}
    qtbot.mouseClick(buttons["Step"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: trained(window, 1))
    assert window.session.steps_made == 1
    qtbot.mouseClick(buttons["Train"], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: trained(window, 100))
    assert buttons["Train"].text() == "Pause"
    assert not buttons["Step"].isEnabled()
    qtbot.mouseClick(buttons["Restart"], Qt.MouseButton.LeftButton)
    assert window.session.state is RunState.READY
    qtbot.waitUntil(lambda: window.session.progress is not None)
    assert window.session.steps_made == 0


def test_space_trains_and_enter_presses_the_button_that_has_the_focus(window, qtbot):
    qtbot.mouseClick(window.names.button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    press(qtbot, QApplication.focusWidget() or window, "Space")
    assert window.session.state is RunState.TRAINING
    press(qtbot, window, "Space")
    before = window.names.generated
    window.names.button.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, window.names.button, "Return")
    qtbot.waitUntil(lambda: window.names.generated != before)
    assert window.session.state is RunState.PAUSED


def test_at_the_start_nothing_has_the_focus_until_tab(window, qtbot):
    assert QApplication.focusWidget() is window, "no control, which would look chosen"
    press(qtbot, window, "Return")
    assert window.session.state is RunState.READY
    press(qtbot, window, "Space")
    assert window.session.state is RunState.TRAINING
    press(qtbot, window, "Space")
    press(qtbot, window, "Tab")
    assert QApplication.focusWidget() is window.top_bar.train


def press_with_focus(qtbot, button):
    """Press a button with Enter. It is gone or disabled afterwards."""
    button.setFocus(Qt.FocusReason.TabFocusReason)
    assert button.hasFocus()
    press(qtbot, button, "Return")
    qtbot.waitUntil(lambda: not (button.isVisible() and button.isEnabled()))


def test_the_focus_does_not_jump_from_a_button_that_goes_away(window, qtbot):
    controls, model = window.controls, window.model
    window.session.set_hyperparameters(clip=None)
    press_with_focus(qtbot, controls.advice.button)
    assert window.focusWidget() is None
    window.left.show_settings()
    model.seed.setValue(3)
    press_with_focus(qtbot, model.begin)
    assert window.session.settings.seed == 3
    assert window.focusWidget() is None, "not the next box or button"
    (step,) = (
        button
        for button in window.top_bar.findChildren(QToolButton)
        if button.defaultAction() is window.actions_.step
    )
    qtbot.waitUntil(step.isEnabled)
    step.setFocus(Qt.FocusReason.TabFocusReason)
    press(qtbot, step, "Space")
    assert window.session.state is RunState.TRAINING
    assert not step.isEnabled()
    assert window.focusWidget() is None, "not Restart, which Enter would press"
    press(qtbot, window, "Tab")
    assert window.focusWidget() is not None


def test_space_trains_in_a_number_box_and_is_a_space_in_the_prefix(window, qtbot):
    window.controls.learning_rate.box.setFocus()
    press(qtbot, window.controls.learning_rate.box, "Space")
    assert window.session.state is RunState.TRAINING
    window.names.form.prefix.setFocus()
    press(qtbot, window.names.form.prefix, "Space")
    assert window.session.state is RunState.TRAINING
    assert window.names.form.prefix.text() == " "


@pytest.mark.parametrize(
    ("knob", "low", "high", "value_of"),
    [
        ("learning_rate", 1e-5, 1.0, lambda h: h.learning_rate),
        ("clip", 0.01, None, lambda h: h.clip),
        ("hidden", 4, 512, lambda h: h.widths[0]),
    ],
)
def test_dragging_a_slider_from_end_to_end_during_training(
    window, qtbot, knob, low, high, value_of
):
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: trained(window, 100))
    slider = getattr(window.controls, knob).slider
    for x, expected in ((0, low), (slider.width(), high), (0, low)):
        drag(qtbot, slider, x)
        assert value_of(window.session.hyperparameters) == pytest.approx(expected)
        step = window.session.steps_made
        qtbot.waitUntil(lambda step=step: window.session.steps_made > step, timeout=20_000)
    assert window.session.state is RunState.TRAINING
    assert window.session.curves.last_step == window.session.steps_made


def test_narrowing_shows_its_cost_and_widening_shows_that_it_cost_nothing(window, qtbot):
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: trained(window, 3_000))
    window.controls.hidden.box.setValue(4)
    qtbot.waitUntil(lambda: "50 → 4 units" in window.controls.resize_message)
    assert "nats per name on held-out names" in window.controls.resize_message
    window.controls.hidden.box.setValue(20)
    qtbot.waitUntil(lambda: "4 → 20 units" in window.controls.resize_message)
    assert "computed the same" in window.controls.resize_message


def test_typing_a_number_sets_the_hyperparameter(window, qtbot):
    box = window.controls.learning_rate.box
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "0.0375")
    assert window.session.hyperparameters.learning_rate == 0.01, "a half-typed number is not set"
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert window.session.hyperparameters.learning_rate == 0.0375
    assert box.text() == "0.0375"


def test_arrow_keys_move_every_slider(window, qtbot):
    for knob in (window.controls.learning_rate, window.controls.clip, window.controls.hidden):
        before = knob.value
        knob.slider.setFocus()
        qtbot.keyClick(knob.slider, Qt.Key.Key_Right)
        assert knob.value > before
        qtbot.keyClick(knob.box, Qt.Key.Key_Down)
        assert knob.value == pytest.approx(before)


def test_clipping_can_be_off(window, qtbot):
    clip = window.controls.clip
    clip.slider.setFocus()
    qtbot.keyClick(clip.slider, Qt.Key.Key_End)
    assert window.session.hyperparameters.clip is None
    assert clip.box.text() == "off"
    mark = QPoint(round(clip.slider.x_of(5.0)), clip.slider.height() // 2)
    qtbot.mouseClick(clip.slider, Qt.MouseButton.LeftButton, pos=mark)
    assert window.session.hyperparameters.clip == 5.0


def test_names_can_be_generated_at_any_time(window, qtbot):
    def generate():
        window.actions_.clear_names.trigger()
        assert window.names.generated == []
        press(qtbot, window, "Ctrl+G")
        qtbot.waitUntil(lambda: len(window.names.generated) == 10)
        return window.names.error == ""

    assert generate(), "before training"
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: trained(window, 100))
    assert generate(), "while training"
    window.controls.hidden.box.setValue(200)
    assert generate(), "during a resize"
    qtbot.waitUntil(lambda: "200 units" in window.controls.resize_message)
    assert generate(), "just resized"
    press(qtbot, window, "Space")
    assert generate(), "paused"
    window.session.set_hyperparameters(learning_rate=1e15, clip=None)
    window.session.train()
    qtbot.waitUntil(lambda: window.session.state is RunState.DIVERGED)
    assert generate(), "diverged"


def test_after_divergence_the_banner_says_what_to_do_and_offers_a_restart(window, qtbot):
    window.session.set_hyperparameters(learning_rate=1e15, clip=None)
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: window.session.state is RunState.DIVERGED)
    assert window.banner.isVisible()
    assert "Lower the learning rate" in window.banner.message
    assert "restart" in window.banner.message
    assert window.status.message.startswith("Diverged")
    window.controls.learning_rate.box.setValue(0.02)
    restart = next(b for b in window.banner.findChildren(QAbstractButton) if "Restart" in b.text())
    qtbot.mouseClick(restart, Qt.MouseButton.LeftButton)
    assert window.banner.isHidden()
    assert window.session.state is RunState.READY


def test_a_request_for_names_is_answered(window, qtbot):
    window.names.form.count.setValue(3)
    window.names.form.temperature.setValue(0.5)
    window.names.form.prefix.setFocus()
    qtbot.keyClicks(window.names.form.prefix, "Tyr")
    qtbot.keyClick(window.names.form.prefix, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(window.names.generated) == 3)
    assert all(name.startswith("Tyr") for name in window.names.generated)
    press(qtbot, window, "Ctrl+Shift+C")
    assert QGuiApplication.clipboard().text().split("\n") == window.names.generated


def test_an_unknown_letter_is_named_until_the_next_names_come(window, qtbot):
    window.actions_.clear_names.trigger()
    window.names.form.prefix.setText("Žilinasaurus")
    press(qtbot, window, "Ctrl+G")
    assert "“ž”" in window.names.error
    assert window.names.generated == []
    window.names.form.prefix.setText("Zil")
    press(qtbot, window, "Ctrl+G")
    assert window.names.error == ""
    window.names.form.prefix.setText("a" * 60)
    press(qtbot, window, "Ctrl+G")
    assert "Shorten it" in window.names.error


def test_the_log_has_the_layout_of_the_course(window, qtbot, train_until):
    train_until(window.session, 2001)
    lines = window.names.log.text.toPlainText().split("\n")
    assert lines[0].startswith("Iteration: 0, Loss: ")
    second = next(i for i, line in enumerate(lines) if line.startswith("Iteration: 2000, Loss: "))
    names = lines[second + 2 : second + 9]
    assert len(names) == 7
    assert all(name[0].isupper() or name.startswith("(") for name in names)
    press(qtbot, window, "Ctrl+Shift+L")
    assert QGuiApplication.clipboard().text() == window.names.log.text.toPlainText()


def test_each_run_has_a_log_of_its_own(window, qtbot, train_until):
    log = window.names.log.text
    train_until(window.session, 1)
    first = log.toPlainText()
    assert first.startswith("Iteration: 0, Loss: ")
    press(qtbot, window, "Ctrl+R")
    assert log.toPlainText() == ""
    window.session.set_hyperparameters(widths=(30, 20))
    train_until(window.session, 1)
    second = log.toPlainText()
    assert (second.count("Iteration: 0, "), second != first) == (1, True)
    other = window.session.run.id
    window.session.show_run(window.session.runs.earlier.id)
    assert log.toPlainText() == first
    train_until(window.session, 2001)
    assert log.toPlainText().startswith(first + "\nIteration: 2000, Loss: ")
    window.session.show_run(other)
    assert log.toPlainText() == second


def test_the_recipe_shows_the_held_out_share(window, qtbot):
    said = [label.text() for label in window.controls.facts.findChildren(QLabel)]
    assert any("a share of the names is held out. Here it is 10 %." in text for text in said)
    window.left.show_settings()
    window.model.held_out.setValue(50)
    qtbot.mouseClick(window.model.begin, Qt.MouseButton.LeftButton)
    said = [label.text() for label in window.controls.facts.findChildren(QLabel)]
    assert any("Here it is 50 %." in text for text in said)


def test_the_banner_does_not_move_other_widgets(window, qtbot):
    parts = (window.controls, window.loss_plot, window.names)
    before = [(part.pos(), part.size()) for part in parts]
    window.session.refused.emit("This file is empty.")
    qtbot.wait(20)
    assert window.banner.isVisible()
    assert [(part.pos(), part.size()) for part in parts] == before


def test_the_notebook_recipe_replaces_a_network_that_it_cannot_train(window, qtbot):
    window.session.set_hyperparameters(widths=(50, 30), batch=32)
    window.actions_.recipes[NOTEBOOK].trigger()
    assert window.session.recipe is NOTEBOOK
    assert window.session.hyperparameters == Hyperparameters()
    assert window.actions_.recipes[NOTEBOOK].isChecked()
    assert "course's own network" in window.banner.message
    assert window.banner.isVisible()


def test_the_slider_changes_the_lowest_layer_only(window, qtbot):
    window.session.set_hyperparameters(widths=(50, 30))
    knob = window.controls.hidden
    knob.box.setFocus()
    knob.box.selectAll()
    qtbot.keyClicks(knob.box, "40")
    qtbot.keyClick(knob.box, Qt.Key.Key_Return)
    assert window.session.hyperparameters.widths == (40, 30)


def test_names_requested_right_after_a_restart_are_generated(window, qtbot):
    press(qtbot, window, "Ctrl+R")
    press(qtbot, window, "Ctrl+G")
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)
    assert window.names.error == ""


def test_a_half_typed_number_is_used_when_an_action_starts(window, qtbot):
    for box, typed, keys, heard in (
        (window.names.form.count, "4", "Ctrl+G", lambda: len(window.names.generated) == 4),
        (
            window.controls.learning_rate.box,
            "1e-3",
            "Space",
            lambda: window.session.hyperparameters.learning_rate == 0.001,
        ),
    ):
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, typed)
        press(qtbot, box, keys)
        qtbot.waitUntil(heard)


@pytest.mark.layout
def test_a_very_large_perplexity_does_not_resize_the_window(window, qtbot):
    window.actions_.units[Unit.PERPLEXITY].trigger()
    window.session.set_hyperparameters(learning_rate=1.0, clip=None)
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: (window.session.progress.smoothed_loss or 0) > 1000, timeout=20_000)
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: "e+" in window.status.message)
    assert (window.width(), window.height()) == (1100, 700)


def test_names_that_look_like_html_are_shown_literally(window, qtbot, names_file):
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file("<h1>big</h1>\nbob\nann\n", "a&<b>.txt")))
    assert "<h1>big</h1>" in window.controls.data_message
    labels = [
        label for label in window.controls.facts.findChildren(QLabel) if "<h1>" in label.text()
    ]
    assert [label.textFormat() for label in labels] == [Qt.TextFormat.PlainText]


def test_a_warning_disappears_once_its_cause_is_fixed(window, qtbot):
    window.names.form.prefix.setText("ß")
    press(qtbot, window, "Ctrl+G")
    assert window.names.error
    qtbot.keyClick(window.names.form.prefix, Qt.Key.Key_Backspace)
    assert window.names.error == ""


def test_the_log_stays_at_its_end_when_the_window_shrinks(window, qtbot, train_until):
    train_until(window.session, 2_001)
    qtbot.mouseClick(window.names.log.whole, Qt.MouseButton.LeftButton)
    window.resize(1100, 600)
    qtbot.wait(50)
    bar = window.names.log.text.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0
    train_until(window.session, 4_001)
    assert bar.value() == bar.maximum()


def test_the_log_does_not_scroll_while_it_is_read(window, qtbot, train_until):
    window.resize(1100, 600)
    train_until(window.session, 2_001)
    qtbot.mouseClick(window.names.log.whole, Qt.MouseButton.LeftButton)
    bar = window.names.log.text.verticalScrollBar()
    assert bar.value() == bar.maximum() > 0, "it follows"
    bar.setValue(0)
    train_until(window.session, 4_001)
    assert bar.value() == 0, "it does not scroll while it is read"


def test_the_status_line_is_complete(window, qtbot, train_until):
    train_until(window.session, 1000)
    message = window.status.message
    for part in ("Paused", "step 1,000", "epoch 0.79", "0:00:0", "nats per name"):
        assert part in message
    assert "steps per second" not in message, "no training is under way"
    window.session.train()
    qtbot.waitUntil(lambda: " steps per second" in window.status.message)


def test_the_unit_is_chosen_in_the_menu_or_in_the_box(window, train_until):
    train_until(window.session, 50)
    for unit in UNITS["names"]:
        window.actions_.units[unit].trigger()
        assert window.loss_plot.unit is unit
        assert window.loss_plot.unit_box.currentText() == unit.value
        assert unit.value in window.status.message
        window.loss_plot.unit_box.setCurrentIndex(0)
        window.loss_plot.unit_box.activated.emit(0)
        assert window.actions_.units[Unit.NATS_PER_NAME].isChecked()


def test_a_recipe_is_chosen_by_a_restart(window, qtbot, train_until):
    train_until(window.session, 30)
    window.actions_.recipes[NOTEBOOK].trigger()
    assert window.session.recipe is NOTEBOOK
    assert window.session.state is RunState.READY
    assert "Held out" not in window.controls.data_message
    train_until(window.session, 5)
    window.actions_.recipes[DEFAULT].trigger()
    assert window.session.recipe is DEFAULT


def test_a_dropped_file_is_opened_and_described(window, qtbot, names_file):
    path = names_file("Анна\r\n\r\nБорис\r\nанна\r\nВера\r\n", "имена.txt")
    with qtbot.waitSignal(window.session.run_begun):
        drop(window, path)
    message = window.controls.data_message
    assert "имена.txt: 4 names, 3 distinct" in message
    assert "1 blank line, 1 repeat" in message
    assert "“борис”, 5 letters" in message
    assert "имена.txt" in window.windowTitle()
    qtbot.waitUntil(lambda: window.session.has_network)
    press(qtbot, window, "Ctrl+G")
    qtbot.waitUntil(lambda: len(window.names.generated) == 10)


def test_a_bad_file_is_refused_with_a_message_and_the_run_continues(window, qtbot, names_file):
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: trained(window, 10))
    for content, says in [
        (b"", "There are no names in"),
        (b"Anna\n", "single name"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is a picture"),
        (b"Anna\nJos\xe9\n", "byte 8"),
        (b"a" * 1_000_000, "a single symbol"),
    ]:
        with qtbot.waitSignal(window.session.refused):
            drop(window, names_file(content))
        assert says in window.banner.message
        assert window.banner.isVisible()
        assert window.session.corpus.source == "dinosaurs.txt"
        window.banner.hide()
        step = window.session.steps_made
        qtbot.waitUntil(lambda step=step: window.session.steps_made > step)


def test_an_empty_folder_a_missing_file_and_a_web_address_are_refused(window, qtbot, tmp_path):
    for path, name in ((tmp_path, tmp_path.name), (tmp_path / "no.txt", tmp_path / "no.txt")):
        with qtbot.waitSignal(window.session.refused):
            window.open_file(str(path))
        assert f"“{name}”" in window.banner.message
    drop_urls(window, QUrl("https://example.org/names.txt"))
    assert "Only files on this computer" in window.banner.message


def test_300_000_names_are_read_with_progress_shown(window, qtbot, names_file):
    random = np.random.default_rng(5)
    letters = random.integers(97, 123, (300_000, 9), dtype=np.uint8)
    letters[:, -1] = 10
    shown = []
    window.session.loading_advanced.connect(lambda _: shown.append(window.status.reading_is_shown))
    with qtbot.waitSignal(window.session.run_begun, timeout=30_000):
        window.open_file(str(names_file(letters.tobytes(), "many.txt")))
    assert "300,000 names" in window.controls.data_message
    assert any(shown)
    assert not window.status.reading_is_shown


def test_every_control_has_a_tooltip_a_name_and_a_place_in_the_tab_order(window):
    kinds = (
        QAbstractButton,
        QAbstractSlider,
        QAbstractSpinBox,
        QComboBox,
        QPlainTextEdit,
    )
    controls = [
        part
        for kind in kinds
        for part in window.findChildren(kind)
        if part.isVisible()
        and not isinstance(part, QScrollBar)
        and not isinstance(part.parent(), QLineEdit)
    ]
    controls += [window.names.form.prefix, window.names.table.view]
    assert len(controls) >= 15
    for part in controls:
        described = f"{type(part).__name__} {part.accessibleName()!r}"
        assert part.toolTip(), described
        interface = QAccessible.queryAccessibleInterface(part)
        assert interface.text(QAccessible.Text.Name), described
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus, described


def test_tab_cycles_through_all_controls(window, qtbot):
    window.activateWindow()
    start = window.controls.learning_rate.slider
    start.setFocus()
    reached = []
    for _ in range(60):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        reached.append(QApplication.focusWidget())
        if reached[-1] is start:
            break
    assert reached[-1] is start
    for part in (window.names.button, window.names.form.prefix, window.controls.hidden.box):
        assert part in reached


def test_every_action_is_in_a_menu_with_a_tooltip_and_shortcuts_do_not_clash(window):
    menus = window.menuBar().findChildren(QMenu)
    titles = [action.text() for action in window.menuBar().actions()]
    assert titles == ["&File", "&Edit", "&Run", "&View", "&Help"]
    in_menus = {action for menu in menus for action in menu.actions()}
    own = [a for a in window.actions_.children() if hasattr(a, "shortcut")]
    assert len(own) >= 20
    for action in own:
        assert action in in_menus, action.text()
        assert action.toolTip(), action.text()
    keys = [action.shortcut().toString() for action in own if not action.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))


def test_mnemonics_do_not_clash(window):
    def check(texts):
        found = [text[text.index("&") + 1].lower() for text in texts if "&" in text]
        assert len(found) == len(set(found)), (sorted(found), sorted(texts))

    for menu in window.menuBar().findChildren(QMenu):
        check([action.text() for action in menu.actions()])
    for show in (window.left.show_cards, window.left.show_settings):
        show()
        parts = [*window.findChildren(QLabel), *window.findChildren(QAbstractButton)]
        check(
            [action.text() for action in window.menuBar().actions()]
            + [
                part.text()
                for part in parts
                if part.isVisible() and (isinstance(part, QAbstractButton) or part.buddy())
            ]
        )


@pytest.mark.layout
@pytest.mark.parametrize("size", [(940, 560), (1100, 700), (1920, 1080)])
def test_nothing_overlaps_or_is_cut_off(window, qtbot, size):
    for scheme in [Qt.ColorScheme.Light, Qt.ColorScheme.Dark]:
        window.actions_.schemes[scheme].trigger()
        window.resize(*size)
        qtbot.wait(50)
        assert (window.width(), window.height()) == size
        for part in window.findChildren(QAbstractButton):
            if part.isVisible() and part.text():
                assert part.width() >= part.minimumSizeHint().width(), part.text()
        for label in [*window.names.findChildren(QLabel), *window.model.findChildren(QLabel)]:
            if label.isVisible() and label.buddy():
                text = label.text().replace("&", "")
                assert label.width() > label.fontMetrics().horizontalAdvance(text) + 1, text
        panels = [window.controls, window.loss_plot, window.names]
        rects = [panel.rect().translated(panel.mapTo(window, QPoint(0, 0))) for panel in panels]
        if window.arrangement.is_narrow:
            assert size == (940, 560)
            assert rects[1].bottom() < rects[2].top()
            assert rects[0].right() < min(rects[1].left(), rects[2].left())
        else:
            for left, right in pairwise(rects):
                assert left.right() < right.left()
        for panel in panels:
            assert panel.width() >= panel.minimumSizeHint().width()
            assert panel.height() >= panel.minimumSizeHint().height()


def test_help_and_about_open(window, qtbot):
    window.actions_.help.trigger()
    window.actions_.about.trigger()
    titles = [w.windowTitle() for w in QApplication.topLevelWidgets() if w.isVisible()]
    assert "Contents – DinoGUI handbook" in titles
    for widget in QApplication.topLevelWidgets():
        if widget is not window:
            widget.close()


def test_closing_during_training_ends_all_threads(window, qtbot):
    press(qtbot, window, "Space")
    qtbot.waitUntil(lambda: trained(window, 10))
    press(qtbot, window, "Ctrl+Q")
    assert not window.isVisible()


def test_a_window_that_nobody_needs_is_destroyed_in_silence(window, qapp, capfd):
    other = make_window(qapp)
    other.show()
    QApplication.processEvents()
    other.close()
    card = weakref.ref(other.panels_card)
    del other
    gc.collect()
    assert card() is None
    QApplication.processEvents()
    assert capfd.readouterr().err == ""
    assert window.isVisible()
