import numpy as np
import pytest

from engine.data.vocabulary import UnknownSymbolError, Vocabulary
from engine.nn.functions import softmax
from engine.nn.network import read_step, zero_states
from engine.sampling.decoding import SamplingError
from engine.sampling.text import RECALLED, TextGenerator

VOCABULARY = Vocabulary(("\n", " ", "'", "a", "b", "e", "t"))
PROMPT = "a bet\n"


@pytest.fixture(params=["rnn", "gru", "lstm"])
def parameters(request, make_parameters):
    return make_parameters(len(VOCABULARY), (6, 5), 1, scale=1.0, cell=request.param)


def predicted(parameters, text):
    """Return the probabilities of what follows a text, read from its start."""
    states = zero_states(parameters, 1)
    for symbol in VOCABULARY.encode(text):
        states, z = read_step(parameters, states, np.array([symbol]))
    return softmax(z[0])


def test_the_seed_repeats_a_text_however_it_is_divided(parameters):
    whole = TextGenerator(parameters, VOCABULARY, PROMPT, seed=3).write(60)
    writer = TextGenerator(parameters, VOCABULARY, PROMPT, seed=3)
    assert writer.write() + writer.write(20) + writer.write(0) + writer.write(39) == whole
    assert writer.text == PROMPT + whole
    assert TextGenerator(parameters, VOCABULARY, PROMPT, seed=4).write(60) != whole


def test_the_coldest_writes_what_is_likeliest(parameters):
    writer = TextGenerator(parameters, VOCABULARY, PROMPT, temperature=1e-9)
    for _ in range(30):
        expected = VOCABULARY.symbols[int(predicted(parameters, writer.text).argmax())]
        assert writer.write() == expected


def test_symbols_come_as_often_as_they_are_predicted(parameters):
    probability = predicted(parameters, PROMPT) ** 2
    probability /= probability.sum()
    written = [
        TextGenerator(parameters, VOCABULARY, PROMPT, seed=s, temperature=0.5).write()
        for s in range(500)
    ]
    for symbol, expected in zip(VOCABULARY.symbols, probability, strict=True):
        spread = np.sqrt(expected * (1 - expected) / 500)
        assert abs(written.count(symbol) / 500 - expected) < 5 * spread + 1e-9


def test_a_prompt_of_any_length_is_read(parameters):
    long = (PROMPT * 60) + "tab"
    written = TextGenerator(parameters, VOCABULARY, long, temperature=1e-9).write()
    assert written == VOCABULARY.symbols[int(predicted(parameters, long).argmax())]


@pytest.mark.parametrize("window", [1, 2, 5])
def test_with_a_window_nothing_older_is_known(parameters, window):
    writer = TextGenerator(parameters, VOCABULARY, PROMPT[:3], temperature=1e-9, window=window)
    for _ in range(4 * window + 3):
        expected = predicted(parameters, writer.text[-window:]).argmax()
        assert writer.write() == VOCABULARY.symbols[int(expected)]


def test_no_prompt_is_a_newline(parameters):
    silent = TextGenerator(parameters, VOCABULARY, seed=5)
    assert silent.text == ""
    assert silent.write(40) == TextGenerator(parameters, VOCABULARY, "\n", seed=5).write(40)


def test_goes_on_with_newer_parameters_from_the_state_it_is_in(parameters, make_parameters):
    newer = make_parameters(
        len(VOCABULARY), (6, 5), 2, scale=1.0, cell=parameters.architecture.cell
    )
    writer = TextGenerator(parameters, VOCABULARY, PROMPT, temperature=1e-9)
    writer.write(5)
    states = zero_states(parameters, 1)
    for symbol in VOCABULARY.encode(writer.text):
        states, z = read_step(parameters, states, np.array([symbol]))
    writer.set_parameters(newer)
    # The next symbol was predicted already; those after it are the newer network's.
    chosen = VOCABULARY.encode(writer.write())
    assert chosen[0] == z.argmax()
    _, z = read_step(newer, states, chosen)
    assert writer.write() == VOCABULARY.symbols[int(z.argmax())]


def test_a_network_of_another_shape_reads_the_text_again(parameters, make_parameters):
    writer = TextGenerator(parameters, VOCABULARY, PROMPT * 100, temperature=1e-9)
    writer.write(7)
    wider = make_parameters(len(VOCABULARY), 9, 3, scale=1.0)
    read = writer.text[-RECALLED:]
    writer.set_parameters(wider)
    assert writer.write() == VOCABULARY.symbols[int(predicted(wider, read).argmax())]


def test_what_cannot_be_is_refused(parameters, make_parameters):
    for temperature in (0.0, -1.0, np.inf, np.nan):
        with pytest.raises(SamplingError, match="temperature must be a number above 0"):
            TextGenerator(parameters, VOCABULARY, temperature=temperature)
    ruined = parameters.copy()
    ruined.flat[3] = np.nan
    writer = TextGenerator(parameters, VOCABULARY, PROMPT, seed=1)
    with pytest.raises(SamplingError, match="not finite numbers"):
        writer.set_parameters(ruined)
    with pytest.raises(ValueError, match="must be for 7 symbols, got 3"):
        writer.set_parameters(make_parameters(3, 4, 1))
    assert writer.write(9) == TextGenerator(parameters, VOCABULARY, PROMPT, seed=1).write(9)


@pytest.mark.parametrize(
    ("symbol", "nearest"),
    [("B", "b"), ("é", "e"), ("É", "e"), ("’", "'"), ("z", None), ("龍", None)],
)
def test_an_unknown_symbol_comes_with_the_nearest_thing_to_do(parameters, symbol, nearest):
    with pytest.raises(UnknownSymbolError, match=f"never seen the letter “{symbol}”") as caught:
        TextGenerator(parameters, VOCABULARY, "a" + symbol)
    assert caught.value.nearest == nearest
    assert (f"Write “{nearest}” instead." in str(caught.value)) is (nearest is not None)


def test_a_network_of_lower_case_text_lower_cases_the_prompt(parameters):
    assert TextGenerator(parameters, VOCABULARY, "A BET", lower_case=True).text == "a bet"
