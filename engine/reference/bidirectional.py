"""The bidirectional network: one cell reads from left to right, another from right to left.

Shapes: x is (n_x, m, T_x) for m examples of T_x steps, a (2 n_a, m, T_x), the states of both
directions joined, y_pred (n_y, m, T_x). `parameters` is a dict of "forward" and "backward", each
direction's own weights and biases as in rnn.py, lstm.py or gru.py but without an output layer, and
of the output layer that both share, Wy (n_y, 2 n_a) and by (n_y, 1).

"Forward" and "backward" are the directions of reading here; "_backward" at the end of a function's
name means the backward pass, as everywhere.

Source: the lecture "Bidirectional RNN" of the Deep Learning Specialization's fifth course,
Sequence Models.
"""

from typing import Any, Literal, TypeAlias, TypedDict, get_args

import numpy as np

from engine.reference.functions import Array, Gradients, Parameters, require_shapes, softmax
from engine.reference.gru import gru_backward, gru_forward
from engine.reference.lstm import lstm_backward, lstm_forward
from engine.reference.rnn import rnn_backward, rnn_forward

Cell: TypeAlias = Literal["rnn", "lstm", "gru"]
Caches: TypeAlias = tuple[Any, Any, Cell]  # Any: the caches of the cell's own forward function


class BidirectionalParameters(TypedDict):
    """The parameters of both directions, and of the output layer that they share."""

    forward: Parameters
    backward: Parameters
    Wy: Array
    by: Array


class BidirectionalGradients(TypedDict):
    """The gradients that `birnn_backward` returns."""

    dx: Array
    da0_forward: Array
    da0_backward: Array
    forward: Gradients
    backward: Gradients


def birnn_forward(
    x: Array,
    a0_forward: Array,
    a0_backward: Array,
    parameters: BidirectionalParameters,
    cell: Cell = "rnn",
) -> tuple[Array, Array, Caches]:
    """Read in both directions: a<t> = [a_forward<t>; a_backward<t>], y<t> = softmax(Wy a<t> + by).

    Parameters
    ----------
    x : (n_x, m, T_x) array
    a0_forward : (n_a, m) array
        The state before the first step.
    a0_backward : (n_a, m) array
        The state after the last step, where the backward direction begins.
    parameters : dict
    cell : {"rnn", "lstm", "gru"}

    Returns
    -------
    a : (2 n_a, m, T_x) array
    y_pred : (n_y, m, T_x) array
        Probabilities.
    caches : tuple
        (caches of the forward direction, caches of the backward direction, cell), for
        `birnn_backward`. The steps of the backward direction are in its order, the last x<t> first.

    Raises
    ------
    ValueError
        If the shapes do not fit together, or the cell is unknown.
    """
    Wy, by = parameters["Wy"], parameters["by"]
    arrays = {"by": by, "a0_forward": a0_forward, "a0_backward": a0_backward, "Wy": Wy, "x": x}
    shapes = {
        "by": "n_y, 1",
        "a0_forward": "n_a, m",
        "a0_backward": "n_a, m",
        "Wy": "n_y, n_a + n_a",
        "x": "n_x, m, T_x",
    }
    require_shapes(shapes, arrays)
    n_a = a0_forward.shape[0]
    T_x = x.shape[2]
    a_forward, caches_forward = _one_forward(
        x, a0_forward, parameters["forward"], Wy[:, :n_a], by, cell
    )
    a_backward, caches_backward = _one_forward(
        x[:, :, ::-1], a0_backward, parameters["backward"], Wy[:, n_a:], by, cell
    )
    a = np.concatenate((a_forward, a_backward[:, :, ::-1]))  # (2 n_a, m, T_x)
    y_pred = np.zeros((by.shape[0], x.shape[1], T_x))
    for t in range(T_x):
        y_pred[:, :, t] = softmax(np.dot(Wy, a[:, :, t]) + by)  # (n_y, m)
    return a, y_pred, (caches_forward, caches_backward, cell)


def birnn_backward(da: Array, caches: Caches) -> BidirectionalGradients:
    """Go back in both directions: dx = dx_forward + dx_backward.

    Parameters
    ----------
    da : (2 n_a, m, T) array
        The gradient of a. Where T is less than T_x, that of the steps after T is zero.
    caches : tuple
        From `birnn_forward`.

    Returns
    -------
    dict
        dx (n_x, m, T_x) for any T, because the backward direction reads later steps first;
        da0_forward and da0_backward (n_a, m); "forward" and "backward", each a dict of the
        gradients of that direction's weights and biases under the cell's own names (for an LSTM
        also dc_prev).

    Raises
    ------
    ValueError
        If the shapes do not fit together.
    """
    caches_forward, caches_backward, cell = caches
    steps, x = caches_forward
    shapes = {"a1": "n_a, m", "x": "n_x, m, T_x", "da": "n_a + n_a, m, <= T_x"}
    require_shapes(shapes, {"a1": steps[0][0], "x": x, "da": da})
    n_a = steps[0][0].shape[0]
    da_full = np.zeros((2 * n_a, *x.shape[1:]))  # (2 n_a, m, T_x)
    da_full[:, :, : da.shape[2]] = da
    forward = _one_backward(da_full[:n_a], caches_forward, cell)
    backward = _one_backward(da_full[n_a:, :, ::-1], caches_backward, cell)
    dx = forward.pop("dx") + backward.pop("dx")[:, :, ::-1]  # (n_x, m, T_x)
    da0_forward = forward.pop("da0")  # (n_a, m)
    da0_backward = backward.pop("da0")  # (n_a, m)
    return {
        "dx": dx,
        "da0_forward": da0_forward,
        "da0_backward": da0_backward,
        "forward": forward,
        "backward": backward,
    }


def _one_forward(
    x: Array, a0: Array, parameters: Parameters, W_half: Array, by: Array, cell: Cell
) -> tuple[Array, Any]:
    """Return one direction's states (n_a, m, T_x) and its caches.

    The cells need an output layer, so each direction gets its half of the shared one; the
    predictions of one direction alone are not used.
    """
    if cell == "rnn":
        a, _, rnn_caches = rnn_forward(x, a0, {**parameters, "Wya": W_half, "by": by})
        return a, rnn_caches
    if cell == "lstm":
        a, _, _, lstm_caches = lstm_forward(x, a0, {**parameters, "Wy": W_half, "by": by})
        return a, lstm_caches
    if cell == "gru":
        a, _, gru_caches = gru_forward(x, a0, {**parameters, "Wy": W_half, "by": by})
        return a, gru_caches
    raise ValueError(f"cell must be one of {', '.join(get_args(Cell))}, got {cell!r}.")


def _one_backward(da: Array, caches: Any, cell: Cell) -> Gradients:
    """Return one direction's gradients; that of its initial state is da0."""
    if cell == "rnn":
        return rnn_backward(da, caches)
    if cell == "lstm":
        return lstm_backward(da, caches)
    gradients = gru_backward(da, caches)
    gradients["da0"] = gradients.pop("dc0")
    return gradients
