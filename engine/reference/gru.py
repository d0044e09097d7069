"""The gated recurrent unit, step by step and over a sequence, forward and backward.

Shapes: x is (n_x, m, T_x) for m examples of T_x steps, c (n_a, m, T_x), y_pred (n_y, m, T_x);
xt, c_prev and yt_pred are those of one step. The state is called c, and a = c. `parameters` is a
dict of the weights Wu, Wr and Wc (n_a, n_a + n_x), their biases bu, br and bc (n_a, 1), and the
output layer Wy (n_y, n_a) and by (n_y, 1). Wy is what is called Wya elsewhere.

The backward functions begin at the gradient of the states; the output layer is not part of them.

Source: the lecture "Gated Recurrent Unit (GRU)" of the Deep Learning Specialization's fifth course,
Sequence Models; the functions are laid out as in its programming assignment "Building your
Recurrent Neural Network - Step by Step".
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

Cache: TypeAlias = tuple[Array, Array, Array, Array, Array, Array, Parameters]
Caches: TypeAlias = tuple[list[Cache], Array]

_SHAPES = {
    "bu": "n_a, 1",
    "br": "n_a, 1",
    "bc": "n_a, 1",
    "by": "n_y, 1",
    "Wu": "n_a, n_a + n_x",
    "Wr": "n_a, n_a + n_x",
    "Wc": "n_a, n_a + n_x",
    "Wy": "n_y, n_a",
}


def gru_cell_forward(
    xt: Array, c_prev: Array, parameters: Parameters
) -> tuple[Array, Array, Cache]:
    """Make one step: c<t> = Gamma_u * c_tilde + (1 - Gamma_u) * c<t-1>.

    The gates are Gamma_u = sigmoid(Wu [c<t-1>; x<t>] + bu) and likewise Gamma_r; the candidate is
    c_tilde = tanh(Wc [Gamma_r * c<t-1>; x<t>] + bc), the output y<t> = softmax(Wy c<t> + by).

    Parameters
    ----------
    xt : (n_x, m) array
    c_prev : (n_a, m) array
    parameters : dict

    Returns
    -------
    c_next : (n_a, m) array
    yt_pred : (n_y, m) array
        Probabilities.
    cache : tuple
        (c_next, c_prev, Gamma_u, Gamma_r, c_tilde, xt, parameters), for `gru_cell_backward`.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    shapes = _SHAPES | {"c_prev": "n_a, m", "xt": "n_x, m"}
    require_shapes(shapes, {**parameters, "c_prev": c_prev, "xt": xt})
    Wu, Wr, Wc, Wy = parameters["Wu"], parameters["Wr"], parameters["Wc"], parameters["Wy"]
    concat = np.concatenate((c_prev, xt))  # (n_a + n_x, m)
    Gamma_u = sigmoid(np.dot(Wu, concat) + parameters["bu"])  # (n_a, m), update gate
    Gamma_r = sigmoid(np.dot(Wr, concat) + parameters["br"])  # (n_a, m), relevance gate
    relevant = np.concatenate((Gamma_r * c_prev, xt))  # (n_a + n_x, m)
    c_tilde = np.tanh(np.dot(Wc, relevant) + parameters["bc"])  # (n_a, m), candidate
    c_next = Gamma_u * c_tilde + (1 - Gamma_u) * c_prev  # (n_a, m)
    yt_pred = softmax(np.dot(Wy, c_next) + parameters["by"])  # (n_y, m)
    return c_next, yt_pred, (c_next, c_prev, Gamma_u, Gamma_r, c_tilde, xt, parameters)


