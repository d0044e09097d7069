"""Network and n-gram models are measured on the same held-out names and symbols."""

from collections import Counter

import numpy as np
import pytest

from engine.data.corpus import corpus_of_names
from engine.data.text import text_of_symbols
from engine.data.vocabulary import DOCUMENT_END, Vocabulary
from engine.evaluation.held_out.data import held_out_of
from engine.evaluation.held_out.documents import HeldOutDocuments
from engine.evaluation.held_out.names import HeldOutNames
from engine.evaluation.held_out.size import (
    MAX_DOCUMENT,
    MAX_NAMES,
    MAX_SYMBOLS,
    MAX_WINDOWS,
    HeldOutSize,
)
from engine.evaluation.held_out.text import HeldOutText
from engine.evaluation.text_loss import loss_of_text
from engine.nn.network import loss_of_names

LENGTH, HELD_OUT = 150_000, 60_000


@pytest.fixture(scope="module")
def text():
    """Return a text of four letters, whose last 40,000 are far easier than the 110,000 before."""
    random = np.random.default_rng(5)
    hard = random.choice(4, LENGTH - 40_000, p=(0.4, 0.3, 0.2, 0.1))
    easy = np.where(random.random(40_000) < 0.95, 0, 3)
    symbols = np.concatenate((hard, easy)).astype(np.uint8)
    return text_of_symbols(symbols, Vocabulary(tuple("abcd")), "uneven.txt", lower_case=False)


@pytest.fixture
def letter_counter(make_parameters):
    """Return a network without memory that knows how frequent each of four letters is."""
    parameters = make_parameters(4, 3, 1)
    parameters.Wya[:], parameters.by[:] = 0.0, np.log([0.4, 0.3, 0.2, 0.1])
    return parameters


@pytest.fixture(scope="module")
def names():
    """Return 15,000 distinct names."""
    random = np.random.default_rng(6)
    letters = random.choice(list("abcde"), (40_000, 9))
    lengths = random.integers(4, 10, 40_000)
    drawn = ("".join(row[:n]) for row, n in zip(letters, lengths, strict=True))
    found = list(dict.fromkeys(drawn))[:15_000]
    return corpus_of_names(found, "many.txt", 0, lower_case=True)


@pytest.fixture(scope="module")
def recipes(make_documents):
    """Return 200 documents of 40 to 3,000 symbols."""
    random = np.random.default_rng(8)
    return make_documents("".join(random.choice(list("abc"), n)) for n in range(40, 3_040, 15))


def one_letter_costs(training, n_symbols):
    """Return what each symbol costs a model that only counts letters (Witten and Bell)."""
    counts = np.bincount(training, minlength=n_symbols)
    kinds = np.count_nonzero(counts)
    return -np.log((counts + kinds / n_symbols) / (counts.sum() + kinds))


def test_a_short_held_out_end_is_measured_whole(text, letter_counter):
    short = HeldOutText(text.symbols, MAX_SYMBOLS, 4)
    assert short.size == HeldOutSize(MAX_SYMBOLS, MAX_SYMBOLS, "symbol")
    assert short.loss(letter_counter) == short.loss(letter_counter, in_full=True)
    end = text.symbols[-MAX_SYMBOLS:]
    expected = loss_of_text(letter_counter, text.symbols[:-MAX_SYMBOLS], end)
    assert short.loss(letter_counter) == expected
    models = short.fit_n_grams()
    assert short.n_gram_losses(models) == short.n_gram_losses(models, in_full=True)


@pytest.mark.parametrize("window", [None, 12])
@pytest.mark.parametrize("count", [MAX_SYMBOLS + 1, MAX_SYMBOLS + 997, HELD_OUT, LENGTH - 3])
def test_the_measured_symbols_come_from_all_over_the_held_out_end(text, count, window):
    held_out = HeldOutText(text.symbols, count, 4, window)
    places = held_out.places()
    assert len(places) == held_out.size.measured == (MAX_SYMBOLS if window is None else MAX_WINDOWS)
    assert len(np.unique(places)) == len(places)
    assert (places[0], places[-1]) == (LENGTH - count, LENGTH - 1)
    in_each_part, _ = np.histogram(places, 40, (LENGTH - count, LENGTH))
    assert in_each_part.min() >= 0.4 * in_each_part.max()
    np.testing.assert_array_equal(places, HeldOutText(text.symbols, count, 4, window).places())
    everything = held_out.places(in_full=True)
    np.testing.assert_array_equal(everything, np.arange(LENGTH - count, LENGTH))


