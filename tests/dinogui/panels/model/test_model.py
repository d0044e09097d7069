"""The Model tab in the window: settings that act at once, and those that need a new run."""

import itertools
import re

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QScrollArea,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
)

from dinogui.session.run import RunState
from dinogui.widgets.message_line import MessageLine
from dinogui.widgets.vertical_scroll import VerticalScroll
from engine.data.corpus import corpus_of_names
from engine.evaluation.units import Unit
from engine.nn import memory
from engine.training.presets import KIND_PRESETS, PRESETS, presets_for
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import RunSettings


@pytest.fixture
def model(window):
    """Return the panel, raised to the front."""
    window.left.show_settings()
    return window.model


def begin(window, qtbot, button):
    """Press a button that starts a run, and wait for its network."""
    with qtbot.waitSignal(window.session.network_made):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def enter_widths(model, qtbot, typed):
    """Replace the widths in the box, and press Enter."""
    model.widths.setFocus()
    model.widths.selectAll()
    qtbot.keyClicks(model.widths, typed)
    qtbot.keyClick(model.widths, Qt.Key.Key_Return)


def choose_preset(model, qtbot, name):
    """Choose a preset with the arrow keys."""
    model.presets.box.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(model.presets.box, Qt.Key.Key_Home)
    while model.presets.box.currentText() != name:
        qtbot.keyClick(model.presets.box, Qt.Key.Key_Down)


def test_it_shows_the_number_of_parameters(window, model):
    assert model.size_message == "RNN, 1 layer: 5,277 parameters."
    window.controls.hidden.box.setValue(100)
    # Wax, Waa, Wya, ba, by.
    assert f"{27 * 100 + 100 * 100 + 27 * 100 + 100 + 27:,}" in model.size_message


def test_every_preset_trains(window, model, qtbot, train_until, write_names):
    for preset in PRESETS:
        choose_preset(model, qtbot, preset.name)
        begin(window, qtbot, model.presets.begin)
        session = window.session
        assert (session.recipe, session.hyperparameters) == (preset.recipe, preset.hyperparameters)
        assert model.cell.currentData() == preset.settings.cell
        assert model.batch.value() == preset.hyperparameters.batch
        assert window.controls.learning_rate.value == preset.hyperparameters.learning_rate
        train_until(session, 2)
        assert session.progress.smoothed_loss < 45
        assert write_names(session, 3)


@pytest.mark.parametrize("preset", KIND_PRESETS, ids=lambda preset: preset.name)
def test_presets_for_kinds_train_on_names_with_kinds(window, model, qtbot, train_until, preset):
    names = [f"{first}{last}" for first in ("allo", "ba", "eu") for last in ("don", "tops")]
    kinds = ["horn" if name.endswith("tops") else "tooth" for name in names]
    corpus = corpus_of_names(names, "peoples", 0, lower_case=True, kinds=kinds)
    with qtbot.waitSignal(window.session.network_made):
        window.session.use(corpus)
    box = model.presets.box
    offered = presets_for("names", has_kinds=True)
    assert [box.itemText(row) for row in range(box.count())] == [each.name for each in offered]
    choose_preset(model, qtbot, preset.name)
    begin(window, qtbot, model.presets.begin)
    session = window.session
    assert session.run.settings.task == preset.settings.task
    assert session.hyperparameters == preset.hyperparameters
    row = box.currentIndex()
    count = session.run.settings.architecture(
        len(corpus.vocabulary), session.hyperparameters.widths, 2
    )
    assert f"{count.n_parameters:,} parameters" in model.presets.facts(row)
    train_until(session, 2)


def test_names_without_kinds_have_no_presets_for_kinds(model):
    box = model.presets.box
    assert [box.itemText(row) for row in range(box.count())] == [each.name for each in PRESETS]


