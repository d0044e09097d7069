"""The kinds above the names: chips, blends with sliders, and the list of all kinds."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtWidgets import QApplication

from dinogui.panels.names.candidates_model import Column
from dinogui.session.blend.shares import Shares
from engine.sampling.candidates import find_candidates

LEFT = Qt.MouseButton.LeftButton
CONTROL = Qt.KeyboardModifier.ControlModifier


def is_ticked(item):
    """Return whether anything can be seen of the icon of an entry."""
    image = item.icon().pixmap(16, 16).toImage()
    places = ((x, y) for x in range(image.width()) for y in range(image.height()))
    return any(image.pixelColor(x, y).alpha() for x, y in places)


@pytest.fixture
def begin(window, qtbot):
    """Return a function that begins a run on names of kinds, and waits for its first names."""

    def start(corpus):
        window.resize(1500, 900)
        plan = window.session.plan_on("kinds")
        small = replace(plan.hyperparameters, widths=(16,), batch=8)
        window.session.use(corpus, replace(plan, hyperparameters=small))
        qtbot.waitUntil(lambda: window.session.has_network, timeout=20_000)
        qtbot.waitUntil(lambda: not window.session.name_generation.is_searching, timeout=20_000)
        return window.names.kinds

    return start


@pytest.fixture
def kinds(begin, corpus_of_kinds):
    return begin(corpus_of_kinds)


@pytest.fixture
def names_at(window, qtbot):
    """Return a function that waits for the names of the blend, and returns those it expects."""

    def names():
        session, form = window.session, window.names.form
        request = form.constraints(session.name_generation.unify)
        snapshot = session.viewed_snapshot
        *_, found = find_candidates(snapshot.parameters, snapshot.vocabulary, request)
        expected = [candidate.name for candidate in found.candidates]

        def is_shown():
            assert [row.name for row in window.names.table.shown] == expected
            assert not session.name_generation.is_searching

        qtbot.waitUntil(is_shown)
        return expected

    return names


def chosen(kinds):
    return [title for title, chip in kinds.row.chips.items() if chip.isChecked()]


def drag(qtbot, track, percent, *, lets_go=True):
    start = QPoint(round(track.handle_x), track.height() // 2)
    end = QPoint(round(track.x_of(float(percent))), start.y())
    qtbot.mousePress(track, LEFT, pos=start)
    qtbot.mouseMove(track, (start + end) / 2)
    qtbot.mouseMove(track, end)
    if lets_go:
        qtbot.mouseRelease(track, LEFT, pos=end)


def test_chips_stand_above_the_names_of_a_run_with_kinds_only(window, qtbot, kinds, names_corpus):
    assert kinds.isVisible()
    assert list(kinds.row.chips) == ["Greek", "Irish", "Norse"]
    assert chosen(kinds) == ["Greek"]
    assert not kinds.row.all.isVisible()
    assert not kinds.sentence.isVisible()
    assert "8 names" in kinds.row.chips["Greek"].toolTip()
    window.session.use(names_corpus)
    assert not kinds.isVisible()


def test_a_click_chooses_one_kind_and_names_of_it_are_written(window, qtbot, kinds, names_at):
    window.actions_.live_names.setChecked(False)  # only the click asks for names
    qtbot.mouseClick(kinds.row.chips["Norse"], LEFT)
    assert chosen(kinds) == ["Norse"]
    assert window.session.blend.shares == Shares.only("Norse")
    names_at()
    assert window.names.table.model.sheet.kind == "Norse"


def test_control_click_adds_a_kind_and_leaves_it_out(window, qtbot, kinds):
    qtbot.mouseClick(kinds.row.chips["Irish"], LEFT, CONTROL)
    assert window.session.blend.shares.of == (("Greek", 50), ("Irish", 50))
    assert chosen(kinds) == ["Greek", "Irish"]
    assert list(kinds.sliders.rows) == ["Greek", "Irish"]
    qtbot.mouseClick(kinds.row.chips["Greek"], LEFT, CONTROL)
    assert window.session.blend.shares == Shares.only("Irish")
    assert not kinds.sliders.isVisible()
    # The last kind stays, and a plain click chooses one kind again.
    qtbot.mouseClick(kinds.row.chips["Irish"], LEFT, CONTROL)
    assert chosen(kinds) == ["Irish"]


def test_the_chip_for_blending_adds_without_a_key(window, qtbot, kinds):
    qtbot.mouseClick(kinds.row.blending, LEFT)
    qtbot.mouseClick(kinds.row.chips["Norse"], LEFT)
    assert chosen(kinds) == ["Greek", "Norse"]
    qtbot.mouseClick(kinds.row.blending, LEFT)
    qtbot.mouseClick(kinds.row.chips["Irish"], LEFT)
    assert chosen(kinds) == ["Irish"]


def test_keys_choose_and_blend(window, qtbot, kinds):
    kinds.row.chips["Greek"].setFocus()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    focused = QApplication.focusWidget()
    assert focused is kinds.row.chips["Irish"]
    qtbot.keyClick(focused, Qt.Key.Key_Plus)
    assert chosen(kinds) == ["Greek", "Irish"]
    qtbot.keyClick(focused, Qt.Key.Key_Plus)  # it is in already
    assert chosen(kinds) == ["Greek", "Irish"]
    qtbot.keyClick(focused, Qt.Key.Key_Minus)
    assert chosen(kinds) == ["Greek"]
    qtbot.keyClick(focused, Qt.Key.Key_Return)
    assert chosen(kinds) == ["Irish"]
    # Tab stops at one chip only.
    policies = [chip.focusPolicy() for chip in kinds.row.chips.values()]
    assert policies.count(Qt.FocusPolicy.StrongFocus) == 1


def test_names_follow_a_slider_while_it_is_dragged(window, qtbot, kinds, names_at):
    window.actions_.live_names.setChecked(False)
    qtbot.mouseClick(kinds.row.chips["Norse"], LEFT, CONTROL)
    track = kinds.sliders.rows["Greek"].track
    drag(qtbot, track, 80, lets_go=False)
    assert dict(window.session.blend.shares.of) == {"Greek": 80, "Norse": 20}
    names_at()
    assert window.names.table.model.sheet.kind == "80 % Greek, 20 % Norse"
    qtbot.mouseRelease(track, LEFT)
    assert kinds.sliders.rows["Norse"].field.value() == 20


def test_names_follow_a_slider_while_the_network_trains(window, qtbot, kinds):
    session = window.session
    qtbot.mouseClick(kinds.row.chips["Norse"], LEFT, CONTROL)
    session.train()
    drag(qtbot, kinds.sliders.rows["Greek"].track, 30)
    table = window.names.table
    qtbot.waitUntil(lambda: table.model.sheet.kind == "30 % Greek, 70 % Norse", timeout=20_000)
    session.pause()


def test_a_drag_there_and_back_changes_nothing(window, qtbot, kinds):
    for title in ("Irish", "Norse"):
        qtbot.mouseClick(kinds.row.chips[title], LEFT, CONTROL)
    before = window.session.blend.shares
    row = kinds.sliders.rows["Greek"]
    start, middle = row.track.handle_x, row.track.height() // 2
    qtbot.mousePress(row.track, LEFT, pos=QPoint(round(start), middle))
    qtbot.mouseMove(row.track, QPoint(row.track.width(), middle))
    assert dict(window.session.blend.shares.of)["Greek"] == 100
    qtbot.mouseMove(row.track, QPoint(round(start), middle))
    qtbot.mouseRelease(row.track, LEFT, pos=QPoint(round(start), middle))
    assert window.session.blend.shares == before


def test_a_percent_can_be_typed_and_a_double_click_makes_it_even(window, qtbot, kinds):
    qtbot.mouseClick(kinds.row.chips["Irish"], LEFT, CONTROL)
    field = kinds.sliders.rows["Irish"].field
    field.selectAll()
    qtbot.keyClicks(field, "35")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert dict(window.session.blend.shares.of) == {"Greek": 65, "Irish": 35}
    qtbot.mouseDClick(kinds.sliders.rows["Greek"].track, LEFT, pos=QPoint(2, 4))
    assert dict(window.session.blend.shares.of) == {"Greek": 50, "Irish": 50}


def test_the_sentence_is_copied_as_an_option(window, qtbot, kinds):
    window.session.blend.choose(Shares((("Greek", 60), ("Irish", 40))))
    assert kinds.sentence.words == "60 % Greek, 40 % Irish · copy"
    qtbot.mouseClick(kinds.sentence, LEFT)
    assert QGuiApplication.clipboard().text() == '--blend "Greek=0.6,Irish=0.4"'
    assert '--blend "Greek=0.6,Irish=0.4"' in window.names.note


def test_a_kept_name_remembers_its_kind(window, qtbot, kinds, names_at):
    window.session.blend.choose(Shares((("Greek", 70), ("Norse", 30))))
    first = names_at()[0]
    table = window.names.table
    place = table.view.visualRect(table.view.model().index(0, Column.KEPT)).center()
    qtbot.mouseClick(table.view.viewport(), LEFT, pos=place)
    (kept,) = window.session.name_generation.kept.names
    assert (kept.name, kept.kind) == (first, "70 % Greek, 30 % Norse")


def many(make_corpus_of_kinds, count):
    letters = "abcdefghijklmnopqrstuvwxyz"
    return make_corpus_of_kinds([f"Kind {a}{b}" for a in letters for b in letters][:count])


def is_whole(kinds, title):
    """Return whether all of a chip can be seen."""
    chip = kinds.row.chips[title]
    return chip.parentWidget().rect().contains(chip.geometry())


def test_chips_take_one_line_that_scrolls(window, qtbot, begin, make_corpus_of_kinds):
    kinds = begin(many(make_corpus_of_kinds, 100))
    assert len(kinds.row.chips) == 24
    assert kinds.row.all.isVisible()
    assert len({chip.y() for chip in kinds.row.chips.values()}) == 1
    for part in (kinds.row.all, kinds.row.blending):
        assert kinds.row.rect().contains(part.geometry())
    assert is_whole(kinds, "Kind aa")
    assert not is_whole(kinds, "Kind af")
    strip = kinds.row.chips["Kind aa"].parentWidget()
    for _ in range(24):
        turn_wheel(strip, -120)
    assert is_whole(kinds, "Kind ax"), "the last one of those that have a chip at first"
    turn_wheel(strip, 120 * 24)
    assert is_whole(kinds, "Kind aa")
    window.session.blend.choose_only("Kind dd")
    assert chosen(kinds) == ["Kind dd"]
    assert is_whole(kinds, "Kind dd"), "what is chosen is in view"


def turn_wheel(part, delta):
    """Turn the wheel over a widget."""
    middle = QPointF(part.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(part.mapToGlobal(middle.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(part, event)


def test_keys_bring_the_next_chip_into_view(window, qtbot, begin, make_corpus_of_kinds):
    kinds = begin(many(make_corpus_of_kinds, 30))
    kinds.row.chips["Kind aa"].setFocus()
    for _ in range(12):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert QApplication.focusWidget() is kinds.row.chips["Kind am"]
    assert is_whole(kinds, "Kind am")


def test_a_blend_of_many_kinds_leaves_eight_rows_of_names(
    window, qtbot, begin, make_corpus_of_kinds
):
    kinds = begin(many(make_corpus_of_kinds, 18))
    window.resize(1400, 900)
    view = window.names.table.view
    titles = window.session.blend.titles[:5]
    for title in titles[1:]:
        qtbot.mouseClick(kinds.row.chips[title], LEFT, CONTROL)
    row = view.verticalHeader().defaultSectionSize()
    qtbot.waitUntil(lambda: view.viewport().height() >= 8 * row)
    rows = kinds.sliders.rows
    assert [rows[title].track.isVisible() for title in titles] == [True, True, True, False, False]
    assert kinds.sliders.more.words == "2 more"
    qtbot.mouseClick(kinds.sliders.more, LEFT)
    assert all(rows[title].track.isVisible() for title in titles)
    qtbot.mouseClick(kinds.sliders.more, LEFT)
    assert not rows[titles[3]].track.isVisible()
    for title in titles[3:]:
        qtbot.mouseClick(kinds.row.chips[title], LEFT, CONTROL)
    assert not kinds.sliders.more.isVisible()


def test_the_list_of_all_kinds_can_be_searched(window, qtbot, begin, make_corpus_of_kinds):
    kinds = begin(many(make_corpus_of_kinds, 60))
    qtbot.mouseClick(kinds.row.all, LEFT)
    found = kinds.row.list_
    assert found.isVisible()
    assert len(found.shown) == 60
    qtbot.keyClicks(found.field, "BF")
    assert found.shown == ["Kind bf"]
    qtbot.keyClick(found.field, Qt.Key.Key_Return, CONTROL)
    assert window.session.blend.shares.titles == ("Kind aa", "Kind bf")
    found.field.clear()
    qtbot.keyClick(found.field, Qt.Key.Key_Down)
    qtbot.keyClick(found.field, Qt.Key.Key_Return)
    assert not found.isVisible()
    assert window.session.blend.shares == Shares.only("Kind ab")


def test_a_click_in_the_list_chooses(window, qtbot, begin, make_corpus_of_kinds):
    kinds = begin(many(make_corpus_of_kinds, 60))
    kinds.row.open_list()
    items = kinds.row.list_.items
    qtbot.mouseClick(items.viewport(), LEFT, CONTROL, items.visualItemRect(items.item(2)).center())
    assert window.session.blend.shares.titles == ("Kind aa", "Kind ac")
    assert is_ticked(items.item(2))
    assert not is_ticked(items.item(1))
    qtbot.mouseClick(items.viewport(), LEFT, pos=items.visualItemRect(items.item(1)).center())
    assert window.session.blend.shares == Shares.only("Kind ab")


def test_a_small_window_has_one_line_of_chips(window, qtbot, kinds):
    window.resize(940, 560)
    qtbot.waitUntil(lambda: window.arrangement.is_narrow)
    window.arrangement.show_samples()
    assert len({part.geometry().center().y() for part in kinds.row.chips.values()}) == 1
    assert kinds.isVisible()
    qtbot.mouseClick(kinds.row.chips["Irish"], LEFT)
    assert window.session.blend.shares == Shares.only("Irish")


def test_the_choice_comes_back_at_the_next_start(qtbot, window, kinds, tmp_path):
    from PySide6.QtCore import QSettings

    from dinogui.common.preferences import Preferences
    from dinogui.window.window_settings import WindowSettings

    path = str(tmp_path / "settings.ini")

    def preferences():
        return Preferences(QSettings(path, QSettings.Format.IniFormat))

    settings = WindowSettings(window, preferences(), None)
    blend = Shares((("Greek", 60), ("Irish", 40)))
    window.session.blend.choose(blend)
    settings.store()
    window.session.blend.wanted = None
    WindowSettings(window, preferences(), None)
    assert window.session.blend.wanted == blend
