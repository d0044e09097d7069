"""Names with weights: how often each is drawn, and that none of them is held out by a part."""

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.data.reader import read_data
from engine.data.reading.choices import ReadingChoices
from engine.data.sources.pasted_source import PastedSource
from engine.training.loaders.name_loader import NameLoader
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.settings import RunSettings

WEIGHTS = (900, 300, 100, 50, 20, 7, 3, 1)
NAMES = tuple("a" * length for length in range(1, len(WEIGHTS) + 1))  # told apart by their lengths


def loader_of(weights=WEIGHTS, recipe=NOTEBOOK, **settings):
    """Return a loader; that of the notebook recipe holds nothing out."""
    names = ["a" * length for length in range(1, len(weights) + 1)]
    corpus = corpus_of_names(names, "people", 0, lower_case=True, weights=tuple(weights))
    return NameLoader(corpus, recipe, RunSettings(seed=5, **settings))


def drawn(loader, count):
    """Return the numbers of the names that are drawn, from 0."""
    return np.array([len(loader.next_name()[0]) for _ in range(count)]) - 2  # the end is a symbol


def assert_shares(numbers, weights):
    """Check that the shares are within five standard deviations of independent draws."""
    shares = np.array(weights) / sum(weights)
    found = np.bincount(numbers, minlength=len(weights))
    deviations = np.sqrt(len(numbers) * shares * (1 - shares))
    assert (abs(found - len(numbers) * shares) <= 5 * deviations).all(), found


@pytest.mark.parametrize("recipe", [DEFAULT, NOTEBOOK], ids=lambda recipe: recipe.name)
def test_the_shares_of_100_000_draws_are_those_of_the_weights(recipe):
    weights = np.random.default_rng(2).integers(1, 1_000, 40)
    loader = loader_of(weights.tolist(), recipe, held_out=0.2)
    held_out = set() if loader.held_out is None else set((loader.held_out.lengths - 2).tolist())
    assert len(held_out) == (8 if recipe.holds_out else 0)
    weights[list(held_out)] = 0  # they are held out with all their weight
    assert_shares(drawn(loader, 100_000), weights)


def test_the_first_name_of_an_epoch_is_drawn_by_its_weight_too():
    loader = loader_of()
    assert_shares(drawn(loader, 8 * 4_000)[:: len(loader)], WEIGHTS)


def test_batches_draw_the_same_names():
    numbers = drawn(loader_of(), 60).reshape(-1, 20)
    loader = loader_of()
    assert [len(loader.next_batch(20)) for _ in numbers] == (numbers + 2).sum(axis=1).tolist()


def test_an_epoch_has_as_many_draws_as_names_each_as_often_as_is_due_or_once_more():
    loader = loader_of()
    assert len(loader) == len(WEIGHTS)
    due = len(WEIGHTS) * np.array(WEIGHTS) / sum(WEIGHTS)
    epochs = drawn(loader, 8 * 500).reshape(500, 8)
    found = np.array([np.bincount(epoch, minlength=8) for epoch in epochs])
    assert ((found >= np.floor(due)) & (found <= np.ceil(due))).all()
    assert len({tuple(epoch) for epoch in epochs}) > 100, "each epoch is drawn anew"


def test_with_equal_weights_every_epoch_has_every_name_once():
    epochs = drawn(loader_of([7] * 30), 30 * 20).reshape(20, 30)
    assert (np.sort(epochs) == np.arange(30)).all()


def test_the_largest_and_the_smallest_weights_serve():
    numbers = drawn(loader_of([2**53, 1, 2**53]), 3_000)
    assert_shares(numbers[numbers != 1], (1, 0, 1))


def test_a_cap_limits_how_often_a_name_is_drawn():
    table = "name,count\n" + "".join(f"{n},{w}\n" for n, w in zip(NAMES, WEIGHTS, strict=True))
    choices = ReadingChoices(layout="table", weights="count", weight_cap=50)
    corpus = read_data(PastedSource(table), choices)
    numbers = drawn(NameLoader(corpus, NOTEBOOK, RunSettings()), 20_000)
    assert_shares(numbers, [min(weight, 50) for weight in WEIGHTS])


def test_without_weights_the_notebook_recipe_reads_repeats_as_before():
    names = ["a", "aa", "a", "aaa"]
    loader = NameLoader(corpus_of_names(names, "x", 0, lower_case=True), NOTEBOOK, RunSettings())
    assert sorted(drawn(loader, 4)) == [0, 0, 1, 2]


def test_a_name_comes_with_its_kind_alone_and_in_a_batch():
    names = ["a" * length for length in range(1, 21)]
    kinds = ["odd" if len(name) % 2 else "even" for name in names]
    corpus = corpus_of_names(names, "parity", 0, lower_case=True, kinds=kinds)
    one, many = (NameLoader(corpus, DEFAULT, RunSettings(seed=5)) for _ in range(2))
    odd = corpus.kinds.titles.index("odd")
    for _ in range(len(one)):
        name, kind = one.next_name()
        assert (kind == odd) == ((len(name) - 1) % 2 == 1)
        batch = many.next_batch(1)
        assert (len(batch), batch.kinds.tolist()) == (len(name), [kind])
        assert type(kind) is int


def test_names_without_kinds_come_without_one():
    assert loader_of().next_name()[1] is None
