from collections import Counter, defaultdict

import numpy as np
import pytest

from engine.data.reader import read_names
from engine.data.vocabulary import EncodedNames, Vocabulary
from engine.evaluation import baselines
from engine.evaluation.baselines import MAX_ORDER, NGrams, fit_to_text, uniform_loss


def test_dinosaurs_cost_3_296_nats_a_character_by_guessing():
    assert uniform_loss(27) == pytest.approx(3.295837, abs=1e-6)


@pytest.mark.parametrize("n", [1, 2, 38, 1000])
def test_is_the_entropy_of_the_uniform_distribution(n):
    p = np.full(n, 1 / n)
    assert uniform_loss(n) == pytest.approx(-(p * np.log(p)).sum(), abs=1e-12)


# Models that count.


class ByDictionary:
    """Witten and Bell's interpolation, in dictionaries: text to Counter of what followed."""

    def __init__(self, names, symbols, order, weights=None):
        self.symbols, self.order = symbols, order
        self.followers = defaultdict(Counter)
        for name, weight in zip(names, weights or [1] * len(names), strict=True):
            padded = "^" * order + name + "\n"
            for i in range(order, len(padded)):
                for length in range(order):
                    self.followers[padded[i - length : i]][padded[i]] += weight

    def probability(self, context, symbol):
        shorter = self.probability(context[1:], symbol) if context else 1 / len(self.symbols)
        counts = self.followers.get(context)
        if counts is None:
            return shorter
        kinds = len(counts)
        return (counts[symbol] + kinds * shorter) / (counts.total() + kinds)

    def loss(self, name):
        padded = "^" * self.order + name + "\n"
        places = range(self.order, len(padded))
        context = self.order - 1
        return -sum(np.log(self.probability(padded[i - context : i], padded[i])) for i in places)


@pytest.fixture(scope="module")
def parts(corpus):
    return corpus.split(0, 0.2)


@pytest.mark.parametrize("order", range(1, MAX_ORDER + 1))
def test_losses_are_those_of_dictionaries(corpus, parts, order):
    training, held_out = parts
    vocabulary = corpus.vocabulary
    held_out = [*held_out, "xxxxx", "q" if "q" in vocabulary.symbols else "z", ""]
    held_out = [name for name in held_out if set(name) <= set(vocabulary.symbols)]
    model = NGrams(vocabulary.encode_all(training), len(vocabulary), order)
    found = model.losses(vocabulary.encode_all(held_out))
    assert len(found) == order
    for at, loss in enumerate(found, start=1):
        by_hand = ByDictionary(training, vocabulary.symbols, at)
        total = sum(by_hand.loss(name) for name in held_out)
        assert loss.nats_per_name == pytest.approx(total / len(held_out), rel=1e-12)
        characters = sum(len(name) + 1 for name in held_out)
        assert loss.nats_per_character == pytest.approx(total / characters, rel=1e-12)


def test_weighted_names_count_as_often_as_their_share_says(corpus, parts):
    training, held_out = parts
    encode = corpus.vocabulary.encode_all
    weights = np.random.default_rng(6).integers(1, 5_000, len(training)).tolist()
    mean = sum(weights) / len(weights)
    n_symbols = len(corpus.vocabulary)
    found = NGrams(encode(training), n_symbols, 3, weights=weights).losses(encode(held_out))
    for at, loss in enumerate(found, start=1):
        relative = [weight / mean for weight in weights]
        by_hand = ByDictionary(training, corpus.vocabulary.symbols, at, relative)
        total = sum(by_hand.loss(name) for name in held_out)
        assert loss.nats_per_name == pytest.approx(total / len(held_out), rel=1e-9)


def test_a_higher_order_leaves_the_lower_ones_alone(corpus, parts):
    training, held_out = (corpus.vocabulary.encode_all(names) for names in parts)
    count = len(corpus.vocabulary)
    high = NGrams(training, count, MAX_ORDER).losses(held_out)
    assert NGrams(training, count, 2).losses(held_out) == high[:2]


@pytest.mark.parametrize("prefix", ["", "dino", "xxx", "saurus"])
def test_probabilities_of_what_may_follow_sum_to_1(corpus, parts, prefix):
    """P(w|h) from the loss of h + w; the end aside, each w brings its own end with it."""
    vocabulary = corpus.vocabulary
    letters = vocabulary.symbols[1:]
    model = NGrams(vocabulary.encode_all(parts[0]), len(vocabulary))

    def losses(text, ends=True):
        names = vocabulary.encode_all([text])
        if not ends:
            names = EncodedNames(names.symbols[:-1], np.array([0, len(text)]))
        return np.array([loss.nats_per_name for loss in model.losses(names)])

    before = losses(prefix, ends=False) if prefix else 0.0
    total = np.exp(before - losses(prefix))  # the end itself
    for letter in letters:
        total += np.exp(before - losses(prefix + letter, ends=False))
    np.testing.assert_allclose(total, 1.0, rtol=1e-12)


