from dataclasses import replace
from math import log

import numpy as np
import pytest

from engine.data.vocabulary import Vocabulary
from engine.evaluation import kind_baselines
from engine.evaluation.kind_baselines import NGramBayes, largest_kind_loss

TRAINING = {"x": ["ab", "aab", "ba"], "y": ["bb", "bcb"], "z": ["ccc"]}
HELD_OUT = {"x": ["aa", "abc"], "y": ["b", "cb"], "z": ["cc", "a"]}
VOCABULARY = Vocabulary.from_names(["abc"])


def encode(by_kind):
    names = [name for of_kind in by_kind.values() for name in of_kind]
    kinds = [i for i, of_kind in enumerate(by_kind.values()) for _ in of_kind]
    return replace(VOCABULARY.encode_all(names), kinds=np.array(kinds))


def bigram_nats(names, name, weights=None):
    """Return the loss of a name under Witten and Bell's bigrams of some names, spelled out."""
    weights = weights or [1] * len(names)
    pairs = [
        (before, symbol, weight)
        for text, weight in zip(names, weights, strict=True)
        for before, symbol in zip("^" + text, text + "\n", strict=True)
    ]
    nats = 0.0
    for before, symbol in zip("^" + name, name + "\n", strict=True):
        p = 1 / len(VOCABULARY)
        for context in (None, before):
            seen = [(s, w) for b, s, w in pairs if context in (None, b)]
            if seen:
                different = len({s for s, _ in seen})
                count = sum(w for s, w in seen if s == symbol)
                p = (count + different * p) / (sum(w for _, w in seen) + different)
        nats -= log(p)
    return nats


def expected(name, weights=None):
    """Return P(kind|name) by Bayes' rule."""
    counts = weights or {kind: [1] * len(names) for kind, names in TRAINING.items()}
    joint = []
    for kind, names in TRAINING.items():
        share = sum(counts[kind]) / sum(map(sum, counts.values()))
        scaled = [w * len(names) / sum(counts[kind]) for w in counts[kind]]
        joint.append(share * np.exp(-bigram_nats(names, name, scaled)))
    return np.array(joint) / sum(joint)


def test_probabilities_follow_bayes_rule():
    bayes = NGramBayes(encode(TRAINING), len(VOCABULARY), 3, order=2)
    names = [name for of_kind in HELD_OUT.values() for name in of_kind]
    found = bayes.log_probabilities(encode(HELD_OUT))
    assert found.shape == (2, 6, 3)
    for row, name in zip(found[1], names, strict=True):
        np.testing.assert_allclose(np.exp(row), expected(name), rtol=1e-10)


def test_weights_count():
    weights = {"x": [3, 1, 2], "y": [1, 5], "z": [2]}
    flat = [weight for of_kind in weights.values() for weight in of_kind]
    bayes = NGramBayes(encode(TRAINING), len(VOCABULARY), 3, order=2, weights=flat)
    found = bayes.log_probabilities(encode({"x": ["cab"]}))
    np.testing.assert_allclose(np.exp(found[1, 0]), expected("cab", weights), rtol=1e-10)


@pytest.mark.parametrize("at_once", [1, 30, 1 << 22])
def test_losses_are_means_over_names(monkeypatch, at_once):
    monkeypatch.setattr(kind_baselines, "_ENTRIES", at_once)
    bayes = NGramBayes(encode(TRAINING), len(VOCABULARY), 3)
    losses = bayes.losses(encode(HELD_OUT))
    assert len(losses) == 5
    found = [expected(name) for of_kind in HELD_OUT.values() for name in of_kind]
    kinds = [i for i, of_kind in enumerate(HELD_OUT.values()) for _ in of_kind]
    nats = [-log(row[kind]) for row, kind in zip(found, kinds, strict=True)]
    right = [row.argmax() == kind for row, kind in zip(found, kinds, strict=True)]
    assert losses[1].nats_per_name == pytest.approx(np.mean(nats))
    assert losses[1].accuracy == pytest.approx(np.mean(right))


def test_can_be_interrupted_between_parts():
    calls = 0

    def stop():
        nonlocal calls
        calls += 1
        if calls == 8:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        NGramBayes(encode(TRAINING), len(VOCABULARY), 3, between_parts=stop)
    calls = -30
    bayes = NGramBayes(encode(TRAINING), len(VOCABULARY), 3, between_parts=stop)
    calls = 3
    with pytest.raises(InterruptedError):
        bayes.losses(encode(HELD_OUT))


def test_the_largest_kind_is_told_without_reading():
    loss = largest_kind_loss(encode(TRAINING), encode(HELD_OUT | {"z": ["a"]}), 3)
    assert loss.accuracy == pytest.approx(2 / 5)
    nats = [log(2), log(2), log(3), log(3), log(6)]
    assert loss.nats_per_name == pytest.approx(np.mean(nats))


def test_the_largest_kind_by_weights():
    loss = largest_kind_loss(encode(TRAINING), encode({"x": ["a"]}), 3, [1, 1, 1, 4, 4, 1])
    assert loss.accuracy == 0.0
    assert loss.nats_per_name == pytest.approx(log(4))


def test_each_kind_needs_a_training_name():
    with pytest.raises(ValueError, match="training must have names of each of 4 kinds"):
        NGramBayes(encode(TRAINING), len(VOCABULARY), 4)
    with pytest.raises(ValueError, match="names must have kinds"):
        largest_kind_loss(VOCABULARY.encode_all(["a"]), encode(HELD_OUT), 3)
