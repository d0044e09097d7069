"""The basic recurrent network, step by step and over a sequence, forward and backward.

Shapes: x is (n_x, m, T_x) for m examples of T_x steps, a (n_a, m, T_x), y_pred (n_y, m, T_x);
xt, a_prev and yt_pred are those of one step. `parameters` is a dict of Wax (n_a, n_x),
Waa (n_a, n_a), Wya (n_y, n_a), ba (n_a, 1) and by (n_y, 1).

The backward functions begin at the gradient of the states; the output layer is not part of them.

Source: the programming assignment "Building your Recurrent Neural Network - Step by Step" of the
Deep Learning Specialization's fifth course, Sequence Models.
"""

from typing import TypeAlias

import numpy as np

from engine.reference.functions import Array, Gradients, Parameters, require_shapes, softmax

Cache: TypeAlias = tuple[Array, Array, Array, Parameters]
Caches: TypeAlias = tuple[list[Cache], Array]

_SHAPES = {
    "ba": "n_a, 1",
    "by": "n_y, 1",
    "Wax": "n_a, n_x",
    "Waa": "n_a, n_a",
    "Wya": "n_y, n_a",
}


def rnn_cell_forward(
    xt: Array, a_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Cache]:
    """Make one step: a<t> = tanh(Wax x<t> + Waa a<t-1> + ba), y<t> = softmax(Wya a<t> + by).

    Parameters
    ----------
    xt : (n_x, m) array
    a_prev : (n_a, m) array
    parameters : dict

    Returns
    -------
    a_next : (n_a, m) array
    yt_pred : (n_y, m) array
        Probabilities.
    cache : tuple
        (a_next, a_prev, xt, parameters), for `rnn_cell_backward`.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    shapes = _SHAPES | {"a_prev": "n_a, m", "xt": "n_x, m"}
    require_shapes(shapes, {**parameters, "a_prev": a_prev, "xt": xt})
    Wax, Waa, Wya = parameters["Wax"], parameters["Waa"], parameters["Wya"]
    a_next = np.tanh(np.dot(Wax, xt) + np.dot(Waa, a_prev) + parameters["ba"])  # (n_a, m)
    yt_pred = softmax(np.dot(Wya, a_next) + parameters["by"])  # (n_y, m)
    return a_next, yt_pred, (a_next, a_prev, xt, parameters)


def rnn_forward(x: Array, a0: Array, parameters: Parameters) -> tuple[Array, Array, Caches]:
    """Read a sequence: a<t>, y<t> = rnn_cell_forward(x<t>, a<t-1>) for t = 1 to T_x.

    Parameters
    ----------
    x : (n_x, m, T_x) array
    a0 : (n_a, m) array
    parameters : dict

    Returns
    -------
    a : (n_a, m, T_x) array
    y_pred : (n_y, m, T_x) array
        Probabilities.
    caches : tuple
        (list of the steps' caches, x), for `rnn_backward`.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    shapes = _SHAPES | {"a0": "n_a, m", "x": "n_x, m, T_x"}
    require_shapes(shapes, {**parameters, "a0": a0, "x": x})
    _, m, T_x = x.shape
    n_y, n_a = parameters["Wya"].shape
    a = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    caches = []
    a_next = a0
    for t in range(T_x):
        a_next, yt_pred, cache = rnn_cell_forward(x[:, :, t], a_next, parameters)
        a[:, :, t] = a_next  # (n_a, m)
        y_pred[:, :, t] = yt_pred  # (n_y, m)
        caches.append(cache)
    return a, y_pred, (caches, x)


def rnn_cell_backward(da_next: Array, cache: Cache) -> Gradients:
    """Go back one step: dz = (1 - a<t> * a<t>) * da<t>.

    Parameters
    ----------
    da_next : (n_a, m) array
        The gradient of a_next.
    cache : tuple
        From `rnn_cell_forward`.

    Returns
    -------
    dict
        dxt (n_x, m), da_prev (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    a_next, a_prev, xt, parameters = cache
    shapes = {"a_next": "n_a, m", "da_next": "n_a, m"}
    require_shapes(shapes, {"a_next": a_next, "da_next": da_next})
    dz = (1 - a_next * a_next) * da_next  # (n_a, m)
    return {
        "dxt": np.dot(parameters["Wax"].T, dz),  # (n_x, m)
        "da_prev": np.dot(parameters["Waa"].T, dz),  # (n_a, m)
        "dWax": np.dot(dz, xt.T),  # (n_a, n_x)
        "dWaa": np.dot(dz, a_prev.T),  # (n_a, n_a)
        "dba": np.sum(dz, axis=1, keepdims=True),  # (n_a, 1)
    }


def rnn_backward(da: Array, caches: Caches) -> Gradients:
    """Go back through a sequence: step t receives da<t> + da_prev of step t + 1.

    Parameters
    ----------
    da : (n_a, m, T) array
        The gradient of a. Where T is less than T_x, only the first T steps count.
    caches : tuple
        From `rnn_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T), da0 (n_a, m), dWax (n_a, n_x), dWaa (n_a, n_a), dba (n_a, 1).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    steps, x = caches
    a1, _, _, parameters = steps[0]
    shapes = {"a1": "n_a, m", "x": "n_x, m, T_x", "da": "n_a, m, <= T_x"}
    require_shapes(shapes, {"a1": a1, "x": x, "da": da})
    n_a, m, T = da.shape
    dx = np.zeros((x.shape[0], m, T))
    da_prevt = np.zeros((n_a, m))
    summed = {"d" + name: np.zeros(parameters[name].shape) for name in ("Wax", "Waa", "ba")}
    for t in reversed(range(T)):
        gradients = rnn_cell_backward(da[:, :, t] + da_prevt, steps[t])
        da_prevt = gradients["da_prev"]  # (n_a, m)
        dx[:, :, t] = gradients["dxt"]  # (n_x, m)
        for name in summed:
            summed[name] += gradients[name]
    return {"dx": dx, "da0": da_prevt, **summed}