def test_live_settings_act_during_training(window, model, qtbot):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 50)
    model.optimizer.setCurrentText("Adam")
    model.batch.setValue(16)
    model.dropout.setValue(0.2)
    model.clipping.setCurrentText("The norm")
    hyperparameters = session.hyperparameters
    assert (
        hyperparameters.optimizer,
        hyperparameters.batch,
        hyperparameters.dropout,
        hyperparameters.clipping,
    ) == (
        "adam",
        16,
        0.2,
        "norm",
    )
    step = session.steps_made
    qtbot.waitUntil(lambda: session.steps_made > step + 20)
    assert session.state is RunState.TRAINING


def test_adding_a_layer_during_training_shows_its_cost(window, model, qtbot):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 300)
    model.widths.setFocus()
    model.widths.selectAll()
    qtbot.keyClicks(model.widths, "50, 30")
    qtbot.keyClick(model.widths, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "50 → 50 + 30 units: it cost" in window.controls.resize_message)
    assert "2 layers" in model.size_message
    said, step = window.controls.resize_message, session.steps_made
    qtbot.waitUntil(lambda: session.steps_made > step)
    assert window.controls.resize_message == said
    assert re.match(r"At step [\d,]+, .* \(then [\d.]+\)\.$", said), "true at any later step"


def test_refused_widths_stay_to_be_corrected(window, model, qtbot):
    for typed, says in [
        ("many", "whole numbers with commas"),
        ("3", "A layer has 4 to 512 units; 3 is too few."),
        ("5032", "A layer has 4 to 512 units; 5,032 is too many."),
        ("50,50,50,50,50", "1 to 4 layers; 5 widths are too many"),
    ]:
        where = {part: part.mapTo(window, QPoint(0, 0)) for part in (model.optimizer, model.begin)}
        enter_widths(model, qtbot, typed)
        assert says in model.error
        assert model.widths.text() == typed
        assert model.widths.is_marked
        assert says in model.widths.toolTip()
        assert model.widths.hasFocus()
        qtbot.wait(20)
        assert {part: part.mapTo(window, QPoint(0, 0)) for part in where} == where, "nothing moves"
        assert window.session.hyperparameters.widths == (50,)
        enter_widths(model, qtbot, "60")
        assert model.error == ""
        assert not model.widths.is_marked
        assert window.session.hyperparameters.widths == (60,)
        enter_widths(model, qtbot, "50")


def test_escape_restores_the_widths_in_force(window, model, qtbot):
    enter_widths(model, qtbot, "5032")
    qtbot.keyClick(model.widths, Qt.Key.Key_Escape)
    assert model.widths.text() == "50"
    assert model.error == ""
    assert not model.widths.is_marked


def test_refused_widths_stay_while_something_else_is_changed(window, model, qtbot):
    enter_widths(model, qtbot, "5032")
    model.batch.setFocus()
    qtbot.keyClick(model.batch, Qt.Key.Key_Up)
    assert window.session.hyperparameters.batch == 2
    assert model.widths.text() == "5032"
    assert model.error == "", "the next change that succeeds clears the message"


def test_fewer_layers_wait_for_a_new_run(window, model, qtbot):
    window.session.set_hyperparameters(widths=(50, 20))
    enter_widths(model, qtbot, "40")
    assert window.session.hyperparameters.widths == (50, 20)
    assert model.error == ""
    assert model.layers.value() == 1
    assert model.pending_message == "Waiting: 1 layer of 40"
    begin(window, qtbot, model.begin)
    assert window.session.hyperparameters.widths == (40,)
    assert model.pending_message == ""
    assert not model.begin.isEnabled()


def test_the_number_of_layers_has_its_own_box(window, model, qtbot):
    model.layers.setFocus()
    qtbot.keyClick(model.layers, Qt.Key.Key_Up)
    assert window.session.hyperparameters.widths == (50, 50), "an added layer acts at once"
    enter_widths(model, qtbot, "50,30,20")
    assert model.layers.value() == 3
    model.layers.setFocus()
    qtbot.keyClick(model.layers, Qt.Key.Key_Down)
    qtbot.keyClick(model.layers, Qt.Key.Key_Down)
    assert model.widths.text() == "50"
    assert model.begin.isEnabled()
    for _ in range(2):
        qtbot.keyClick(model.layers, Qt.Key.Key_Up)
    assert model.widths.text() == "50, 30, 20", "the current widths are restored"
    assert not model.begin.isEnabled()
    assert window.session.hyperparameters.widths == (50, 30, 20)