def test_nothing_counted_of_a_context_costs_what_the_shorter_one_says():
    model = NGrams(Vocabulary.from_names(["ab"]).encode_all(["ab"]), 3, 2)
    # After the start only a was seen: P(b | ^) = (0 + 1 P(b)) / (1 + 1), P(b) = 1 / 3.
    by_order = model.losses(EncodedNames(np.array([2]), np.array([0, 1])))
    assert by_order[0].nats_per_name == pytest.approx(np.log(3))
    assert by_order[1].nats_per_name == pytest.approx(np.log(6))


def test_the_dinosaurs_cost_what_is_known(dinos_path):
    corpus = read_names(dinos_path)
    losses = []
    for seed in range(5):
        training, held_out = map(corpus.vocabulary.encode_all, corpus.split(seed, 0.1))
        found = NGrams(training, len(corpus.vocabulary), 4).losses(held_out)
        losses.append([loss.nats_per_character for loss in found])
    means = np.mean(losses, axis=0)
    for mean, expected, tolerance in zip(
        means, (2.80, 2.21, 1.86, 1.755), (0.08, 0.08, 0.08, 0.1), strict=True
    ):
        assert mean == pytest.approx(expected, abs=tolerance), means


@pytest.mark.parametrize("order", [0, -1, 6])
def test_an_order_out_of_bounds_is_named(corpus, order):
    names = corpus.vocabulary.encode_all(corpus.names)
    with pytest.raises(ValueError, match=f"order must be between 1 and 5, got {order}"):
        NGrams(names, len(corpus.vocabulary), order)


def text_losses(training, held_out, n_symbols, order=MAX_ORDER, between_parts=None):
    """Return the losses on the end of a text."""
    models = fit_to_text(training, n_symbols, order, between_parts)
    whole = np.concatenate((training, held_out))
    return models.losses_at(whole, np.arange(len(training), len(whole)))


def test_a_text_is_counted_across_its_lines():
    # Every symbol follows from the one before; only its frequency is left to a single letter.
    text = np.tile(np.array([0, 1, 2, 3], dtype=np.uint8), 500)
    losses = text_losses(text[:1_800], text[1_800:], 4)
    assert len(losses) == MAX_ORDER
    assert losses[0].nats_per_character == pytest.approx(np.log(4), rel=1e-3)
    for loss in losses[1:]:
        assert 0 < loss.nats_per_character < 0.1
        assert loss.nats_per_name == loss.nats_per_character


def test_a_text_is_counted_as_a_brute_force_count_has_it():
    random = np.random.default_rng(3)
    training, held_out = (random.integers(0, 3, size=n).astype(np.uint8) for n in (90, 40))
    # Witten and Bell by hand, for pairs. The training part is the first symbol's context.
    letters = np.bincount(training, minlength=3)
    one = (letters + 3 / 3) / (90 + 3)
    total, before = 0.0, training[-1]
    for symbol in held_out:
        after = training[1:][training[:-1] == before]
        kinds = len(set(after.tolist()))
        total -= np.log(((after == symbol).sum() + kinds * one[symbol]) / (len(after) + kinds))
        before = symbol
    found = text_losses(training, held_out, 3, 2)[1].nats_per_character
    assert found == pytest.approx(total / 40, rel=1e-12)


@pytest.mark.parametrize("at_once", [1 << 20, 7])
def test_symbols_in_the_middle_of_a_text_have_what_stands_before_them_as_context(
    at_once, monkeypatch
):
    monkeypatch.setattr(baselines, "_PLACES", at_once)
    random = np.random.default_rng(4)
    training = "".join(random.choice(list("abc"), 300, p=(0.6, 0.3, 0.1)))
    whole = training + "".join(random.choice(list("abc"), 100, p=(0.6, 0.3, 0.1)))
    by_hand = ByDictionary([], "abc", MAX_ORDER)
    for length in range(MAX_ORDER):
        for i in range(300):
            before = ("^" * MAX_ORDER + training)[i + MAX_ORDER - length : i + MAX_ORDER]
            by_hand.followers[before][training[i]] += 1
    places = np.array([300, 301, 330, 351, 352, 353, 399, 340, 1])
    indices = np.array(["abc".index(symbol) for symbol in whole], dtype=np.uint8)
    found = fit_to_text(indices[:300], 3).losses_at(indices, places)
    for order, loss in enumerate(found, start=1):
        padded = "^" * MAX_ORDER + whole
        costs = [
            -np.log(
                by_hand.probability(padded[p + MAX_ORDER + 1 - order : p + MAX_ORDER], whole[p])
            )
            for p in places
        ]
        assert loss.nats_per_character == pytest.approx(np.mean(costs), rel=1e-12)
        assert loss.nats_per_name == loss.nats_per_character


class _EnoughError(Exception):
    pass


@pytest.mark.parametrize("calls", [1, MAX_ORDER, MAX_ORDER + 1, 2 * MAX_ORDER])
def test_counting_can_be_given_up_between_its_parts(calls):
    made = []

    def between_parts():
        made.append(None)
        if len(made) == calls:
            raise _EnoughError

    symbols = np.random.default_rng(0).integers(0, 5, 400)
    with pytest.raises(_EnoughError):
        text_losses(symbols[:300], symbols[300:], 5, between_parts=between_parts)
    assert len(made) == calls
