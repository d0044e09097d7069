"""Dinosaurus Island: a character-level language model, function by function as in the course.

Shapes: a one-hot x is (n_x, 1), a state a is (n_a, 1), probabilities y_hat are (n_y, 1).
`parameters` is a dict of Wax (n_a, n_x), Waa (n_a, n_a), Wya (n_y, n_a), b (n_a, 1) and
by (n_y, 1); `gradients` holds dWax, dWaa, dWya, db and dby.

Unlike the course's, no function here touches NumPy's global random state.

Source: the programming assignment "Dinosaurus Island" of the Deep Learning Specialization's
fifth course, Sequence Models.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from engine.reference.functions import Array, Parameters
from engine.reference.functions import softmax as softmax  # the course offers it here as well

Cache: TypeAlias = tuple[dict[int, Array], dict[int, Array], dict[int, Array]]

_MAX_LETTERS = 50


def smooth(loss: float, cur_loss: float) -> float:
    """Return the moving average: 0.999 loss + 0.001 cur_loss."""
    return loss * 0.999 + cur_loss * 0.001


def get_initial_loss(vocab_size: int, seq_length: int) -> float:
    """Return the loss of guessing, in nats: -ln(1 / vocab_size) seq_length."""
    return float(-np.log(1.0 / vocab_size) * seq_length)


def initialize_parameters(n_a: int, n_x: int, n_y: int) -> Parameters:
    """Draw weights of 0.01 x normal from the legacy generator with seed 1; biases are zero."""
    random = np.random.RandomState(1)
    Wax = random.randn(n_a, n_x) * 0.01
    Waa = random.randn(n_a, n_a) * 0.01
    Wya = random.randn(n_y, n_a) * 0.01
    b = np.zeros((n_a, 1))
    by = np.zeros((n_y, 1))
    return {"Wax": Wax, "Waa": Waa, "Wya": Wya, "b": b, "by": by}


def rnn_step_forward(parameters: Parameters, a_prev: Array, x: Array) -> tuple[Array, Array]:
    """Make one step: a<t> = tanh(Wax x + Waa a<t-1> + b), p<t> = softmax(Wya a<t> + by)."""
    Waa, Wax, Wya = parameters["Waa"], parameters["Wax"], parameters["Wya"]
    a_next = np.tanh(np.dot(Wax, x) + np.dot(Waa, a_prev) + parameters["b"])  # (n_a, 1)
    p_t = softmax(np.dot(Wya, a_next) + parameters["by"])  # (n_y, 1)
    return a_next, p_t


def rnn_forward(
    X: Sequence[int | None], Y: Sequence[int], a0: Array, parameters: Parameters
) -> tuple[float, Cache]:
    """Read a name, and return its loss, L = -sum over t of ln y_hat<t>[Y[t]].

    Parameters
    ----------
    X : sequence of int or None
        The inputs, as indices; None is the zero vector.
    Y : sequence of int
        The targets, as indices; as many.
    a0 : (n_a, 1) array
    parameters : dict

    Returns
    -------
    loss : float
        In nats.
    cache : tuple of dict
        y_hat, a and x by time step; a also at -1.
    """
    n_x = parameters["Wax"].shape[1]
    x: dict[int, Array] = {}
    a: dict[int, Array] = {-1: np.copy(a0)}
    y_hat: dict[int, Array] = {}
    loss = 0.0
    for t, index in enumerate(X):
        x[t] = np.zeros((n_x, 1))
        if index is not None:
            x[t][index] = 1
        a[t], y_hat[t] = rnn_step_forward(parameters, a[t - 1], x[t])
        loss -= float(np.log(y_hat[t][Y[t], 0]))
    return loss, (y_hat, a, x)


def rnn_step_backward(
    dy: Array, gradients: Parameters, parameters: Parameters, x: Array, a: Array, a_prev: Array
) -> Parameters:
    """Go back one step: add to the gradients, which also hold da_next (n_a, 1)."""
    gradients["dWya"] += np.dot(dy, a.T)  # (n_y, n_a)
    gradients["dby"] += dy  # (n_y, 1)
    da = np.dot(parameters["Wya"].T, dy) + gradients["da_next"]  # (n_a, 1)
    daraw = (1 - a * a) * da  # (n_a, 1), through tanh
    gradients["db"] += daraw
    gradients["dWax"] += np.dot(daraw, x.T)  # (n_a, n_x)
    gradients["dWaa"] += np.dot(daraw, a_prev.T)  # (n_a, n_a)
    gradients["da_next"] = np.dot(parameters["Waa"].T, daraw)  # (n_a, 1)
    return gradients


def rnn_backward(
    X: Sequence[int | None], Y: Sequence[int], parameters: Parameters, cache: Cache
) -> tuple[Parameters, dict[int, Array]]:
    """Go back through a name.

    Parameters
    ----------
    X, Y, parameters
        As in `rnn_forward`, which made the cache.
    cache : tuple

    Returns
    -------
    gradients : dict
        dWax, dWaa, dWya, db, dby, and da_next (n_a, 1), the gradient of a0.
    a : dict
        The states by time step.
    """
    y_hat, a, x = cache
    Waa, Wax, Wya = parameters["Waa"], parameters["Wax"], parameters["Wya"]
    gradients = {
        "dWax": np.zeros_like(Wax),
        "dWaa": np.zeros_like(Waa),
        "dWya": np.zeros_like(Wya),
        "db": np.zeros_like(parameters["b"]),
        "dby": np.zeros_like(parameters["by"]),
        "da_next": np.zeros_like(a[0]),
    }
    for t in reversed(range(len(X))):
        dy = np.copy(y_hat[t])
        dy[Y[t]] -= 1  # (n_y, 1), dL/dz = y_hat - y
        gradients = rnn_step_backward(dy, gradients, parameters, x[t], a[t], a[t - 1])
    return gradients, a


def update_parameters(parameters: Parameters, gradients: Parameters, lr: float) -> Parameters:
    """Make a step of gradient descent: parameters -= lr * gradients, in place."""
    for name in ("Wax", "Waa", "Wya", "b", "by"):
        parameters[name] += -lr * gradients["d" + name]
    return parameters


def clip(gradients: Parameters, maxValue: float) -> Parameters:
    """Return the gradients with each entry clipped to [-maxValue, maxValue], as new arrays."""
    names = ("dWaa", "dWax", "dWya", "db", "dby")
    return {name: np.clip(gradients[name], -maxValue, maxValue) for name in names}


def sample(parameters: Parameters, char_to_ix: dict[str, int], seed: int) -> list[int]:
    """Sample one name, letter by letter.

    Returns
    -------
    list of int
        Indices; the last is that of the newline, which is appended after 50 letters.
    """
    vocab_size, n_a = parameters["by"].shape[0], parameters["Waa"].shape[1]
    x = np.zeros((vocab_size, 1))
    a_prev = np.zeros((n_a, 1))
    indices: list[int] = []
    idx = -1
    counter = 0
    newline_character = char_to_ix["\n"]
    while idx != newline_character and counter != _MAX_LETTERS:
        a_prev, y = rnn_step_forward(parameters, a_prev, x)
        random = np.random.RandomState(counter + seed)
        idx = int(random.choice(range(vocab_size), p=y.ravel()))
        indices.append(idx)
        x = np.zeros((vocab_size, 1))
        x[idx] = 1
        seed += 1
        counter += 1
    if counter == _MAX_LETTERS:
        indices.append(newline_character)
    return indices


def optimize(
    X: Sequence[int | None],
    Y: Sequence[int],
    a_prev: Array,
    parameters: Parameters,
    learning_rate: float = 0.01,
) -> tuple[float, Parameters, Array]:
    """Make one step: forward, backward, clip at 5, update `parameters` in place.

    Returns
    -------
    loss : float
        In nats, before the update.
    gradients : dict
        Clipped.
    a_last : (n_a, 1) array
        The state after the last character.
    """
    loss, cache = rnn_forward(X, Y, a_prev, parameters)
    gradients, a = rnn_backward(X, Y, parameters, cache)
    gradients = clip(gradients, 5)
    update_parameters(parameters, gradients, learning_rate)
    return loss, gradients, a[len(X) - 1]


def model(
    data: Sequence[str],
    ix_to_char: dict[int, str],
    char_to_ix: dict[str, int],
    num_iterations: int = 35000,
    n_a: int = 50,
    dino_names: int = 7,
    vocab_size: int = 27,
) -> Parameters:
    """Train on a list of names, and print the loss and some names every 2,000 iterations.

    Parameters
    ----------
    data : sequence of str
        The lines of the file; lower-cased and stripped here.
    ix_to_char, char_to_ix : dict
        The vocabulary in both directions.

    Returns
    -------
    dict
        The parameters.
    """
    parameters = initialize_parameters(n_a, vocab_size, vocab_size)
    loss = get_initial_loss(vocab_size, dino_names)
    examples = [line.lower().strip() for line in data]
    np.random.RandomState(0).shuffle(examples)
    a_prev = np.zeros((n_a, 1))
    for j in range(num_iterations):
        name = [char_to_ix[character] for character in examples[j % len(examples)]]
        X: list[int | None] = [None, *name]
        Y = [*name, char_to_ix["\n"]]
        curr_loss, _, a_prev = optimize(X, Y, a_prev, parameters)
        loss = smooth(loss, curr_loss)
        if j % 2000 == 0:
            print(f"Iteration: {j}, Loss: {loss:f}\n")
            for seed in range(dino_names):
                letters = [ix_to_char[ix] for ix in sample(parameters, char_to_ix, seed)]
                text = "".join(letters)
                print(text[0].upper() + text[1:], end="")
            print("\n")
    return parameters
