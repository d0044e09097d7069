"""Names of the lanes side by side."""

from PySide6.QtCore import Qt

from dinogui.panels.race.lane_names import N_NAMES
from engine.nn.kinds import blend_of, of_blend
from engine.sampling.names import sample_names
from engine.training.trainer import Trainer


def column(names, place):
    model = names.table.model()
    return [model.index(row, place).data() for row in range(model.rowCount())]


def expected(session, lane, steps, seed):
    trainer = Trainer(
        session.corpus, lane.hyperparameters, lane.recipe, lane.settings, checkpoints=None
    )
    while trainer.step < steps:
        trainer.run(steps - trainer.step)
    return sample_names(trainer.parameters, trainer.vocabulary, N_NAMES, seed=seed)


def test_lanes_write_side_by_side_for_the_same_random_numbers(qtbot, window, start):
    racing = start()
    session, names = window.session, window.arrangement.samples.currentWidget()
    assert names.isVisible()
    for seed in (0, 1):
        wanted = [expected(session, lane.lane, 60, seed) for lane in racing.lanes]
        qtbot.waitUntil(lambda wanted=wanted: [column(names, 0), column(names, 1)] == wanted)
        qtbot.mouseClick(names.dice, Qt.MouseButton.LeftButton)
    header = names.table.model().headerData(1, Qt.Orientation.Horizontal)
    assert header == "9 units"
    racing.end()
    assert window.names.isVisible()


def test_names_are_written_while_the_lanes_race(qtbot, window, start):
    start(steps=1_000_000, waits=False)
    names = window.arrangement.samples.currentWidget()
    qtbot.waitUntil(lambda: names.table.model().rowCount() == N_NAMES, timeout=10_000)
    first = column(names, 0)
    qtbot.waitUntil(lambda: column(names, 0) != first, timeout=20_000)


def test_a_narrow_window_shows_them_in_their_tab(qtbot, window, start):
    window.resize(940, 560)
    qtbot.waitUntil(lambda: window.arrangement.is_narrow)
    start()
    window.arrangement.show_samples()
    names = window.arrangement.samples.currentWidget()
    qtbot.waitUntil(lambda: names.table.isVisible())
    qtbot.waitUntil(lambda: names.table.model().rowCount() == N_NAMES)
    window.session.racing.end()
    assert window.names.isVisible()


def test_lanes_of_a_text_write_no_names(qtbot, window, start, tmp_path):
    path = tmp_path / "poem.txt"
    path.write_text("Shall I compare thee to a summer's day? " * 60, encoding="utf-8")
    window.open_file(str(path))
    qtbot.waitUntil(lambda: window.session.kind == "text" and window.session.has_network)
    racing = start(steps=20)
    assert [lane.step for lane in racing.lanes] == [20, 20]
    assert window.writing.isVisible()
    assert "leads" in window.loss_plot._head.sentence.text
    racing.end()
    assert window.writing.isVisible()


def test_lanes_that_are_told_kinds_write_at_the_chosen_blend(qtbot, window, start, corpus_of_kinds):
    session = window.session
    session.use(corpus_of_kinds)
    qtbot.waitUntil(lambda: session.has_network)
    racing = start()
    names = window.arrangement.samples.currentWidget()
    chips = names.kinds.row.chips
    qtbot.mouseClick(chips["Irish"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(chips["Norse"], Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier)
    blend = blend_of(corpus_of_kinds.kinds.titles, {"Irish": 0.5, "Norse": 0.5})
    wanted = []
    for lane in racing.lanes:
        assert lane.parameters is not None
        plain = of_blend(lane.parameters, blend)
        wanted.append(sample_names(plain, corpus_of_kinds.vocabulary, N_NAMES, seed=0))
    qtbot.waitUntil(lambda: [column(names, 0), column(names, 1)] == wanted)