def test_the_space_bar_in_the_widths_trains_except_while_they_are_typed(window, model, qtbot):
    enter_widths(model, qtbot, "50, 30")
    assert model.widths.text() == "50, 30"
    assert window.session.state is RunState.READY
    assert not model.widths.hasFocus(), "after Enter, the space bar trains"
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Space)
    assert window.session.state is RunState.TRAINING
    model.widths.setFocus()
    model.widths.selectAll()
    qtbot.keyClicks(model.widths, "60 30")
    assert window.session.state is RunState.TRAINING
    assert model.widths.text() == "60 30"
    qtbot.keyClick(model.widths, Qt.Key.Key_Return)
    assert window.session.hyperparameters.widths == (60, 30), "a space also parts widths"
    model.widths.setFocus()
    qtbot.keyClick(model.widths, Qt.Key.Key_Space)
    assert window.session.state is RunState.PAUSED


@pytest.mark.layout
@pytest.mark.parametrize("size", [(940, 560), (1600, 1000)], ids=str)
def test_the_cost_of_layers_is_shown_in_full_and_in_the_unit_of_the_plot(
    window, model, qtbot, size
):
    window.resize(*size)
    enter_widths(model, qtbot, "50, 50, 50, 50")
    qtbot.waitUntil(lambda: "50 → 50 + 50 + 50 + 50 units: it" in model.cost_message)
    lines = model.findChildren(MessageLine)
    (message,) = (line for line in lines if line.accessibleName().startswith("Message"))
    for unit in ("nats per character", "bits per character", "perplexity", "nats per name"):
        box = window.loss_plot.unit_box
        box.setCurrentIndex(box.findText(unit))
        box.activated.emit(box.currentIndex())
        qtbot.wait(20)
        assert model.cost_message == window.controls.resize_message
        assert unit in model.cost_message or "nothing that shows" in model.cost_message
        assert message.text() == model.cost_message, "it is not cut"
        assert message.isVisible()


@pytest.mark.layout
def test_the_tab_is_not_clipped_for_names_after_a_text(window, model, qtbot, names_file, verse):
    window.resize(940, 560)
    area = model.findChild(VerticalScroll)
    needed = []
    for _ in range(3):
        window.open_file(str(names_file(verse, "verse.txt")))
        qtbot.waitUntil(lambda: window.session.kind == "text", timeout=20_000)
        window.open_dinosaurs()
        qtbot.waitUntil(lambda: window.session.kind == "names")
        qtbot.wait(20)
        needed.append(area.widget().minimumSizeHint().width())
        room = area.width() - area.verticalScrollBar().sizeHint().width()
        assert needed[-1] <= room, "there is room beside the scroll bar"
    assert len({*needed}) == 1


def test_a_change_of_width_shows_its_cost_here_too(window, model, qtbot):
    enter_widths(model, qtbot, "20")
    qtbot.waitUntil(lambda: "50 → 20 units" in model.cost_message)
    assert model.cost_message == window.controls.resize_message
    model.l2.setFocus()
    qtbot.keyClick(model.l2, Qt.Key.Key_Up)
    assert model.cost_message == ""


def test_a_new_run_uses_the_waiting_settings_and_restart_does_the_same_again(window, model, qtbot):
    model.cell.setCurrentText("GRU")
    model.seed.setValue(3)
    model.embedding.setValue(8)
    assert model.pending_message == "Waiting: GRU, embedding 8, seed 3"
    before = window.session.run
    with qtbot.waitSignal(window.session.network_made):
        qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert window.session.run is not before
    assert window.session.run.begun_with == before.plan
    assert model.pending_message == "Waiting: GRU, embedding 8, seed 3"
    begin(window, qtbot, model.begin)
    settings = window.session.settings
    assert (settings.cell, settings.seed, settings.embedding) == ("gru", 3, 8)
    assert model.pending_message == ""
    assert "settings of the current one" in window.actions_.restart.toolTip()
    assert "with these settings" in model.begin.toolTip()


