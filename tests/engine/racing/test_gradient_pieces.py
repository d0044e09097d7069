"""The pieces of data on which the gradient flow of several runs is measured."""

from dataclasses import replace

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.data.reader import read_text
from engine.data.vocabulary import Vocabulary
from engine.insight import flow
from engine.racing.compared_run import ComparedRun, measure_all
from engine.racing.comparison import compare
from engine.racing.gradient_pieces import LETTERS_BACK, pieces_of
from engine.training.messages import Snapshot


def rows(comparison):
    return {row.label: row.cells for row in comparison.rows}


def names(*which):
    return corpus_of_names(list(which), "names.txt", 0, lower_case=True)


def test_long_names_are_cut_and_short_ones_left_out():
    pieces = pieces_of(names("anna", "maximilians", "konstantina", "bernhardin"))
    assert pieces.pieces == ("maximilians", "konstantina", "bernhardin\n")
    assert (pieces.letters_back, pieces.begin_names) == (LETTERS_BACK, True)


def test_where_all_names_are_short_the_gradient_goes_back_as_far_as_the_longest():
    pieces = pieces_of(names("anna", "bob", "clara"))
    assert (pieces.pieces, pieces.letters_back) == (("clara\n",), 5)


def test_a_text_is_cut_in_pieces_that_are_spread_over_it(tmp_path):
    verse = "".join(f"line {number} of it\n" for number in range(40))
    path = tmp_path / "verse.txt"
    path.write_text(verse, encoding="utf-8")
    text = read_text(path)
    pieces = pieces_of(text)
    assert pieces.letters_back == LETTERS_BACK
    assert {len(piece) for piece in pieces.pieces} == {LETTERS_BACK + 2}
    assert (pieces.pieces[0], pieces.pieces[-1]) == (verse[:12], verse[-12:])
    assert pieces_of(text) == pieces


def test_all_lanes_are_compared_on_the_same_names(make_race, finish, corpus):
    race = finish(make_race("cell=rnn; cell=gru; cell=lstm", steps=30))
    runs = measure_all(ComparedRun.of_lane(lane) for lane in race.lanes)
    pieces = pieces_of(corpus)
    found = rows(compare(runs, with_names=False))[
        f"gradient left {pieces.letters_back} letters back"
    ]
    for lane, share in zip(race.lanes, found, strict=True):
        trainer = lane.trainer
        snapshot = Snapshot(0, trainer.parameters, trainer.vocabulary, None)
        norms = [
            flow(snapshot, trainer.vocabulary.encode(piece)).layers[0].da_of_last.norm
            for piece in pieces.pieces
        ]
        expected = np.exp(np.mean([np.log(norm[0] / norm[-1]) for norm in norms]))
        assert share == pytest.approx(expected, rel=1e-9)
    assert len(set(found)) == 3


def test_networks_that_cannot_read_the_pieces_or_are_not_finite_have_no_figure(make_race, finish):
    race = finish(make_race(steps=5))
    race.lanes[1].trainer.parameters.flat[:] = np.inf
    runs = [ComparedRun.of_lane(lane) for lane in race.lanes]
    assert [run.gradient is None for run in measure_all(runs)] == [False, True]
    foreign = replace(runs[0], vocabulary=Vocabulary(("\n", "ä")))
    assert measure_all([runs[0], replace(foreign, corpus=None)])[1].gradient is None
    without = [replace(run, corpus=None) for run in runs]
    assert not any(label.startswith("gradient") for label in rows(compare(measure_all(without))))
