"""The card of a run that tells kinds: a name to type, and held-out names told as it learns."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from dinogui.panels.telling.told_names.told_model import NAME, RIGHT, SURE, TOLD
from engine.nn.classifier import probabilities_of_names

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def card(begin_telling, qtbot):
    """Return the card of a run that tells, once it shows what the latest network tells."""
    window = begin_telling()
    card = window.names.told
    qtbot.waitUntil(lambda: is_up_to_date(window, card), timeout=20_000)
    return card


def told_by(window):
    """Return the kind that is told and its probability for each held-out name, by the name."""
    session = window.session
    corpus, snapshot = session.corpus, session.viewed_snapshot
    _, places = corpus.split_places(session.settings.seed, session.settings.held_out)
    shares = probabilities_of_names(snapshot.parameters, corpus.encoded_at(places))
    names = corpus.distinct_at(places.tolist())
    return {
        name: (snapshot.kinds[int(share.argmax())], float(share.max()))
        for name, share in zip(names, shares, strict=True)
    }


def is_up_to_date(window, card):
    expected = told_by(window)
    told = card.model.told
    return bool(told) and all(
        (each.told, pytest.approx(each.probability, abs=1e-6)) == expected[each.name]
        for each in told
    )


def cell(card, row, column):
    return card.model.index(row, column).data()


def test_the_table_says_what_is_told_of_held_out_names(window, card):
    expected, corpus = told_by(window), window.session.corpus
    assert card.isVisible()
    right = 0
    for row, each in enumerate(card.model.told):
        (kind,) = (corpus.kinds.titles[k] for k in corpus.kinds_of(each.name))
        told, sure = expected[each.name]
        assert cell(card, row, NAME) == each.name.title()
        assert cell(card, row, TOLD) == told
        assert cell(card, row, SURE) == f"{100 * sure:.0f}\u00a0%"
        assert cell(card, row, RIGHT) == ("right" if told == kind else f"wrong: {kind}")
        right += told == kind
    assert card.summary.text() == f"{right} of {len(card.model.told)} held-out names right"


def test_it_is_told_anew_while_the_network_trains(window, card, qtbot):
    before = [each.probability for each in card.model.told]
    window.session.train()
    qtbot.waitUntil(
        lambda: [each.probability for each in card.model.told] != before, timeout=20_000
    )
    window.session.pause()
    qtbot.waitUntil(lambda: is_up_to_date(window, card), timeout=20_000)


def test_a_typed_name_is_told(window, card, type_name, qtbot):
    type_name(card, "Boris")
    snapshot = window.session.viewed_snapshot
    vocabulary, kinds = snapshot.vocabulary, snapshot.kinds
    shares = probabilities_of_names(snapshot.parameters, vocabulary.encode_all(["boris"]))[0]
    order = np.argsort(-shares)
    expected = [(kinds[k], pytest.approx(float(shares[k]), abs=1e-6)) for k in order]
    qtbot.waitUntil(lambda: list(card.bars.bars) == expected, timeout=20_000)


def test_a_letter_that_the_network_does_not_know_is_said(window, card, type_name, qtbot):
    type_name(card, "Bor1s")
    qtbot.waitUntil(lambda: "1" in card.message.message)
    assert card.message.is_error
    type_name(card, "Boris")
    qtbot.waitUntil(lambda: not card.message.message)


def test_a_click_on_a_row_shows_its_name(window, card, qtbot):
    place = card.table.visualRect(card.model.index(1, NAME)).center()
    qtbot.mouseClick(card.table.viewport(), LEFT, pos=place)
    assert card.name_box.line.text() == card.model.told[1].name


def test_other_names_are_taken(begin_telling, make_corpus_of_kinds, qtbot, window):
    begin_telling(held_out=0.9)
    card = window.names.told
    qtbot.waitUntil(lambda: is_up_to_date(window, card), timeout=20_000)
    before = {each.name for each in card.model.told}
    qtbot.mouseClick(card.others, LEFT)
    qtbot.waitUntil(lambda: {each.name for each in card.model.told} != before, timeout=20_000)


def test_as_it_learned_has_how_much_is_told_right(window, card):
    (entry,) = window.session.run.log
    rows = window.names.log.rows.model()
    sample = rows.index(0, 1).data()
    assert sample.startswith(f"{100 * entry.accuracy:.1f}\u00a0% right · ")
    first = entry.told[0]
    assert f"{first.name.title()} {first.told}" in sample
    text = window.names.log.text.toPlainText()
    verdict = "right" if first.is_right else f"wrong: it is {first.kind}"
    assert f"{first.name.title()}: {first.told}, " in text
    assert verdict in text