def test_waiting_settings_survive_opening_other_names(
    window, model, qtbot, names_file, train_until
):
    model.cell.setCurrentText("GRU")
    with qtbot.waitSignal(window.session.run_begun):
        window.open_file(str(names_file()))
    assert window.session.settings.cell == "rnn"
    assert model.pending_message == "Waiting: GRU"
    assert model.begin.isEnabled()


def test_a_new_run_that_the_recipe_refuses_is_not_begun(window, model, qtbot):
    window.actions_.recipes[NOTEBOOK].trigger()
    model.cell.setCurrentText("LSTM")
    run = window.session.run
    qtbot.mouseClick(model.begin, Qt.MouseButton.LeftButton)
    assert "The notebook recipe is the course's" in model.error
    assert window.session.run is run


def test_the_list_says_what_each_preset_is(window, model, qtbot):
    presets = model.presets
    row = presets.box.findText("Quick and good")
    # Three gates of 64 units over 27 symbols and 64 units, and the output's weights.
    count = 3 * (64 * (27 + 64) + 64) + 27 * 64 + 27
    assert presets.facts(row) == f"GRU 64, {count:,} parameters, 1.68 after 4 s"
    assert presets.facts(1) == "RNN 50, 5,277 parameters", "the course's own is not measured"
    presets.box.showPopup()
    view = presets.box.view()
    qtbot.waitUntil(view.isVisible)
    index = presets.box.model().index(row, 0)
    two_lines = 2 * view.fontMetrics().height()
    assert view.visualRect(index).height() >= two_lines
    written = QStyleOptionViewItem()
    presets.box.itemDelegate().initStyleOption(written, index)
    assert written.text.splitlines() == ["Quick and good", presets.facts(row)]
    assert view.width() >= view.fontMetrics().horizontalAdvance(presets.facts(row))
    presets.box.hidePopup()
    choose_preset(model, qtbot, "Quick and good")
    begin(window, qtbot, presets.begin)
    assert window.session.architecture.n_parameters == count


def test_a_preset_that_is_chosen_says_what_it_will_change(window, model, qtbot):
    presets, session = model.presets, window.session
    assert presets.note == (
        "5,277 parameters; 1.72 nats per character on dinos.txt after 7 s (counting: 1.70)."
    ), "that of the run"
    session.set_hyperparameters(l2=0.001)
    assert presets.note.startswith("Settings of your own"), "a run of one's own"
    run = session.run
    choose_preset(model, qtbot, "Quick and good")
    assert presets.note.startswith("Not begun yet. 19,")
    assert "1.68 nats per character on dinos.txt after 4 s" in presets.note
    assert "It changes: GRU, learning rate 0.006" in presets.note
    assert "L2 0, " in presets.note
    assert session.run is run
    session.set_hyperparameters(l2=0.0)
    assert "Not begun yet" in presets.note
    assert "L2" not in presets.note, "it follows the run"
    begin(window, qtbot, presets.begin)
    assert presets.note.startswith("19,")
    assert "It changes" not in presets.note


def test_a_preset_sets_every_field(window, model, qtbot):
    model.seed.setValue(7)
    model.held_out.setValue(50)
    begin(window, qtbot, model.begin)
    model.cell.setCurrentText("GRU")
    choose_preset(model, qtbot, "Deep LSTM")
    begin(window, qtbot, model.presets.begin)
    assert window.session.settings == RunSettings(cell="lstm", dtype="float32")
    assert (model.held_out.value(), model.seed.value()) == (10, 0)
    assert model.pending_message == ""


def test_the_notebook_recipe_shows_that_it_holds_nothing_out(window, model, qtbot):
    window.actions_.recipes[NOTEBOOK].trigger()
    assert not model.held_out.isEnabled()
    assert model.held_out.value() == 0
    assert model.pending_message == ""
    assert model.presets.box.currentText() == "The course's notebook"
    window.actions_.recipes[DEFAULT].trigger()
    assert model.held_out.isEnabled()
    assert model.held_out.value() == 10


