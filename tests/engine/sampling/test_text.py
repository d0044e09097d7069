import numpy as np
import pytest

from engine.data.vocabulary import DOCUMENT_END, UnknownSymbolError, Vocabulary
from engine.nn.functions import softmax
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import read_step
from engine.nn.packing import NO_SYMBOL
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


def test_a_prompt_s_line_ends_are_newlines(parameters):
    lines = TextGenerator(parameters, VOCABULARY, "a\r\nbet\r", seed=1)
    assert lines.text == "a\nbet\n"
    assert lines.write(20) == TextGenerator(parameters, VOCABULARY, "a\nbet\n", seed=1).write(20)


def test_greedy_writes_what_is_likeliest(parameters):
    writer = TextGenerator(parameters, VOCABULARY, PROMPT, greedy=True, seed=9)
    for _ in range(20):
        expected = VOCABULARY.symbols[int(predicted(parameters, writer.text).argmax())]
        assert writer.write() == expected


@pytest.mark.parametrize(("top_k", "top_p"), [(2, 1.0), (None, 0.5), (3, 0.6)])
def test_top_k_and_top_p_leave_out_what_is_unlikely(parameters, top_k, top_p):
    writer = TextGenerator(parameters, VOCABULARY, PROMPT, top_k=top_k, top_p=top_p, seed=2)
    for _ in range(25):
        p = predicted(parameters, writer.text)
        order = np.argsort(-p)[: top_k or len(p)]
        kept = p[order] / p[order].sum()
        likely = order[: 1 + np.count_nonzero(kept.cumsum() < top_p)]
        assert VOCABULARY.index_of[writer.write()] in likely


@pytest.mark.parametrize("wrong", [{"top_k": 0}, {"top_p": 0.0}, {"top_p": 1.1}])
def test_a_decoding_that_cannot_be_is_refused(parameters, wrong):
    with pytest.raises(SamplingError):
        TextGenerator(parameters, VOCABULARY, **wrong)


def test_writing_ends_when_what_it_waits_for_is_written(parameters):
    whole = TextGenerator(parameters, VOCABULARY, PROMPT, seed=3).write(200)
    for until in (whole[30], whole[33:35], whole[40:47]):
        writer = TextGenerator(parameters, VOCABULARY, PROMPT, seed=3)
        found = "".join(writer.write_until(200, until))
        assert found == whole[: whole.index(until) + len(until)]
    for until in ("", None, "zebra"):
        writer = TextGenerator(parameters, VOCABULARY, PROMPT, seed=3)
        assert "".join(writer.write_until(200, until)) == whole
    assert not writer.is_at_end


DOCUMENTS = Vocabulary((DOCUMENT_END, "\n", " ", "a", "b", "e", "t"))
BREAK = "\n--\n"


@pytest.fixture
def ending(parameters):
    """Return a network that ends documents often."""
    parameters.by[0] += 2.5
    return parameters


def documents_of(parameters, **options):
    return TextGenerator(parameters, DOCUMENTS, document_break=BREAK, **options)


def test_a_document_begins_with_nothing_before_it_and_ends_with_its_end(ending):
    writer = documents_of(ending, seed=4)
    text, random = "", np.random.default_rng(4)
    states, before = zero_states(ending, 1), NO_SYMBOL
    for _ in range(300):
        states, z = read_step(ending, states, np.array([before]))
        cumulative = softmax(z[0]).cumsum()
        before = int(np.searchsorted(cumulative, random.random() * cumulative[-1], "right"))
        if before == 0:  # the next document knows nothing of this one
            states, before = zero_states(ending, 1), NO_SYMBOL
            text += BREAK
        else:
            text += DOCUMENTS.symbols[before]
    assert BREAK in text
    assert writer.write(300) == text == writer.text
    first = "".join(documents_of(ending, seed=4).write_until(300))
    assert first == text.partition(BREAK)[0]


def test_one_document_ends_before_its_end_mark_and_the_next_call_writes_the_next(ending):
    whole = documents_of(ending, seed=4).write(300).split(BREAK)
    writer = documents_of(ending, seed=4)
    for document in whole[:3]:
        assert "".join(writer.write_until(300)) == document
        assert writer.is_at_end
    assert writer.text == BREAK.join(whole[:3]) + BREAK
    again = documents_of(ending, seed=4)
    assert "".join(again.write_until(300, BREAK.strip())) == whole[0] + BREAK


def test_a_prompt_is_what_a_document_begins_with(parameters):
    states = zero_states(parameters, 1)
    for symbol in (NO_SYMBOL, *DOCUMENTS.encode("a bet")):
        states, z = read_step(parameters, states, np.array([symbol]))
    writer = documents_of(parameters, prompt="a bet", greedy=True)
    assert writer.write() == DOCUMENTS.symbols[int(z[0].argmax())].replace(DOCUMENT_END, BREAK)


def test_in_windows_a_document_follows_the_end_of_another(parameters):
    states = zero_states(parameters, 1)
    for symbol in (0, *DOCUMENTS.encode("ab")):
        states, z = read_step(parameters, states, np.array([symbol]))
    writer = documents_of(parameters, prompt="ab", window=9, greedy=True)
    assert writer.write() == DOCUMENTS.symbols[int(z[0].argmax())].replace(DOCUMENT_END, BREAK)


def test_another_architecture_reads_the_document_again(parameters, make_parameters):
    cell = parameters.architecture.cell
    wider = make_parameters(len(DOCUMENTS), (9, 5), 8, scale=1.0, cell=cell)
    writer = documents_of(parameters, prompt="a bet", seed=1)
    writer.set_parameters(wider)
    assert writer.write(30) == documents_of(wider, prompt="a bet", seed=1).write(30)
