"""Fixtures of the insight tests: snapshots, and a name read by the course's functions."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from engine.data.vocabulary import Vocabulary
from engine.reference.gru import gru_cell_forward
from engine.reference.lstm import lstm_cell_forward
from engine.reference.rnn import rnn_cell_forward
from engine.training.messages import Snapshot


@pytest.fixture(scope="session")
def make_snapshot(make_parameters):
    """Return a function that makes a random network over END, a, b, ..., biases included."""

    def make(widths=(5,), n_symbols=6, seed=1, **more):
        letters = Vocabulary.from_names(chr(ord("a") + k) for k in range(n_symbols - 1))
        parameters = make_parameters(n_symbols, widths, seed, **more).frozen_copy()
        return Snapshot(7, parameters, letters, None)

    return make


@pytest.fixture(scope="session")
def spoil():
    """Return a function that sets one entry of a parameter of a snapshot."""

    def put(snapshot, name, value):
        parameters = snapshot.parameters.copy()
        parameters.named[name].flat[0] = value
        return replace(snapshot, parameters=parameters.frozen_copy())

    return put


@pytest.fixture(scope="session")
def by_course():
    """Return a function that reads a name step by step with the course's functions.

    `nudge` is (layer, t, "a" or "c", vector), counted from 0; the vector is added to that state.
    `first` is the symbol read first; if absent, the first input is zero.
    Returns losses (T,), y_hat (T, n_y), and for each layer a dict of quantities (T, n_a).
    """

    def compute(parameters, Y, nudge=None, first=None):
        cell, count = parameters.architecture.cell, len(parameters.layers)
        names = [_course_names(parameters, place) for place in range(count)]
        states = [(np.zeros((layer.n_a, 1)),) * 2 for layer in parameters.layers]
        letters = np.eye(len(parameters.by)) if parameters.E is None else parameters.E
        found, y_hat = [[] for _ in range(count)], []
        for t in range(len(Y)):
            read = Y[t - 1] if t else first
            x = np.zeros((letters.shape[1], 1)) if read is None else letters[read][:, None]
            for place in range(count):
                wanted = nudge if nudge is not None and nudge[:2] == (place, t) else None
                x, c, y, seen = _STEPS[cell](x, states[place], names[place], wanted)
                states[place] = x, c
                found[place].append(seen)
            y_hat.append(y.ravel())
        losses = -np.log([y[k] for y, k in zip(y_hat, Y, strict=True)])
        layers = [
            {key: np.array([step[key].ravel() for step in steps]) for key in steps[0]}
            for steps in found
        ]
        return SimpleNamespace(losses=losses, y_hat=np.array(y_hat), layers=layers)

    return compute


def _course_names(parameters, place):
    """Return a layer's parameters in the reference's shapes; a lower one has no output."""
    layer, is_top = parameters.layers[place], place == len(parameters.layers) - 1
    named = {name: array.reshape(len(array), -1) for name, array in layer.named.items()}
    Wy = parameters.Wya if is_top else np.zeros((1, layer.n_a))
    by = parameters.by[:, None] if is_top else np.zeros((1, 1))
    return named | {"Wya" if parameters.architecture.cell == "rnn" else "Wy": Wy, "by": by}


def _output(a, named):
    z = named.get("Wya", named.get("Wy")) @ a + named["by"]
    return np.exp(z - z.max()) / np.exp(z - z.max()).sum()


def _add(nudge, key, state):
    return state + nudge[3][:, None] if nudge and nudge[2] == key else state


def _rnn_step(x, state, named, nudge):
    a = _add(nudge, "a", rnn_cell_forward(x, state[0], named)[0])
    return a, a, _output(a, named), {"a": a}


def _gru_step(x, state, named, nudge):
    c, _, cache = gru_cell_forward(x, state[0], named)
    c = _add(nudge, "a", c)
    _, _, u, r, c_tilde, _, _ = cache
    return c, c, _output(c, named), {"a": c, "Gamma_u": u, "Gamma_r": r, "c_tilde": c_tilde}


def _lstm_step(x, state, named, nudge):
    a_prev, c_prev = state
    _, c, _, cache = lstm_cell_forward(x, a_prev, c_prev, named)
    _, _, _, _, f, i, c_tilde, o, _, _ = cache
    c = _add(nudge, "c", c)
    a = _add(nudge, "a", o * np.tanh(c))
    gates = {"Gamma_f": f, "Gamma_i": i, "Gamma_o": o, "c_tilde": c_tilde}
    return a, c, _output(a, named), {"a": a, "c": c} | gates


_STEPS = {"rnn": _rnn_step, "gru": _gru_step, "lstm": _lstm_step}