def gru_forward(x: Array, c0: Array, parameters: Parameters) -> tuple[Array, Array, Caches]:
    """Read a sequence: c<t>, y<t> = gru_cell_forward(x<t>, c<t-1>) for t = 1 to T_x.

    Parameters
    ----------
    x : (n_x, m, T_x) array
    c0 : (n_a, m) array
    parameters : dict

    Returns
    -------
    c : (n_a, m, T_x) array
    y_pred : (n_y, m, T_x) array
        Probabilities.
    caches : tuple
        (list of the steps' caches, x), for `gru_backward`.

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    shapes = _SHAPES | {"c0": "n_a, m", "x": "n_x, m, T_x"}
    require_shapes(shapes, {**parameters, "c0": c0, "x": x})
    _, m, T_x = x.shape
    n_y, n_a = parameters["Wy"].shape
    c = np.zeros((n_a, m, T_x))
    y_pred = np.zeros((n_y, m, T_x))
    caches = []
    c_next = c0
    for t in range(T_x):
        c_next, yt_pred, cache = gru_cell_forward(x[:, :, t], c_next, parameters)
        c[:, :, t] = c_next  # (n_a, m)
        y_pred[:, :, t] = yt_pred  # (n_y, m)
        caches.append(cache)
    return c, y_pred, (caches, x)


def gru_cell_backward(dc_next: Array, cache: Cache) -> Gradients:
    """Go back one step: Gamma_u * dc<t> to c_tilde, (c_tilde - c<t-1>) * dc<t> to Gamma_u.

    Parameters
    ----------
    dc_next : (n_a, m) array
        The gradient of c_next.
    cache : tuple
        From `gru_cell_forward`.

    Returns
    -------
    dict
        dxt (n_x, m), dc_prev (n_a, m); dWu, dWr and dWc (n_a, n_a + n_x); dbu, dbr and
        dbc (n_a, 1).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    c_next, c_prev, Gamma_u, Gamma_r, c_tilde, xt, parameters = cache
    shapes = {"c_next": "n_a, m", "dc_next": "n_a, m"}
    require_shapes(shapes, {"c_next": c_next, "dc_next": dc_next})
    Wu, Wr, Wc = parameters["Wu"], parameters["Wr"], parameters["Wc"]
    n_a = c_next.shape[0]
    concat = np.concatenate((c_prev, xt))  # (n_a + n_x, m)
    relevant = np.concatenate((Gamma_r * c_prev, xt))  # (n_a + n_x, m)
    dGamma_u = dc_next * (c_tilde - c_prev) * Gamma_u * (1 - Gamma_u)  # (n_a, m), through sigmoid
    dc_tilde = dc_next * Gamma_u * (1 - c_tilde * c_tilde)  # (n_a, m), through tanh
    drelevant = np.dot(Wc.T, dc_tilde)  # (n_a + n_x, m)
    dGamma_r = drelevant[:n_a] * c_prev * Gamma_r * (1 - Gamma_r)  # (n_a, m), through sigmoid
    dconcat = np.dot(Wu.T, dGamma_u) + np.dot(Wr.T, dGamma_r)  # (n_a + n_x, m)
    dc_prev = dc_next * (1 - Gamma_u) + dconcat[:n_a] + drelevant[:n_a] * Gamma_r  # (n_a, m)
    return {
        "dxt": dconcat[n_a:] + drelevant[n_a:],  # (n_x, m)
        "dc_prev": dc_prev,  # (n_a, m)
        "dWu": np.dot(dGamma_u, concat.T),  # (n_a, n_a + n_x)
        "dbu": np.sum(dGamma_u, axis=1, keepdims=True),  # (n_a, 1)
        "dWr": np.dot(dGamma_r, concat.T),  # (n_a, n_a + n_x)
        "dbr": np.sum(dGamma_r, axis=1, keepdims=True),  # (n_a, 1)
        "dWc": np.dot(dc_tilde, relevant.T),  # (n_a, n_a + n_x)
        "dbc": np.sum(dc_tilde, axis=1, keepdims=True),  # (n_a, 1)
    }


def gru_backward(dc: Array, caches: Caches) -> Gradients:
    """Go back through a sequence: step t receives dc<t> + dc_prev of step t + 1.

    Parameters
    ----------
    dc : (n_a, m, T) array
        The gradient of c. Where T is less than T_x, only the first T steps count.
    caches : tuple
        From `gru_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T); dc0 (n_a, m); dWu, dWr and dWc (n_a, n_a + n_x); dbu, dbr and dbc (n_a, 1).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    steps, x = caches
    c1, parameters = steps[0][0], steps[0][-1]
    shapes = {"c1": "n_a, m", "x": "n_x, m, T_x", "dc": "n_a, m, <= T_x"}
    require_shapes(shapes, {"c1": c1, "x": x, "dc": dc})
    n_a, m, T = dc.shape
    names = ("Wu", "bu", "Wr", "br", "Wc", "bc")
    dx = np.zeros((x.shape[0], m, T))
    dc_prevt = np.zeros((n_a, m))
    summed = {"d" + name: np.zeros(parameters[name].shape) for name in names}
    for t in reversed(range(T)):
        gradients = gru_cell_backward(dc[:, :, t] + dc_prevt, steps[t])
        dc_prevt = gradients["dc_prev"]  # (n_a, m)
        dx[:, :, t] = gradients["dxt"]  # (n_x, m)
        for name in summed:
            summed[name] += gradients[name]
    return {"dx": dx, "dc0": dc_prevt, **summed}