def darkest(box):
    """Return the lightness of the darkest pixel of a box's text, of 255."""
    image = box.grab(box.rect().adjusted(4, 4, -30, -4)).toImage()
    places = itertools.product(range(image.width()), range(image.height()))
    return min(image.pixelColor(*place).lightness() for place in places)


def test_a_run_with_custom_settings_is_labelled_so(window, model, qtbot):
    window.left.show_settings()
    window.actions_.schemes[Qt.ColorScheme.Light].trigger()
    ink = darkest(model.presets.box)
    assert model.presets.box.currentText() == PRESETS[0].name
    model.l2.setFocus()
    qtbot.keyClick(model.l2, Qt.Key.Key_Up)
    assert model.presets.box.currentIndex() == -1
    option = QStyleOptionComboBox()
    model.presets.box.initStyleOption(option)
    assert option.currentText == "Own settings"
    assert abs(darkest(model.presets.box) - ink) < 20, "it does not look disabled"
    assert "your own" in model.presets.note
    assert not model.presets.begin.isEnabled()
    choose_preset(model, qtbot, "Quick and good")
    qtbot.keyClick(model.l2, Qt.Key.Key_Up)
    assert model.presets.box.currentText() == "Quick and good", "an unfinished choice stays"
    begin(window, qtbot, model.presets.begin)
    assert window.session.hyperparameters.optimizer == "adam"


@pytest.mark.layout
def test_it_fits_into_the_smallest_window(window, model, qtbot):
    window.resize(940, 560)
    qtbot.wait(50)
    assert model.widths.visibleRegion().boundingRect() == model.widths.rect()
    model.held_out.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(model.held_out, Qt.Key.Key_Tab)  # the last of the settings scrolls into view
    assert model.seed.hasFocus()
    for part in (model.begin, model.presets.begin, model.seed):
        corner = part.mapTo(window.left, part.rect().bottomRight())
        assert not part.visibleRegion().isEmpty()
        assert part.visibleRegion().boundingRect() == part.rect(), part.accessibleName()
        assert window.left.rect().contains(corner)


@pytest.fixture
def large_font(qapp):
    """Use an interface font of 12 points."""
    before, font = qapp.font(), qapp.font()
    font.setPointSizeF(12)
    qapp.setFont(font)
    yield
    qapp.setFont(before)


def scroll_to(part):
    """Scroll all areas around a part, from the inside out, as the keyboard does."""
    around = part.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(part, 0, 0)
        around = around.parentWidget()


def test_in_a_large_font_the_buttons_stay_in_sight_and_no_label_is_cut(
    large_font, open_window, qtbot
):
    window = open_window()
    window.resize(940, 560)
    window.left.show_settings()
    qtbot.waitUntil(window.model.isVisible)
    qtbot.wait(50)
    model, form = window.model, window.names.form
    for part in (model.begin, model.presets.begin):
        assert part.visibleRegion().boundingRect() == part.rect(), part.accessibleName()
    for part in (form.same_seed, form.temperature):
        scroll_to(part)
        assert part.visibleRegion().boundingRect() == part.rect(), part.accessibleName()
    for column in (window.controls, window.names):
        for label in column.findChildren(QLabel):
            if label.isVisible() and label.buddy() is not None:
                assert label.width() >= label.sizeHint().width(), label.text()


def test_columns_line_up_across_the_groups(model):
    boxes = (model.layers, model.optimizer, model.l2, model.cell, model.embedding, model.held_out)
    assert len({box.mapTo(model, QPoint(0, 0)).x() for box in boxes}) == 1
    assert model.widths.mapTo(model, QPoint(0, 0)).x() == model.seed.mapTo(model, QPoint(0, 0)).x()


