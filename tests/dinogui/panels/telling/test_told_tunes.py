"""A run that tells the kinds of tunes has the cards and panels of one that tells those of names."""

import numpy as np
import pytest

from engine.data.melodies import melodies_of
from engine.data.name_kinds import NameKinds
from engine.data.vocabulary import EncodedNames
from engine.evaluation.held_out.examples import HeldOutExamples
from engine.melody.note import Melody, Note
from engine.nn.classifier import probabilities_of_names
from engine.training.settings import Hyperparameters, RunSettings


@pytest.fixture
def told_window(window, qtbot):
    """Return the window with a small network that tells low tunes from high ones."""
    random = np.random.default_rng(4)
    kinds = (0,) * 6 + (1,) * 6
    tunes = [
        Melody(
            tuple(Note(int(pitch), 1) for pitch in 55 + 12 * kind + random.integers(0, 12, 48)),
            f"Tune {number}",
        )
        for number, kind in enumerate(kinds, start=1)
    ]
    session = window.session
    of_each = NameKinds(("low", "high"), kinds, kinds)
    session.use(melodies_of(tunes, "tunes", grid="swing", kinds=of_each))
    with qtbot.waitSignal(session.network_made, timeout=20_000):
        session.restart(
            hyperparameters=Hyperparameters(0.01, None, (6,), optimizer="adam", batch=4),
            settings=RunSettings(cell="gru", task="tell", both_directions=True),
        )
    return window


def test_held_out_passages_are_told_and_logged(told_window, qtbot):
    session, card = told_window.session, told_window.names.told
    session.step()
    qtbot.waitUntil(lambda: bool(session.run.log), timeout=20_000)
    qtbot.waitUntil(lambda: bool(card.model.told), timeout=20_000)
    assert card.isVisible()
    held_out = HeldOutExamples.of(session.corpus, session.settings.seed, session.settings.held_out)
    expected = dict(zip(held_out.titles, held_out.encoded.kinds.tolist(), strict=True))
    assert {each.name for each in card.model.told} == set(expected)
    assert all(
        each.kind == session.run.corpus.kinds.titles[expected[each.name]]
        for each in card.model.told
    )
    assert {each.name for each in session.run.log[0].told} == set(expected)


def test_the_panel_reads_the_whole_passage(told_window, qtbot):
    session = told_window.session
    session.step()
    qtbot.waitUntil(lambda: session.progress.step == 1, timeout=20_000)
    panel = told_window.docks.show("tell_kind")
    latest = session.viewed_snapshot.latest_name
    qtbot.waitUntil(
        lambda: panel.result is not None and len(panel.result.letters) == len(latest) - 1,
        timeout=20_000,
    )
    snapshot = session.viewed_snapshot
    passage = EncodedNames(latest, np.array([0, len(latest)]))
    shares = probabilities_of_names(snapshot.parameters, passage)[0]
    assert panel.result.found.probabilities[-1] == pytest.approx(shares)
