import dataclasses

import numpy as np
import pytest

from engine.nn.architecture import DTYPES, MAX_LAYERS, Architecture
from engine.nn.cells import CELLS
from engine.nn.parameters import Parameters

SIZES = {"rnn": 1, "gru": 3, "lstm": 4}


def course_shapes(cell, n_x, n_a):
    if cell == "rnn":
        return {"Wax": (n_a, n_x), "Waa": (n_a, n_a), "ba": (n_a,)}
    gates = {"gru": "urc", "lstm": "fico"}[cell]
    return {f"W{gate}": (n_a, n_a + n_x) for gate in gates} | {f"b{gate}": (n_a,) for gate in gates}


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"n_symbols": 0}, "n_symbols must be 1 or more, got 0."),
        ({"n_symbols": -2}, "n_symbols must be 1 or more, got -2."),
        ({"cell": "elman"}, "cell must be one of rnn, gru, lstm, got 'elman'."),
        ({"cell": "GRU"}, "cell must be one of rnn, gru, lstm, got 'GRU'."),
        ({"widths": ()}, "widths must name 1 to 4 layers, got ()."),
        ({"widths": (8,) * 5}, "widths must name 1 to 4 layers, got (8, 8, 8, 8, 8)."),
        ({"widths": (0,)}, "widths must be 1 or more, got (0,)."),
        ({"widths": (8, -1)}, "widths must be 1 or more, got (8, -1)."),
        ({"embedding": 0}, "embedding must be 1 or more, or None, got 0."),
        ({"embedding": -3}, "embedding must be 1 or more, or None, got -3."),
        ({"dtype": "float16"}, "dtype must be one of float64, float32, got 'float16'."),
        ({"n_kinds": -1}, "n_kinds must be 0 or more, got -1."),
        ({"n_kinds": 2.0}, "n_kinds must be 0 or more, got 2.0."),
        ({"n_kinds": True}, "n_kinds must be 0 or more, got True."),
        ({"task": "read"}, "task must be one of write, tell, got 'read'."),
        ({"task": "tell"}, "n_kinds must be 2 or more, got 0."),
        ({"task": "tell", "n_kinds": 1}, "n_kinds must be 2 or more, got 1."),
        (
            {"n_kinds": 3, "both_directions": True},
            "both_directions must be False for a network that writes: read from right to left, "
            "a name begins with letters that are not written yet.",
        ),
    ],
    ids=str,
)
def test_values_out_of_bounds_are_named_in_the_error(values, message):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the whole message is compared below
        Architecture(**({"n_symbols": 27} | values))
    assert str(caught.value) == message


def test_values_at_the_bounds_are_allowed():
    assert Architecture(1, "lstm", (1,) * MAX_LAYERS, 1, "float32").widths == (1, 1, 1, 1)


def test_the_default_is_the_courses_network():
    expected = Architecture(27, "rnn", (50,), None, "float64", 0, "write", both_directions=False)
    assert Architecture(27) == expected


def test_an_architecture_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Architecture(27).cell = "gru"


@pytest.mark.parametrize(("embedding", "n_input"), [(None, 27), (5, 5)])
def test_each_layer_reads_the_one_below(embedding, n_input):
    architecture = Architecture(27, "gru", (8, 6, 4), embedding)
    assert architecture.n_input == n_input
    assert architecture.input_widths == (n_input, 8, 6)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("embedding", [None, 5])
@pytest.mark.parametrize("widths", [(8,), (8, 6, 4)], ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_parameters_have_the_shapes_and_type_of_the_architecture(cell, widths, embedding, dtype):
    architecture = Architecture(27, cell, widths, embedding, dtype)
    parameters = Parameters.initial(architecture, np.random.default_rng(0))
    read = architecture.input_widths
    count = sum(
        SIZES[cell] * n_a * (n_a + n_in + 1) for n_a, n_in in zip(widths, read, strict=True)
    )
    count += 27 * (widths[-1] + 1) + 27 * (embedding or 0)
    assert parameters.flat.shape == (count,)
    assert parameters.flat.dtype == architecture.numpy_dtype == np.dtype(dtype)
    for layer, n_a, n_in in zip(parameters.layers, widths, read, strict=True):
        shapes = {name: array.shape for name, array in layer.named.items()}
        assert shapes == course_shapes(cell, n_in, n_a)
        assert (layer.n_a, layer.gates) == (n_a, SIZES[cell])
    parameters.flat[:] = 0.0
    for array in parameters.named.values():
        array += 1.0
    assert (parameters.flat == 1.0).all(), "the names cover the vector once"


@pytest.mark.parametrize("widths", [(8,), (8, 6)], ids=str)
def test_the_forget_bias_of_an_lstm_starts_at_1_and_all_others_at_0(widths):
    for cell in CELLS:
        parameters = Parameters.initial(Architecture(9, cell, widths), np.random.default_rng(0))
        for layer in parameters.layers:
            for name, array in layer.named.items():
                if name.startswith("b"):
                    assert (array == (1.0 if (cell, name) == ("lstm", "bf") else 0.0)).all()
                else:
                    assert len(np.unique(array)) == array.size, name
        assert not parameters.by.any()


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_that_is_told_kinds_has_biases_for_each_of_them_in_each_layer(cell):
    plain = Architecture(27, cell, (8, 6), 5)
    told = dataclasses.replace(plain, n_kinds=18)
    gates = SIZES[cell]
    assert told.shapes == [*plain.shapes, (18, gates * 8), (18, gates * 6)]
    assert told.n_parameters == plain.n_parameters + 18 * gates * 14
    assert (told.n_outputs, told.n_directions, told.input_widths) == (27, 1, (5, 8))


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_that_tells_kinds_has_one_output_for_each(cell):
    plain = Architecture(27, cell, (8, 6))
    tells = dataclasses.replace(plain, n_kinds=18, task="tell")
    assert tells.n_outputs == 18
    assert tells.shapes == [*plain.shapes[:2], (18, 6), (18,)]
    both = dataclasses.replace(tells, both_directions=True)
    assert (both.n_directions, both.input_widths) == (2, (27, 16))
    gates = SIZES[cell]
    blocks = [(8 + 27 + 1, gates * 8), (6 + 16 + 1, gates * 6)]
    assert both.shapes == [*blocks, (18, 12), (18,), *blocks]
    assert both.n_parameters == Parameters(both).flat.size