def test_one_hot_can_be_replaced_by_typing(model, qtbot):
    assert model.embedding.text() == "one-hot"
    model.embedding.setFocus()
    model.embedding.selectAll()
    qtbot.keyClicks(model.embedding, "12")
    qtbot.keyClick(model.embedding, Qt.Key.Key_Return)
    assert model.embedding.value() == 12
    model.embedding.selectAll()
    qtbot.keyClicks(model.embedding, "0")
    qtbot.keyClick(model.embedding, Qt.Key.Key_Return)
    assert model.embedding.text() == "one-hot"


def test_settings_of_a_new_run_wait_for_the_button(window, model, qtbot, train_until):
    session = window.session
    assert not model.begin.isEnabled()
    model.cell.setCurrentText("GRU")
    model.dtype.setCurrentText("float32")
    model.embedding.setValue(8)
    model.held_out.setValue(20)
    model.seed.setValue(3)
    assert session.settings.cell == "rnn"
    assert model.begin.isEnabled()
    begin(window, qtbot, model.begin)
    settings = session.settings
    assert (settings.cell, settings.dtype, settings.embedding) == ("gru", "float32", 8)
    assert (settings.held_out, settings.seed) == (0.2, 3)
    assert "Held out: 281." in window.controls.data_message
    assert not model.begin.isEnabled()
    train_until(session, 30)


def test_the_notebook_recipe_refuses_what_the_course_does_not_have(window, model, qtbot):
    window.actions_.recipes[NOTEBOOK].trigger()
    model.batch.setValue(32)
    assert "The notebook recipe is the course's" in model.error
    assert model.batch.value() == 1
    model.cell.setCurrentText("LSTM")
    qtbot.mouseClick(model.begin, Qt.MouseButton.LeftButton)
    assert "The notebook recipe is the course's" in model.error
    assert window.session.settings.cell == "rnn"


def test_n_gram_lines_are_drawn_and_named(window, qtbot):
    qtbot.waitUntil(lambda: len(window.session.baselines.measured) == 5)
    window.loss_plot.draw()
    expected = [loss.nats_per_name for loss in window.session.baselines.measured]
    names, guessing = window.loss_plot.baselines.names, window.session.guessing_loss
    window.loss_plot.plot.setYRange(0, 50)
    low, high = min(expected[2:]), max(expected[2:])
    assert names.names == [
        f"guessing {guessing(Unit.NATS_PER_NAME):.2f}",
        f"1-gram {expected[0]:.2f}",
        f"2-gram {expected[1]:.2f}",
        f"3–5-gram {low:.2f}–{high:.2f}",
    ], "lines that lie close together share a name"
    assert not any(one.intersects(other) for one, other in itertools.combinations(names.places, 2))
    window.loss_plot.plot.setYRange(low - 0.5, high + 0.5, padding=0)
    assert set(names.names) == {f"{n}-gram {expected[n - 1]:.2f}" for n in (3, 4, 5)}
    assert window.loss_plot.baselines.baselines == pytest.approx(expected)
    window.actions_.recipes[NOTEBOOK].trigger()
    assert window.loss_plot.baselines.baselines == (), "nothing to compare with"


def test_what_needs_too_much_memory_is_refused_and_the_run_goes_on(
    window, model, qtbot, monkeypatch
):
    """The machine is said to have 5 MB left: a step of one name and 50 units needs less."""
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 5)
    before = session.hyperparameters
    monkeypatch.setattr(memory, "_free_of_machine", lambda: 5_000_000)
    model.batch.setFocus()
    model.batch.selectAll()
    qtbot.keyClicks(model.batch, "4096")
    qtbot.keyClick(model.batch, Qt.Key.Key_Return)
    assert model.error.startswith("A step of 50 units × 4,096 names × up to ")
    assert model.error.endswith("Choose fewer units, or fewer names per step.")
    enter_widths(model, qtbot, "512, 512")
    assert "512 + 512 units" in model.error
    assert session.hyperparameters == before
    step = session.steps_made
    qtbot.waitUntil(lambda: session.steps_made > step)
    assert session.state is RunState.TRAINING
