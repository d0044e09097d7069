"""Names with kinds: how evenly the loader draws the kinds, always in the same order."""

import numpy as np
import pytest

from engine.storage.validated_mapping import ValidatedMapping
from engine.training.loaders.epoch_order import balanced_weights
from engine.training.loaders.name_loader import NameLoader
from engine.training.recipes import DEFAULT
from engine.training.settings import RunSettings

SIZES = {"many": 160, "some": 40, "few": 10}


@pytest.fixture
def corpus(make_kind_corpus):
    """Return kinds of different sizes; a name's first letter says its kind."""
    return make_kind_corpus(
        {title: [title[0] + "a" * n for n in range(size)] for title, size in SIZES.items()}
    )


def loader_of(corpus, balance=0.0):
    return NameLoader(corpus, DEFAULT, RunSettings(seed=3), balance)


def drawn(corpus, loader, count):
    """Return how many names of each kind are drawn; each kind must be that of its name."""
    batch = loader.next_batch(count)
    first = batch.targets[: batch.n_names]
    symbols = [corpus.vocabulary.index_of[title[0]] for title in SIZES]
    assert (np.array(symbols)[batch.kinds] == first).all(), "a name has the kind it was read with"
    return np.bincount(batch.kinds, minlength=len(SIZES))


@pytest.mark.parametrize("balance", [0.0, 0.5, 1.0])
def test_kinds_are_drawn_in_proportion_to_a_power_of_their_size(corpus, balance):
    loader = loader_of(corpus, balance=balance)
    sizes = np.bincount(loader.training.kinds)
    expected = sizes ** (1 - balance)
    epochs = 40
    found = sum(drawn(corpus, loader, len(loader)) for _ in range(epochs))
    shares = expected / expected.sum()
    # Each epoch rounds up or down, so the counts are closer than independent draws.
    assert abs(found / found.sum() - shares).max() < 0.02


def test_without_balance_each_epoch_has_every_pair_once(corpus):
    loader = loader_of(corpus)
    assert (drawn(corpus, loader, len(loader)) == np.bincount(loader.training.kinds)).all()


def test_within_a_kind_all_names_are_drawn_alike(corpus):
    loader = loader_of(corpus, balance=1.0)
    lengths = []
    for _ in range(100):
        batch = loader.next_batch(len(loader))
        rows = np.array([step.stop - step.start for step in batch.steps])
        lengths += [(rows > place).sum() for place in np.flatnonzero(batch.kinds == 2)]
    found = np.unique(lengths, return_counts=True)[1]
    assert len(found) == np.bincount(loader.training.kinds)[2]
    assert found.min() > 0.85 * found.max()


def test_weights_are_kept_within_a_kind():
    kinds, own = np.array([0, 0, 0, 1]), np.array([1.0, 2.0, 5.0, 4.0])
    assert balanced_weights(kinds, 1.0, own) == pytest.approx([1 / 8, 2 / 8, 5 / 8, 1.0])
    assert balanced_weights(kinds, 0.0, own) == pytest.approx(own)
    half = balanced_weights(kinds, 0.5, own)
    assert half[:3].sum() / half[3] == pytest.approx((8 / 4) ** 0.5)


def test_a_corpus_with_weights_and_kinds_draws_by_both(make_kind_corpus):
    corpus = make_kind_corpus({"a": ["ax", "ay", "az"], "b": ["bx", "by"]}, weights=(6, 1, 1, 4, 1))
    loader = loader_of(corpus, balance=1.0)
    weights = np.array(corpus.weights_at(corpus.split_places(3)[0]), dtype=float)
    kinds = loader.training.kinds
    shares = weights / np.bincount(kinds, weights=weights)[kinds] / 2
    batch = loader.next_batch(6_000)
    # Both letters of a name tell it apart, and every name has two.
    second = batch.targets[batch.n_names : 2 * batch.n_names]
    names = batch.targets[: batch.n_names] * 100 + second
    for place, share in enumerate(shares):
        first, other = loader.training[place][:2]
        assert (names == first * 100 + other).mean() == pytest.approx(share, abs=0.02)


@pytest.mark.parametrize("balance", [0.0, 0.7])
def test_a_loader_goes_on_in_the_middle_of_an_epoch(corpus, balance):
    whole = loader_of(corpus, balance=balance)
    whole.next_batch(len(whole) + 37)
    resumed = loader_of(corpus, balance=balance)
    resumed.restore(ValidatedMapping(whole.state()), None)
    for _ in range(3):
        expected, found = whole.next_batch(100), resumed.next_batch(100)
        assert found.targets.tobytes() == expected.targets.tobytes()
        assert found.kinds.tobytes() == expected.kinds.tobytes()


def test_the_same_seed_draws_the_same_pairs(corpus):
    batches = [loader_of(corpus, balance=0.5).next_batch(300) for _ in range(2)]
    assert batches[0].kinds.tobytes() == batches[1].kinds.tobytes()
    assert batches[0].targets.tobytes() == batches[1].targets.tobytes()
