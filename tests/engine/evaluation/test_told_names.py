"""A handful of names, and what a network tells them to be."""

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.evaluation.told_names import handful, told_names
from engine.nn.classifier import probabilities_of_names
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

TITLES = ("Greek", "Irish", "Norse")


@pytest.fixture
def corpus():
    pairs = [(f"{letter}or", "Greek") for letter in "bcdfghklmnpr"]
    pairs += [("moran", "Irish"), ("nolan", "Irish"), ("ulf", "Norse")]
    names, kinds = zip(*pairs, strict=True)
    return corpus_of_names(names, "kinds", 0, lower_case=True, kinds=kinds)


def test_a_handful_has_names_of_all_kinds_before_it_has_more_of_one(corpus):
    encoded = corpus.encoded_at(np.arange(15))
    for seed in range(5):
        some = encoded.take(handful(encoded, 5, seed))
        assert np.bincount(some.kinds).tolist() == [2, 2, 1]
        assert set(encoded.kinds[handful(encoded, 3, seed)].tolist()) == {0, 1, 2}
    assert len(handful(encoded, 99, 0)) == 15
    same = [handful(encoded, 5, 3).tolist() for _ in range(2)]
    assert same[0] == same[1]
    assert same[0] != handful(encoded, 5, 4).tolist()


def test_what_is_told_is_the_likeliest_kind(corpus):
    settings = RunSettings(task="tell", cell="gru", both_directions=True)
    trainer = Trainer(corpus, Hyperparameters(widths=(6,), batch=4), settings=settings)
    trainer.run(20)
    encoded = corpus.encoded_at(np.arange(15))
    shares = probabilities_of_names(trainer.parameters, encoded)
    told = told_names(trainer.parameters, encoded, corpus.distinct, TITLES)
    assert [each.name for each in told] == list(corpus.distinct_names)
    for each, kind, share in zip(told, encoded.kinds, shares, strict=True):
        assert each.kind == TITLES[kind]
        assert each.told == TITLES[share.argmax()]
        assert each.probability == pytest.approx(share.max())
        assert each.is_right == (share.argmax() == kind)
