"""The card with the runs: which loss it shows of each."""

import pytest

from engine.evaluation.units import Unit


@pytest.fixture
def present(window):
    """Return a function that says what the row of the present run shows, and what that is."""

    def present():
        return window.runs_card.present.toolTip().split(". ")[-2]

    return present


def test_a_young_run_shows_no_loss_of_before_its_first_step(window, qtbot, train_until, present):
    session = window.session
    train_until(session, 300)
    first = session.progress.held_out.latest
    assert first.step == 0
    window.runs_card.show_unit(Unit.NATS_PER_NAME)
    smoothed = Unit.NATS_PER_NAME.write(session.progress.smoothed_loss)
    in_full = session.run.full_held_out
    if in_full is None:
        assert present().endswith(f"{smoothed}: smoothed training loss, nats per name")
    qtbot.waitUntil(lambda: session.run.full_held_out is not None)
    measured = Unit.NATS_PER_NAME.write(session.run.full_held_out.nats_per_name)
    qtbot.waitUntil(lambda: present().endswith(f"{measured}: loss held out, nats per name"))
    assert measured == window.loss_plot._head.figure.text(), "as the headline says"
    assert measured != Unit.NATS_PER_NAME.write(first.nats_per_name)
