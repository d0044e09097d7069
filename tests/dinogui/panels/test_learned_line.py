"""The line below the plot that names what the latest step learned from, with its loss."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from dinogui.common.speed import Speed
from dinogui.panels.learned_line import learned_from
from engine.data.reading.casing import title_case
from engine.evaluation.units import Unit
from engine.training.trainer import Trainer


def trainer_of(session):
    """Return a trainer of the same run, before its first step."""
    return Trainer(session.corpus, session.hyperparameters, session.recipe, session.settings)


def latest(trainer):
    symbols = trainer.vocabulary.symbols
    return title_case("".join(symbols[i] for i in trainer.snapshot().latest_name).rstrip("\n"))


def test_a_single_step_names_its_name_and_its_loss(window, qtbot):
    trainer = trainer_of(window.session)
    chunk = trainer.run(1)
    assert window.learned.message == ""
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: window.learned.message != "")
    loss = Unit.NATS_PER_NAME.write(float(chunk.loss[0]))
    said = f"Step 1 learned from {latest(trainer)} with a loss of {loss} nats per name"
    assert window.learned.message == said
    assert window.learned.isVisible()
    window.actions_.units[Unit.NATS_PER_CHARACTER].trigger()
    loss = Unit.NATS_PER_CHARACTER.write(float(chunk.loss[0] / chunk.characters[0]))
    assert window.learned.message.endswith(f"loss of {loss} nats per character")


def test_at_a_slow_speed_every_step_is_named(window, qtbot):
    trainer, said, expected = trainer_of(window.session), [], []
    for _ in range(4):
        trainer.run(1)
        expected.append(latest(trainer))
    window.session.set_speed(Speed.HUNDRED)
    line = window.learned
    window.session.snapshot_taken.connect(lambda _snapshot: said.append(line.message))
    window.session.train(4)
    qtbot.waitUntil(lambda: window.session.steps_made == 4 and window.session.can_train)
    named = [sentence.split(" with ")[0] for sentence in dict.fromkeys(said) if sentence]
    assert named == [f"Step {n} learned from {name}" for n, name in enumerate(expected, 1)]


def test_at_full_speed_the_line_is_empty_until_the_pause(window, qtbot):
    session = window.session
    session.train()
    qtbot.waitUntil(lambda: session.steps_made > 20)
    assert window.learned.message == ""
    session.pause()
    qtbot.waitUntil(lambda: window.learned.message.startswith(f"Step {session.steps_made:,} "))


def test_a_batch_is_named_by_one_of_its_names(window, qtbot):
    window.session.set_hyperparameters(batch=8)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: "8 names, such as " in window.learned.message)
    assert " with a mean loss of " in window.learned.message


def test_of_a_text_the_end_of_the_piece_is_shown(text_window, qtbot):
    window = text_window
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: "learned from 8 pieces, such as “…" in window.learned.message)
    assert "loss of" in window.learned.message
    assert "nats per symbol" in window.learned.message


@pytest.mark.parametrize("speed", [Speed.FULL, Speed.TEN])
def test_a_message_about_the_end_goes_first_unless_a_slow_training_goes_on(window, qtbot, speed):
    session = window.session
    session.set_until(replace(session.until, steps=2))
    session.set_speed(speed)
    with qtbot.waitSignal(session.ended):
        session.train()
    assert window.end_line.isVisible()
    assert not window.learned.isVisible()
    session.set_speed(Speed.TEN)
    session.train()
    assert window.learned.isVisible()


def test_the_line_asks_for_no_width_and_is_drawn_in_any(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: window.learned.message != "")
    assert window.learned.sizeHint().width() == 0
    for width in (1, 60, 400):
        window.learned.resize(width, window.learned.height())
        picture = window.learned.grab().toImage()
        ink = {picture.pixel(x, y) for x in range(width) for y in range(picture.height())}
        assert (len(ink) > 1) == (width > 1)


def test_where_room_is_scarce_the_words_give_way_before_the_name_and_the_loss(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F8)
    line = window.learned
    qtbot.waitUntil(lambda: line.message != "")
    line.setParent(None)
    whole = learned_from(window.session, Unit.NATS_PER_NAME)
    figure = whole.after.split(" of ")[1].split()[0]
    least = line.fontMetrics().horizontalAdvance(f"loss {figure}") + 40
    seen = []
    for width in range(1_200, least, -10):
        line.resize(width, line.sizeHint().height())
        fitting = line.fitting
        assert figure in fitting.after, "the loss stays whole"
        words = fitting.before, fitting.after
        if words != whole.shorter[-1]:
            assert fitting.what == whole.what, "the name is elided last"
        if words not in seen:
            seen.append(words)
    assert seen == [(whole.before, whole.after), *whole.shorter]
    assert fitting.what.endswith("…")
    line.setParent(window)


def test_in_a_window_of_1100_pixels_the_name_is_whole(window, qtbot):
    window.resize(1100, 700)
    qtbot.keyClick(window, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: window.learned.message != "")
    fitting = window.learned.fitting
    assert fitting.what in window.learned.message
    assert fitting.what
    assert not fitting.what.endswith("…")
