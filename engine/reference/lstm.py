"""Long short-term memory, step by step and over a sequence, forward and backward.

Shapes: x is (n_x, m, T_x) for m examples of T_x steps, a and c (n_a, m, T_x), y (n_y, m, T_x);
xt, a_prev, c_prev and yt_pred are those of one step. `parameters` is a dict of the weights Wf, Wi,
Wc and Wo (n_a, n_a + n_x), which act on [a_prev; xt], their biases bf, bi, bc and bo (n_a, 1), and
the output layer Wy (n_y, n_a) and by (n_y, 1). Elsewhere Wy is called Wya.

The backward functions begin at the gradient of the states; the output layer is not part of them.
They carry both da_prev and dc_prev from step to step, which finite differences confirm.

Source: the programming assignment "Building your Recurrent Neural Network - Step by Step" of the
Deep Learning Specialization's fifth course, Sequence Models.
"""

from typing import TypeAlias

import numpy as np

from engine.reference.functions import (
    Array,
    Gradients,
    Parameters,
    require_shapes,
    sigmoid,
    softmax,
)

Cache: TypeAlias = tuple[Array, Array, Array, Array, Array, Array, Array, Array, Array, Parameters]
Caches: TypeAlias = tuple[list[Cache], Array]

_SHAPES = {
    "bf": "n_a, 1",
    "bi": "n_a, 1",
    "bc": "n_a, 1",
    "bo": "n_a, 1",
    "by": "n_y, 1",
    "Wf": "n_a, n_a + n_x",
    "Wi": "n_a, n_a + n_x",
    "Wc": "n_a, n_a + n_x",
    "Wo": "n_a, n_a + n_x",
    "Wy": "n_y, n_a",
}


