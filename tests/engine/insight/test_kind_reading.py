import numpy as np
import pytest

from engine.data.vocabulary import Vocabulary
from engine.insight import kind_reading
from engine.nn.classifier import log_probabilities_of_names
from engine.training.messages import Snapshot

VOCABULARY = Vocabulary.from_names(["abcd"])


@pytest.fixture(params=[False, True], ids=["one", "both"])
def parameters(make_parameters, request):
    return make_parameters(
        5, 4, 3, cell="lstm", n_kinds=3, task="tell", both_directions=request.param
    )


def read(parameters, name):
    snapshot = Snapshot(1, parameters, VOCABULARY, None, kinds=("x", "y", "z"))
    return kind_reading(snapshot, VOCABULARY.encode(name + "\n"))


def told(parameters, name):
    """Return the log-probabilities of one name, told by itself."""
    return log_probabilities_of_names(parameters, VOCABULARY.encode_all([name]))[0]


def test_says_after_each_letter_what_it_says_of_the_beginning(parameters):
    reading = read(parameters, "dabba")
    assert reading.probabilities.shape == (6, 3)
    for count, row in enumerate(reading.log_probabilities):
        np.testing.assert_allclose(row, told(parameters, "dabba"[:count]), rtol=1e-10)
    np.testing.assert_allclose(reading.probabilities.sum(axis=1), 1.0)
    assert reading.told == told(parameters, "dabba").argmax()


def test_a_letters_effect_is_that_of_leaving_it_out(parameters):
    reading = read(parameters, "abc")
    whole = told(parameters, "abc")
    left = [told(parameters, name) for name in ("bc", "ac", "ab")]
    for kind in range(3):
        expected = [whole[kind] - without[kind] for without in left]
        np.testing.assert_allclose(reading.letter_effects(kind), expected, rtol=1e-9)


def test_a_letter_that_decides_stands_out(make_parameters):
    parameters = make_parameters(5, 1, 0, scale=0.0, cell="rnn", n_kinds=2, task="tell")
    (layer,) = parameters.layers
    layer.V[VOCABULARY.encode("c")] = 5.0  # the only letter that moves the state,
    layer.U[:] = 5.0  # which stays
    parameters.Wya[:] = [[-3.0], [3.0]]
    reading = read(parameters, "abcda")
    assert reading.told == 1
    effects = reading.letter_effects(1)
    assert effects[2] == pytest.approx(np.log(2), abs=0.01)
    np.testing.assert_allclose(np.delete(effects, 2), 0.0, atol=1e-3)


def test_no_letters_are_read_too(parameters):
    reading = read(parameters, "")
    assert reading.probabilities.shape == (1, 3)
    assert reading.letter_effects(reading.told).shape == (0,)
    np.testing.assert_allclose(reading.log_probabilities[0], told(parameters, ""))


def test_results_cannot_be_changed(parameters):
    reading = read(parameters, "ab")
    for array in (reading.log_probabilities, reading.without):
        assert not array.flags.writeable


def test_numbers_that_are_not_finite_are_handed_on(parameters):
    parameters.Wya[:] = np.nan
    assert np.isnan(read(parameters, "ab").probabilities).all()


def test_a_network_that_writes_tells_no_kinds(make_parameters):
    with pytest.raises(ValueError, match="task must be 'tell'"):
        read(make_parameters(5, 4, 3), "ab")
