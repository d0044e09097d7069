from dataclasses import replace

import numpy as np
import pytest

from engine.evaluation.baselines import MAX_ORDER, NGrams
from engine.evaluation.held_out.names import HeldOutNames
from engine.evaluation.kind_n_grams import KindNGrams, NGramLosses
from engine.evaluation.loss_by_kind import LossByKind
from engine.nn.network import NamesLoss

N_SYMBOLS, N_KINDS = 9, 3


def names_of(random, count, kinds):
    """Draw names whose letters depend on their kinds, as names of languages do."""
    chosen = [random.choice(kinds) for _ in range(count)]
    texts = [random.integers(1 + kind, 7 + kind, random.integers(2, 9)) for kind in chosen]
    return [np.append(text, 0) for text in texts], np.array(chosen)


@pytest.fixture
def parts(random_names):
    """Return names to count in and others to measure on; one of these has an unseen letter."""
    found = []
    for seed, count, kinds in ((1, 200, [0, 0, 0, 0, 1, 2]), (2, 60, [0, 1])):
        texts, of_names = names_of(np.random.default_rng(seed), count, kinds)
        lengths = [len(text) for text in texts]
        drawn = random_names(N_SYMBOLS, lengths, seed)
        found.append(replace(drawn, symbols=np.concatenate(texts), kinds=of_names))
    return found


def alone(names, kind):
    return names.take(np.flatnonzero(names.kinds == kind))


@pytest.mark.parametrize("order", [1, 3, MAX_ORDER])
def test_each_kind_has_the_models_of_its_names_alone(parts, order):
    training, held_out = parts
    losses = KindNGrams(training, N_KINDS, N_SYMBOLS, order).losses(held_out)
    assert len(losses.of_each_kind) == len(losses.of_all_kinds) == order
    together = NGrams(training, N_SYMBOLS, order)
    for kind in (0, 1):
        names, models = alone(held_out, kind), NGrams(alone(training, kind), N_SYMBOLS, order)
        for at, (own, of_all) in enumerate(
            zip(models.losses(names), together.losses(names), strict=True)
        ):
            for found, expected in (
                (losses.of_each_kind[at].of_kinds[kind], own),
                (losses.of_all_kinds[at].of_kinds[kind], of_all),
            ):
                assert found.nats_per_name == pytest.approx(expected.nats_per_name, rel=1e-12)
                nats = expected.nats_per_character
                assert found.nats_per_character == pytest.approx(nats, rel=1e-12)
    assert {loss.of_kinds[2] for loss in losses.of_each_kind} == {None}, "no names are held out"
    for found, expected in zip(losses.of_all_kinds, together.losses(held_out), strict=True):
        assert found.in_all.nats_per_name == pytest.approx(expected.nats_per_name, rel=1e-12)


def test_a_kind_without_names_to_count_in_is_guessed_and_unseen_letters_are_possible(parts):
    training, _ = parts
    models = KindNGrams(alone(training, 0), N_KINDS, N_SYMBOLS, 3)
    losses = models.losses(alone(training, 2))
    for loss in losses.of_each_kind:
        assert loss.of_kinds[2].nats_per_character == pytest.approx(np.log(N_SYMBOLS))
    assert all(np.isfinite(loss.in_all.nats_per_name) for loss in losses.of_all_kinds)


def test_weights_are_those_of_a_list_with_repeats(parts):
    training, held_out = parts
    weights = np.random.default_rng(3).integers(1, 5, len(training))
    repeated = training.take(np.repeat(np.arange(len(training)), weights))
    found = KindNGrams(training, N_KINDS, N_SYMBOLS, 1, weights=weights.tolist())
    expected = NGrams(alone(training, 1), N_SYMBOLS, 1, weights=weights[training.kinds == 1])
    # Weights are scaled over all names, not within a kind: an epoch reads as many names as before.
    scale = weights[training.kinds == 1].mean() / weights.mean()
    assert scale != pytest.approx(1, abs=0.01)
    by_hand = counted(alone(repeated, 1), weights.mean())
    symbols = alone(held_out, 1).symbols
    nats = found.losses(held_out).of_each_kind[0].of_kinds[1].nats_per_character
    assert nats == pytest.approx(-np.log(by_hand[symbols]).mean(), rel=1e-12)
    assert nats != expected.losses(alone(held_out, 1))[0].nats_per_character


def counted(names, mean_weight):
    """Return the probability of each symbol under the model of order 1."""
    counts = np.bincount(names.symbols, minlength=N_SYMBOLS) / mean_weight
    distinct = np.count_nonzero(counts)
    return (counts + distinct / N_SYMBOLS) / (counts.sum() + distinct)


def test_the_baseline_to_show_is_the_better_of_both():
    def by_kind(nats, *of_kinds):
        return LossByKind(
            tuple(each and NamesLoss(each, each) for each in of_kinds), NamesLoss(nats, nats)
        )

    losses = NGramLosses(
        (by_kind(3.0, 3.0, 5.0, None), by_kind(2.0, 1.5, 3.0, None)),
        (by_kind(2.5, 2.5, 2.0, None), by_kind(2.1, 2.0, 2.5, None)),
    )
    assert losses.lowest == [NamesLoss(2.5, 2.5), NamesLoss(2.0, 2.0)]


def test_a_run_on_names_of_kinds_is_compared_with_models_that_know_them(parts):
    training, held_out = parts
    data = HeldOutNames(training, held_out, 0, N_SYMBOLS)
    losses = data.n_gram_losses(data.fit_n_grams())
    expected = KindNGrams(training, N_KINDS, N_SYMBOLS).losses(held_out).lowest
    assert losses == expected
    training, held_out = (replace(names, kinds=None) for names in parts)
    data = HeldOutNames(training, held_out, 0, N_SYMBOLS)
    without = data.n_gram_losses(data.fit_n_grams())
    assert without == NGrams(training, N_SYMBOLS).losses(held_out)
    assert losses[1].nats_per_name < without[1].nats_per_name


def test_fitting_and_measuring_can_be_stopped_between_parts(parts):
    training, held_out = parts
    calls = []
    models = KindNGrams(training, N_KINDS, N_SYMBOLS, 3, lambda: calls.append(None))
    assert len(calls) == 6, "before each order is counted, for both"
    models.losses(held_out)
    assert len(calls) == 12


def test_names_without_kinds_are_refused(parts):
    training, held_out = parts
    plain = replace(training, kinds=None)
    with pytest.raises(ValueError, match=r"^names must have kinds\.$"):
        KindNGrams(plain, N_KINDS, N_SYMBOLS)
    with pytest.raises(ValueError, match=r"^names must have kinds\.$"):
        KindNGrams(training, N_KINDS, N_SYMBOLS, 1).losses(replace(held_out, kinds=None))