@pytest.mark.parametrize("in_full", [False, True])
@pytest.mark.parametrize("window", [None, 12])
def test_network_and_n_grams_are_measured_on_these_symbols(text, letter_counter, window, in_full):
    held_out = HeldOutText(text.symbols, HELD_OUT, 4, window)
    measured = text.symbols[held_out.places(in_full=in_full)]
    network = held_out.loss(letter_counter, in_full=in_full).nats_per_character
    costs = -np.log([0.4, 0.3, 0.2, 0.1])
    assert network == pytest.approx(costs[measured].mean(), rel=1e-12)
    losses = held_out.n_gram_losses(held_out.fit_n_grams(), in_full=in_full)
    costs = one_letter_costs(text.symbols[:-HELD_OUT], 4)
    assert losses[0].nats_per_character == pytest.approx(costs[measured].mean(), rel=1e-12)
    assert len(losses) == 5


def test_a_part_costs_about_what_the_whole_costs_however_uneven_the_text(text, letter_counter):
    held_out = HeldOutText(text.symbols, HELD_OUT, 4)
    whole = held_out.loss(letter_counter, in_full=True).nats_per_character
    beginning = text.symbols[-HELD_OUT : -HELD_OUT + MAX_SYMBOLS]
    at_the_beginning = loss_of_text(letter_counter, text.symbols[:-HELD_OUT], beginning)
    assert at_the_beginning.nats_per_character > 1.1 * whole
    assert held_out.loss(letter_counter).nats_per_character == pytest.approx(whole, rel=0.02)
    models = held_out.fit_n_grams()
    part, full = (held_out.n_gram_losses(models, in_full=in_full) for in_full in (False, True))
    for some, every in zip(part, full, strict=True):
        assert some.nats_per_character == pytest.approx(every.nats_per_character, rel=0.02)


def held_out_names(names, seed, share):
    """Return what a run on names holds out."""
    held_out = held_out_of(names, seed, share)
    assert isinstance(held_out, HeldOutNames)
    return held_out


def test_names_are_sampled_by_the_run_s_seed(names):
    samples = [held_out_names(names, seed, 0.2).names().symbols.tolist() for seed in (1, 1, 2)]
    assert samples[0] == samples[1] != samples[2]
    held_out = held_out_names(names, 1, 0.2)
    _, all_names = names.split(1, 0.2)
    found = held_out.names()
    spelled = [names.vocabulary.decode(found[i]).strip() for i in range(len(found))]
    assert len(spelled) == len(set(spelled)) == MAX_NAMES
    places = [all_names.index(name) for name in spelled]
    assert places == sorted(places)
    assert np.histogram(places, 4, (0, len(all_names)))[0].min() > 150


@pytest.mark.parametrize("in_full", [False, True])
def test_network_and_n_grams_are_measured_on_these_names(names, make_parameters, in_full):
    n_symbols = len(names.vocabulary)
    held_out, (training, all_names) = held_out_names(names, 3, 0.2), names.split(3, 0.2)
    measured = held_out.names(in_full=in_full)
    assert len(measured) == (len(all_names) if in_full else MAX_NAMES)
    parameters = make_parameters(n_symbols, 3, 1)
    expected = loss_of_names(parameters, measured)
    shares = []
    found = held_out.loss(parameters, in_full=in_full, on_progress=shares.append)
    assert found.nats_per_name == pytest.approx(expected.nats_per_name, rel=1e-12)
    assert found.nats_per_character == pytest.approx(expected.nats_per_character, rel=1e-12)
    assert shares == ([0, 1 / 3, 2 / 3] if in_full else [0])
    by_letter = Counter("".join(f"{name}\n" for name in training))
    total = sum(by_letter.values())
    p = [
        (by_letter[s] + len(by_letter) / n_symbols) / (total + len(by_letter))
        for s in names.vocabulary.symbols
    ]
    losses = held_out.n_gram_losses(held_out.fit_n_grams(), in_full=in_full)
    expected = -np.log(np.array(p)[measured.symbols])
    assert losses[0].nats_per_character == pytest.approx(expected.mean(), rel=1e-12)
    assert losses[0].nats_per_name == pytest.approx(expected.sum() / len(measured), rel=1e-12)


def test_few_names_are_measured_whole(names, make_parameters):
    held_out = held_out_of(names, 3, 0.05)
    assert held_out.size == HeldOutSize(750, 750, "name")
    parameters = make_parameters(len(names.vocabulary), 3, 1)
    assert held_out.loss(parameters) == held_out.loss(parameters, in_full=True)


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
@pytest.mark.parametrize("window", [None, 12])
def test_the_size_is_known_before_the_data_is_split(text, names, recipes, share, window):
    for data in (text, names, recipes):
        for seed in (0, 5):
            size = held_out_of(data, seed, share, window).size
            assert HeldOutSize.of(data, share, window, seed) == size


