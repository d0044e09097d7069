import math

import numpy as np
import pytest

from engine.data.vocabulary import END, UnknownSymbolError, Vocabulary
from engine.nn.network import loss_of_names
from engine.reference.dinosaurus import rnn_step_forward
from engine.sampling.decoding import DecodingStrategy, SamplingError
from engine.sampling.scoring import next_letter_probabilities, score_names

NAMES = ["bad", "a", "", "deadbeef", "cab", "bad"]


@pytest.fixture
def vocabulary():
    return Vocabulary.from_names(["abcdef"])


@pytest.fixture
def probabilities_by_the_reference(to_course, vocabulary):
    """Return a function that gives the probabilities after each letter of a text."""

    def compute(parameters, text):
        course, a = to_course(parameters), np.zeros((parameters.layers[0].n_a, 1))
        found = []
        for x in [np.zeros((7, 1)), *np.eye(7)[vocabulary.encode(text)][:, :, None]]:
            a, y_hat = rnn_step_forward(course, a, x)
            found.append(y_hat.ravel())
        return found

    return compute


def test_a_score_is_the_reference_s_letter_by_letter(
    make_parameters, vocabulary, probabilities_by_the_reference
):
    parameters = make_parameters(7, 9, seed=1)
    found = score_names(parameters, vocabulary, NAMES)
    assert [scored.name for scored in found] == NAMES
    for scored in found:
        p = probabilities_by_the_reference(parameters, scored.name)
        targets = vocabulary.encode(scored.name + END)
        expected = [-math.log(p[t][symbol]) for t, symbol in enumerate(targets)]
        assert scored.surprisals == pytest.approx(expected, rel=1e-12)
        assert scored.nats_per_character == pytest.approx(np.mean(expected))


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("widths", "embedding"), [((6,), None), ((6, 5, 4), 3)])
def test_every_network_scores_as_its_loss_says(
    make_parameters, vocabulary, cell, dtype, widths, embedding
):
    parameters = make_parameters(7, widths, 2, cell=cell, dtype=dtype, embedding=embedding)
    loss = loss_of_names(parameters, vocabulary.encode_all(NAMES)).nats_per_name
    found = sum(sum(scored.surprisals) for scored in score_names(parameters, vocabulary, NAMES))
    assert found / len(NAMES) == pytest.approx(loss, rel=1e-12 if dtype == "float64" else 1e-5)
    for name in NAMES[:3]:
        (scored,) = score_names(parameters, vocabulary, [name])
        for t, symbol in enumerate(vocabulary.encode(name + END)):
            p = next_letter_probabilities(parameters, vocabulary, name[:t])
            assert -math.log(p[symbol]) == pytest.approx(scored.surprisals[t], rel=1e-5)


def test_many_names_are_scored_in_pieces(make_parameters, vocabulary, monkeypatch):
    parameters = make_parameters(7, 5, seed=3)
    whole = score_names(parameters, vocabulary, NAMES)
    monkeypatch.setattr("engine.sampling.scoring._AT_ONCE", 2)
    in_pieces = score_names(parameters, vocabulary, NAMES)
    assert [scored.name for scored in in_pieces] == NAMES
    for one, other in zip(whole, in_pieces, strict=True):
        assert one.surprisals == pytest.approx(other.surprisals)
    assert score_names(parameters, vocabulary, []) == []


def test_the_next_letter_is_the_reference_s(
    make_parameters, vocabulary, probabilities_by_the_reference
):
    parameters = make_parameters(7, 9, seed=4)
    for text in ("", "f", "bad"):
        p = probabilities_by_the_reference(parameters, text)[-1]
        assert next_letter_probabilities(parameters, vocabulary, text) == pytest.approx(p)
        warm = p**0.5 / (p**0.5).sum()
        assert next_letter_probabilities(
            parameters, vocabulary, text, DecodingStrategy(2.0)
        ) == pytest.approx(warm)
        best = next_letter_probabilities(
            parameters, vocabulary, text, DecodingStrategy(greedy=True)
        )
        assert best.tolist() == np.eye(7)[p.argmax()].tolist()


def test_unknown_letters_and_invalid_parameters_are_refused(make_parameters, vocabulary):
    parameters = make_parameters(7, 9, seed=5)
    with pytest.raises(UnknownSymbolError, match="never seen the letter “z”"):
        score_names(parameters, vocabulary, ["bad", "baz"])
    with pytest.raises(UnknownSymbolError, match="never seen the letter “z”"):
        next_letter_probabilities(parameters, vocabulary, "z")
    parameters.by[0] = math.nan
    for call in (
        lambda: score_names(parameters, vocabulary, ["bad"]),
        lambda: next_letter_probabilities(parameters, vocabulary, "b"),
    ):
        with pytest.raises(SamplingError, match="not finite numbers"):
            call()
