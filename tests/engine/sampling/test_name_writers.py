"""Names written with the compiled kernels are those written with NumPy."""

import numpy as np
import pytest

from engine.data.vocabulary import END_INDEX, Vocabulary
from engine.nn.fast.compiled.kernel_store import KernelsNotReadyError
from engine.sampling.candidates import find_candidates
from engine.sampling.constraints import Constraints
from engine.sampling.decoding import DecodingStrategy
from engine.sampling.name_writers import CompiledWriter, NumpyWriter, name_writer
from engine.sampling.names import sample_batch, sample_names
from engine.sampling.random_streams import MAX_POSITIONS, RandomStreams

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
NETWORKS = pytest.mark.parametrize(
    ("widths", "architecture"),
    [
        ((20,), {}),
        ((9, 14), {}),
        ((16,), {"dtype": "float32"}),
        ((8, 8, 8), {"dtype": "float32", "embedding": 5}),
    ],
    ids=["one layer", "two", "float32", "float32, three, embedded"],
)
STRATEGIES = {
    "plain": {},
    "cold": {"temperature": 0.4},
    "icy": {"temperature": 1e-310},
    "hot": {"temperature": 3.0},
    "greedy": {"greedy": True},
    "top 1": {"top_k": 1},
    "top 4": {"top_k": 4, "temperature": 2.0},
    "all are top": {"top_k": 99},
    "nucleus": {"top_p": 0.7},
    "smallest nucleus": {"top_p": 1e-9},
    "nucleus of the top": {"top_k": 6, "top_p": 0.8, "temperature": 1.5},
}


@pytest.fixture
def network(make_parameters, letters):
    """Return a function that makes a network that writes names of mixed lengths."""

    def make(widths=(20,), seed=1, **architecture):
        parameters = make_parameters(27, widths, seed=seed, scale=0.6, **architecture)
        parameters.by[END_INDEX] = 1.5
        return parameters

    return make


@pytest.fixture
def both(compiled_kernels):
    """Return a function that samples with each backend."""
    return lambda *arguments, **named: [
        sample_names(*arguments, **named, backend=backend) for backend in ("numpy", "compiled")
    ]


@NETWORKS
@CELLS
def test_names_are_those_of_numpy(both, network, letters, cell, widths, architecture):
    parameters = network(widths, cell=cell, **architecture)
    by_numpy, compiled = both(parameters, letters, 400, seed=2)
    differ = sum(map(str.__ne__, by_numpy, compiled))
    assert differ <= (4 if parameters.flat.dtype == np.float32 else 0)
    assert len({len(name) for name in by_numpy}) > 8
    by_numpy, compiled = both(parameters, letters, 50, seed=3, prefix="tri", max_length=9)
    differ = sum(map(str.__ne__, by_numpy, compiled))
    assert differ <= (1 if parameters.flat.dtype == np.float32 else 0)
    assert max(map(len, by_numpy)) == 9


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_letters_are_chosen_as_by_numpy(compiled_kernels, network, strategy, dtype):
    def written(backend):
        return sample_batch(
            network(dtype=dtype),
            np.arange(200),
            np.array([3]),
            streams=RandomStreams(4),
            decoding=DecodingStrategy(**STRATEGIES[strategy]),
            max_length=20,
            backend=backend,
        )

    expected, found = written("numpy"), written("compiled")
    assert_same_names(found, expected, dtype)


def assert_same_names(found, expected, dtype):
    """Compare names; with float32, one in a hundred may differ.

    The networks here have large random weights, which amplify what is rounded at the first letter.
    """
    same = (found.symbols == expected.symbols).all(axis=1)
    assert same.mean() >= (1 if dtype == "float64" else 0.99)
    np.testing.assert_array_equal(found.lengths[same], expected.lengths[same])
    np.testing.assert_array_equal(found.has_ended[same], expected.has_ended[same])


def writer_of(writer, parameters, z, strategy, seed=0):
    z = np.asarray(z, float)
    states = [(np.zeros((1, 20)),)]
    decoding = DecodingStrategy(**strategy)
    return writer(parameters, states, z[:1], len(z), decoding, RandomStreams(seed))


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("n_y", [1, 2, 27, 300])
def test_any_logits_and_any_place_of_the_streams_serve(
    compiled_kernels, make_parameters, strategy, n_y
):
    random, parameters = np.random.default_rng(5), make_parameters(n_y, 20, seed=5)
    logits = random.normal(scale=3, size=(6, n_y)).round(1)  # some are equal
    logits[1:3] = 0.0
    logits[2:4, : n_y - 1] = -np.inf
    for seed, (name, position) in enumerate(((0, 0), (2**31 - 40, MAX_POSITIONS - 1))):
        for z in logits:
            chosen = [
                writer_of(
                    each, parameters, np.tile(z, (30, 1)), STRATEGIES[strategy], 2**64 - 1 - seed
                ).choose(np.arange(name, name + 30), position)
                for each in (NumpyWriter, CompiledWriter)
            ]
            np.testing.assert_array_equal(*chosen)


def test_a_name_does_not_depend_on_its_neighbours(compiled_kernels, network):
    def written(numbers):
        return sample_batch(
            network(),
            np.array(numbers),
            np.empty(0, np.intp),
            streams=RandomStreams(6),
            decoding=DecodingStrategy(top_p=0.9),
            max_length=30,
            backend="compiled",
        ).symbols

    whole = written([*range(40)])
    for numbers in ([7], [39, 3], [0, 20, 21, 38]):
        np.testing.assert_array_equal(written(numbers), whole[numbers])


def test_kernels_serve_where_they_are_loaded(compiled_kernels, unload_kernels, network):
    def taken(**arguments):
        parameters = network()
        start = parameters, [(np.zeros((1, 20)),)], np.zeros((1, 27)), 3, DecodingStrategy()
        return type(name_writer(*start, RandomStreams(0), **arguments))

    assert taken() is CompiledWriter
    assert taken(backend="numpy") is NumpyWriter
    unload_kernels()
    assert taken() is NumpyWriter
    with pytest.raises(KernelsNotReadyError):
        taken(backend="compiled")


def test_a_search_finds_the_same_names(compiled_kernels, unload_kernels, network, letters):
    wishes = Constraints(
        count=20, top_k=9, prefix="a", containing="j", shortest=4, no_repeats=True, seed=7
    )
    results = []
    for _ in range(2):
        *_, found = find_candidates(network(), letters, wishes)
        results.append([(each.name, each.number) for each in found.candidates])
        unload_kernels()
    assert len(results[0]) == 20
    assert results[0] == results[1]


def test_letters_of_several_code_points_are_put_together(both, make_parameters):
    letters = ("\n", "a", "\u0919\u094d", "\U0001f468\u200d\U0001f469\u200d\U0001f467")
    parameters = make_parameters(4, 20, seed=8)
    by_numpy, compiled = both(parameters, Vocabulary(letters), 60, seed=8, max_length=6)
    assert compiled == by_numpy
    assert set("".join(by_numpy)) == set("".join(letters[1:]))