@pytest.mark.parametrize(
    ("size", "part", "whole"),
    [
        (HeldOutSize(154, 154, "name"), "all 154 names", "all 154 names"),
        (HeldOutSize(1, 1, "name"), "1 name", "1 name"),
        (
            HeldOutSize(20_000, 111_539, "symbol"),
            "20,000 of 111,539 symbols",
            "all 111,539 symbols",
        ),
    ],
)
def test_a_size_is_said_in_words(size, part, whole):
    assert size.describe() == part
    assert size.describe(in_full=True) == whole


def documents_of(recipes, seed, share):
    """Return the training and the held-out documents as texts, each with its end."""
    parts = [recipes.decode(part).split(DOCUMENT_END) for part in recipes.split(share, seed)]
    return [[f"{document}{DOCUMENT_END}" for document in part[:-1]] for part in parts]


@pytest.mark.parametrize("in_full", [False, True])
def test_network_and_n_grams_read_each_document_from_its_beginning(
    recipes, make_parameters, in_full
):
    data = held_out_of(recipes, 3, 0.2)
    assert isinstance(data, HeldOutDocuments)
    training, held_out = documents_of(recipes, 3, 0.2)
    parameters = make_parameters(len(recipes.vocabulary), 4, 1)
    parameters.Wya[:], parameters.by[:] = 0.0, np.log([0.1, 0.4, 0.3, 0.2])
    loss = data.loss(parameters, in_full=in_full)
    measured = data.size.whole if in_full else data.size.measured
    counts = Counter("".join(held_out))
    if in_full:
        nats = -sum(
            n * np.log([0.1, 0.4, 0.3, 0.2][recipes.vocabulary.index_of[s]])
            for s, n in counts.items()
        )
        assert loss.nats_per_name == pytest.approx(nats / len(held_out), rel=1e-9)
        assert loss.nats_per_character == pytest.approx(nats / counts.total(), rel=1e-9)
        assert measured == counts.total()
    models = data.fit_n_grams()
    first, second, *_ = data.n_gram_losses(models, in_full=in_full)
    assert first.nats_per_name / first.nats_per_character == pytest.approx(
        loss.nats_per_name / loss.nats_per_character
    )
    if in_full:
        letters = recipes.vocabulary.encode("".join(training))
        costs = one_letter_costs(letters, len(recipes.vocabulary))
        expected = sum(costs[recipes.vocabulary.index_of[s]] * n for s, n in counts.items())
        assert first.nats_per_character == pytest.approx(expected / counts.total(), rel=1e-9)
    assert second.nats_per_character != first.nats_per_character


def test_only_the_beginnings_of_some_documents_are_measured_during_training(recipes):
    size = held_out_of(recipes, 3, 0.5).size
    lengths = [len(each) for each in documents_of(recipes, 3, 0.5)[1]]
    assert size.whole == sum(lengths)
    assert MAX_SYMBOLS - MAX_DOCUMENT < size.measured <= MAX_SYMBOLS
    few = held_out_of(recipes, 3, 0.02).size
    lengths = [len(each) for each in documents_of(recipes, 3, 0.02)[1]]
    assert (few.measured, few.whole) == (sum(min(n, MAX_DOCUMENT) for n in lengths), sum(lengths))


def test_the_loss_of_a_beginning_is_told_for_the_whole_document(recipes, make_parameters):
    data = held_out_of(recipes, 3, 0.5)
    parameters = make_parameters(len(recipes.vocabulary), 4, 1)
    assert max(map(len, documents_of(recipes, 3, 0.5)[1])) > MAX_DOCUMENT
    loss = data.loss(parameters)
    n_grams = data.n_gram_losses(data.fit_n_grams())
    in_full = data.loss(parameters, in_full=True)
    lengths = [each.nats_per_name / each.nats_per_character for each in (loss, *n_grams, in_full)]
    assert lengths[:-1] == pytest.approx([lengths[0]] * (1 + len(n_grams)))
    assert lengths[0] == pytest.approx(lengths[-1], rel=0.2), "of a sample of them"
    assert lengths[0] > MAX_DOCUMENT / 2


def test_the_seed_decides_which_documents_are_held_out(recipes, make_parameters):
    parameters = make_parameters(len(recipes.vocabulary), 4, 1)
    losses = [held_out_of(recipes, seed, 0.1).loss(parameters) for seed in (1, 1, 2)]
    assert losses[0] == losses[1] != losses[2]