def lstm_cell_forward(
    xt: Array, a_prev: Array, c_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Array, Cache]:
    """Make one step: c<t> = ft * c<t-1> + it * cct, a<t> = ot * tanh(c<t>).

    The gates are ft = sigmoid(Wf [a<t-1>; x<t>] + bf) and likewise it and ot; the candidate is
    cct = tanh(Wc [a<t-1>; x<t>] + bc), the output y<t> = softmax(Wy a<t> + by).

    Parameters
    ----------
    xt : (n_x, m) array
    a_prev : (n_a, m) array
    c_prev : (n_a, m) array
    parameters : dict

    Returns
    -------
    a_next : (n_a, m) array
    c_next : (n_a, m) array
    yt_pred : (n_y, m) array
        Probabilities.
    cache : tuple
        (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters), for
        `lstm_cell_backward`.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    shapes = _SHAPES | {"a_prev": "n_a, m", "c_prev": "n_a, m", "xt": "n_x, m"}
    require_shapes(shapes, {**parameters, "a_prev": a_prev, "c_prev": c_prev, "xt": xt})
    concat = np.concatenate((a_prev, xt))  # (n_a + n_x, m)
    ft = sigmoid(np.dot(parameters["Wf"], concat) + parameters["bf"])  # (n_a, m), forget gate
    it = sigmoid(np.dot(parameters["Wi"], concat) + parameters["bi"])  # (n_a, m), update gate
    cct = np.tanh(np.dot(parameters["Wc"], concat) + parameters["bc"])  # (n_a, m), candidate
    ot = sigmoid(np.dot(parameters["Wo"], concat) + parameters["bo"])  # (n_a, m), output gate
    c_next = ft * c_prev + it * cct  # (n_a, m)
    a_next = ot * np.tanh(c_next)  # (n_a, m)
    yt_pred = softmax(np.dot(parameters["Wy"], a_next) + parameters["by"])  # (n_y, m)
    cache = (a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters)
    return a_next, c_next, yt_pred, cache


def lstm_forward(x: Array, a0: Array, parameters: Parameters) -> tuple[Array, Array, Array, Caches]:
    """Read a sequence: a<t>, c<t>, y<t> = lstm_cell_forward(x<t>, a<t-1>, c<t-1>), c<0> = 0.

    Parameters
    ----------
    x : (n_x, m, T_x) array
    a0 : (n_a, m) array
    parameters : dict

    Returns
    -------
    a : (n_a, m, T_x) array
    y : (n_y, m, T_x) array
        Probabilities.
    c : (n_a, m, T_x) array
    caches : tuple
        (list of the steps' caches, x), for `lstm_backward`.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    shapes = _SHAPES | {"a0": "n_a, m", "x": "n_x, m, T_x"}
    require_shapes(shapes, {**parameters, "a0": a0, "x": x})
    _, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    a = np.zeros((n_a, m, T_x))
    c = np.zeros((n_a, m, T_x))
    y = np.zeros((n_y, m, T_x))
    caches = []
    a_next = a0
    c_next = np.zeros((n_a, m))
    for t in range(T_x):
        a_next, c_next, yt_pred, cache = lstm_cell_forward(x[:, :, t], a_next, c_next, parameters)
        a[:, :, t] = a_next  # (n_a, m)
        c[:, :, t] = c_next  # (n_a, m)
        y[:, :, t] = yt_pred  # (n_y, m)
        caches.append(cache)
    return a, y, c, (caches, x)


def lstm_cell_backward(da_next: Array, dc_next: Array, cache: Cache) -> Gradients:
    """Go back one step: dc<t> = dc_next + da_next * ot * (1 - tanh(c<t>)^2), then the gates.

    Parameters
    ----------
    da_next : (n_a, m) array
        The gradient of a_next.
    dc_next : (n_a, m) array
        The gradient of c_next, but for what reaches it through a_next.
    cache : tuple
        From `lstm_cell_forward`.

    Returns
    -------
    dict
        dxt (n_x, m), da_prev (n_a, m), dc_prev (n_a, m); dWf, dWi, dWc and dWo (n_a, n_a + n_x);
        dbf, dbi, dbc and dbo (n_a, 1).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    a_next, c_next, a_prev, c_prev, ft, it, cct, ot, xt, parameters = cache
    shapes = {"a_next": "n_a, m", "da_next": "n_a, m", "dc_next": "n_a, m"}
    require_shapes(shapes, {"a_next": a_next, "da_next": da_next, "dc_next": dc_next})
    n_a = a_next.shape[0]
    concat = np.concatenate((a_prev, xt))  # (n_a + n_x, m)
    tanh_c = np.tanh(c_next)  # (n_a, m)
    dc = dc_next + da_next * ot * (1 - tanh_c * tanh_c)  # (n_a, m)
    dft = dc * c_prev * ft * (1 - ft)  # (n_a, m), through sigmoid
    dit = dc * cct * it * (1 - it)  # (n_a, m), through sigmoid
    dcct = dc * it * (1 - cct * cct)  # (n_a, m), through tanh
    dot = da_next * tanh_c * ot * (1 - ot)  # (n_a, m), through sigmoid
    dconcat = (
        np.dot(parameters["Wf"].T, dft)
        + np.dot(parameters["Wi"].T, dit)
        + np.dot(parameters["Wc"].T, dcct)
        + np.dot(parameters["Wo"].T, dot)
    )  # (n_a + n_x, m)
    return {
        "dxt": dconcat[n_a:],  # (n_x, m)
        "da_prev": dconcat[:n_a],  # (n_a, m)
        "dc_prev": dc * ft,  # (n_a, m)
        "dWf": np.dot(dft, concat.T),  # (n_a, n_a + n_x)
        "dbf": np.sum(dft, axis=1, keepdims=True),  # (n_a, 1)
        "dWi": np.dot(dit, concat.T),  # (n_a, n_a + n_x)
        "dbi": np.sum(dit, axis=1, keepdims=True),  # (n_a, 1)
        "dWc": np.dot(dcct, concat.T),  # (n_a, n_a + n_x)
        "dbc": np.sum(dcct, axis=1, keepdims=True),  # (n_a, 1)
        "dWo": np.dot(dot, concat.T),  # (n_a, n_a + n_x)
        "dbo": np.sum(dot, axis=1, keepdims=True),  # (n_a, 1)
    }


def lstm_backward(da: Array, caches: Caches) -> Gradients:
    """Go back through a sequence: step t receives da<t> + da_prev, and dc_prev, of step t + 1.

    Parameters
    ----------
    da : (n_a, m, T) array
        The gradient of a. Where T is less than T_x, only the first T steps count.
    caches : tuple
        From `lstm_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T); da0 (n_a, m); dc_prev (n_a, m), the gradient of c<0>; dWf, dWi, dWc and
        dWo (n_a, n_a + n_x); dbf, dbi, dbc and dbo (n_a, 1).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    steps, x = caches
    a1, parameters = steps[0][0], steps[0][-1]
    shapes = {"a1": "n_a, m", "x": "n_x, m, T_x", "da": "n_a, m, <= T_x"}
    require_shapes(shapes, {"a1": a1, "x": x, "da": da})
    n_a, m, T = da.shape
    names = ("Wf", "bf", "Wi", "bi", "Wc", "bc", "Wo", "bo")
    dx = np.zeros((x.shape[0], m, T))
    da_prevt = np.zeros((n_a, m))
    dc_prevt = np.zeros((n_a, m))
    summed = {"d" + name: np.zeros(parameters[name].shape) for name in names}
    for t in reversed(range(T)):
        gradients = lstm_cell_backward(da[:, :, t] + da_prevt, dc_prevt, steps[t])
        da_prevt = gradients["da_prev"]  # (n_a, m)
        dc_prevt = gradients["dc_prev"]  # (n_a, m)
        dx[:, :, t] = gradients["dxt"]  # (n_x, m)
        for name in summed:
            summed[name] += gradients[name]
    return {"dx": dx, "da0": da_prevt, "dc_prev": dc_prevt, **summed}
