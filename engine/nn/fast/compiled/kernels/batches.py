"""The element-wise passes of a batch, each over the rows of one step; the products are NumPy's.

Rows are those of `engine.nn.packing.Packed`: the rows ``begin`` to ``end`` are a step, and those
from ``end`` to ``following`` the next. A kernel reads and writes each number once, while it is in
the cache, where NumPy takes some ten passes over memory. All work in float64 and in float32;
``one`` is 1 in the arrays' type, as a 1 in the code would make float32 arithmetic double precision.

The pre-activations of a row are z = product + b + x. The product is what NumPy has computed:
U a<t-1>, or W [a<t-1>; x<t>] in a layer above another. `Input` says what b and x are. A state is
written twice, to its own row and, as ``before``, to the row that follows in its name. Gradients
take the place of the gates.
"""

import math
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.nn.fast.compiled.kernels.functions import exp, tanh
from engine.nn.fast.compiled.kernels.jit import loops, sums, uncounted_entry
from engine.nn.fast.compiled.kernels.rows import apply_sigmoid, apply_tanh, maximum

Vector = NDArray[np.floating]
Matrix = NDArray[np.floating]
Indices = NDArray[np.intp]


class Input(NamedTuple):
    """What is added to a product.

    Attributes
    ----------
    b : (gates x n_a,) array
    rows : (k, gates x n_a) array
        Such as V, of one-hot symbols.
    symbols : (N,) array
        Which of `rows` each row of the batch takes; negative for none.
    """

    b: Vector
    rows: Matrix
    symbols: Indices


@uncounted_entry
def rnn_forward(x: Input, a: Matrix, before: Matrix, begin: int, end: int, following: int) -> None:
    """Set a<t> = tanh(z<t>).

    Parameters
    ----------
    x : Input
    a : (N, n_a) array
        The rows of the step hold the product. Overwritten with a<t>.
    before : (N, n_a or more) array
        a<t-1> in its first columns.
    begin, end, following : int
        See above.
    """
    for row in range(begin, end):
        _add_input(a[row], x, row, 0)
        apply_tanh(a[row])
        _set_before(before, row - begin + end, following, a[row])


@uncounted_entry
def rnn_backward(
    a: Matrix,
    da: Matrix,
    product: Matrix,
    dz: Matrix,
    totals: Matrix,
    symbols: Indices,
    begin: int,
    end: int,
) -> None:
    """Set dz<t> = (1 - a<t>^2) (da<t> + Waa^T dz<t+1>).

    Parameters
    ----------
    a, da, dz : (N, n_a) arrays
    product : (m or more, n_a or more) array
        Waa^T dz<t+1>, in its first columns.
    totals, symbols
        See `_add_to_totals`.
    begin, end : int
    """
    for row in range(begin, end):
        _rnn_gradients(a[row], da[row], product[row - begin], dz[row])
        _add_to_totals(totals, symbols, row, dz[row])


@loops
def _rnn_gradients(a: Vector, da: Vector, product: Vector, dz: Vector) -> None:
    one = a.dtype.type(1)
    for j in range(len(a)):
        dz[j] = (da[j] + product[j]) * (one - a[j] * a[j])


@uncounted_entry
def lstm_forward(
    x: Input,
    gates: Matrix,
    c0: Matrix,
    c: Matrix,
    a: Matrix,
    before: Matrix,
    begin: int,
    end: int,
    following: int,
    last: int,
) -> None:
    """Set the gates, c<t> = f c<t-1> + i c~ and a<t> = o tanh(c<t>) of a step.

    Parameters
    ----------
    x : Input
    gates : (N, 4 n_a) array
        In the order c~, f, i, o. The rows of the step hold the product.
    c0 : (m, n_a) array
        c<0>.
    c, a : (N, n_a) arrays
    before : (N, n_a or more) array
        a<t-1> in its first columns.
    begin, end, following : int
        See above.
    last : int
        The first row of the step before; negative at the first step.
    """
    n = c.shape[1]
    for row in range(begin, end):
        g = gates[row]
        _add_input(g, x, row, 0)
        apply_tanh(g[:n])
        apply_sigmoid(g[n:])
        c_prev = c0[row - begin] if last < 0 else c[last + row - begin]
        _lstm_states(*(g[:n], g[n : 2 * n], g[2 * n : 3 * n], g[3 * n :], c_prev, c[row], a[row]))
        _set_before(before, row - begin + end, following, a[row])


@loops
def _lstm_states(
    c_tilde: Vector,
    f: Vector,
    i: Vector,
    o: Vector,
    c_prev: Vector,
    c: Vector,
    a: Vector,
) -> None:
    for j in range(len(c)):
        c_t = f[j] * c_prev[j] + i[j] * c_tilde[j]
        c[j] = c_t
        a[j] = o[j] * tanh(c_t)


@uncounted_entry
def lstm_backward(
    gates: Matrix,
    c0: Matrix,
    c: Matrix,
    da: Matrix,
    product: Matrix,
    dc: Matrix,
    totals: Matrix,
    symbols: Indices,
    begin: int,
    end: int,
    last: int,
) -> None:
    """Replace the gates of a step by the gradients of their pre-activations.

    tanh(c<t>) is computed again: to keep it would take longer, as it would come from main memory.

    Parameters
    ----------
    gates, c0, c, begin, end, last
        As in `lstm_forward`.
    da : (N, n_a) array
        dL/da<t> through the outputs alone.
    product : (m or more, n_a or more) array
        Its share that comes back from the next step, U^T dz<t+1>, in its first columns.
    dc : (m or more, n_a) array
        f<t+1> dc<t+1>. Overwritten with f<t> dc<t>.
    totals, symbols
        See `_add_to_totals`.
    """
    n = c.shape[1]
    for row in range(begin, end):
        i, g = row - begin, gates[row]
        c_prev = c0[i] if last < 0 else c[last + i]
        _lstm_gradients(
            *(g[:n], g[n : 2 * n], g[2 * n : 3 * n], g[3 * n :], c_prev),
            *(c[row], da[row], product[i], dc[i]),
        )
        _add_to_totals(totals, symbols, row, g)


@loops
def _lstm_gradients(
    c_tilde: Vector,
    f: Vector,
    i: Vector,
    o: Vector,
    c_prev: Vector,
    c: Vector,
    da: Vector,
    product: Vector,
    dc: Vector,
) -> None:
    """Replace the gates of a row by dL/dz, and dc (n_a,) by f dc."""
    one = dc.dtype.type(1)
    for j in range(len(dc)):
        da_t, t = da[j] + product[j], tanh(c[j])
        dc_t = dc[j] + da_t * o[j] * (one - t * t)
        dc[j] = dc_t * f[j]
        o[j] = da_t * t * o[j] * (one - o[j])
        f[j] = dc_t * c_prev[j] * f[j] * (one - f[j])
        of_i = dc_t * c_tilde[j] * i[j] * (one - i[j])
        c_tilde[j] = dc_t * i[j] * (one - c_tilde[j] * c_tilde[j])
        i[j] = of_i


@uncounted_entry
def gru_forward_gates(
    x: Input, product: Matrix, gates: Matrix, before: Matrix, reset: Matrix, begin: int, end: int
) -> None:
    """Set the gates u and r of a step, and reset = r c<t-1>.

    Parameters
    ----------
    x : Input
        `x.rows` may be `gates`.
    product : (m or more, 2 n_a) array
        [Uu Ur] c<t-1>. Overwritten.
    gates : (N, 3 n_a) array
        In the order u, r, c~.
    before, reset : (N, n_a) arrays
        c<t-1>, and r c<t-1>.
    begin, end : int
        See above.
    """
    n = before.shape[1]
    for row in range(begin, end):
        z, u_r = product[row - begin], gates[row][: 2 * n]
        _add_input(z, x, row, 0)
        apply_sigmoid(z)
        _copy(u_r, z)
        _set_product(reset[row], u_r[n:], before[row])


@uncounted_entry
def gru_forward_state(
    x: Input,
    product: Matrix,
    gates: Matrix,
    before: Matrix,
    c: Matrix,
    begin: int,
    end: int,
    following: int,
) -> None:
    """Set the candidate c~, and c<t> = c<t-1> + u (c~ - c<t-1>).

    Parameters
    ----------
    product : (m or more, n_a) array
        Uc (r c<t-1>). Overwritten.
    c : (N, n_a) array
    x, gates, before, begin, end
        As in `gru_forward_gates`.
    following : int
        See above.
    """
    n = c.shape[1]
    for row in range(begin, end):
        z, g = product[row - begin], gates[row]
        _add_input(z, x, row, 2 * n)
        apply_tanh(z)
        _copy(g[2 * n :], z)
        _gru_state(g[:n], g[2 * n :], before[row], c[row])
        _set_before(before, row - begin + end, following, c[row])


@loops
def _gru_state(u: Vector, c_tilde: Vector, c_prev: Vector, c: Vector) -> None:
    for j in range(len(c)):
        c[j] = c_prev[j] + u[j] * (c_tilde[j] - c_prev[j])


@uncounted_entry
def gru_backward_state(
    gates: Matrix,
    before: Matrix,
    da: Matrix,
    product: Matrix,
    dc: Matrix,
    begin: int,
    end: int,
) -> None:
    """Replace the gates u and c~ of a step by the gradients of their pre-activations.

    Parameters
    ----------
    gates, before, begin, end
        As in `gru_forward_gates`.
    da : (N, n_a) array
        dL/dc<t> through the outputs alone.
    product : (m or more, n_a) array
        Its share that comes back through the gates of the next step, [Uu Ur]^T dz<t+1>.
    dc : (m or more, n_a) array
        The rest of what comes back. Overwritten with (1 - u) dc<t>.
    """
    n = before.shape[1]
    for row in range(begin, end):
        i, g = row - begin, gates[row]
        _gru_state_gradients(g[:n], g[2 * n :], before[row], da[row], product[i], dc[i])


@loops
def _gru_state_gradients(
    u: Vector, c_tilde: Vector, c_prev: Vector, da: Vector, product: Vector, dc: Vector
) -> None:
    one = dc.dtype.type(1)
    for j in range(len(dc)):
        dc_t, kept = da[j] + product[j] + dc[j], one - u[j]
        dc[j] = dc_t * kept
        of_u = dc_t * (c_tilde[j] - c_prev[j]) * u[j] * kept
        c_tilde[j] = dc_t * (one - c_tilde[j] * c_tilde[j]) * u[j]
        u[j] = of_u


@uncounted_entry
def gru_backward_gates(
    gates: Matrix,
    before: Matrix,
    d_reset: Matrix,
    dc: Matrix,
    totals: Matrix,
    symbols: Indices,
    begin: int,
    end: int,
) -> None:
    """Replace the gate r of a step by the gradient of its pre-activation.

    Parameters
    ----------
    gates, before, begin, end
        As in `gru_backward_state`, which has been called.
    d_reset : (m or more, n_a) array
        dL/d(r c<t-1>) = Uc^T dz of c~.
    dc : (m or more, n_a) array
        Increased by r d_reset.
    totals, symbols
        See `_add_to_totals`.
    """
    n = before.shape[1]
    for row in range(begin, end):
        i, g = row - begin, gates[row]
        _gru_gate_gradients(g[n : 2 * n], before[row], d_reset[i], dc[i])
        _add_to_totals(totals, symbols, row, g)


@loops
def _gru_gate_gradients(r: Vector, c_prev: Vector, d_reset: Vector, dc: Vector) -> None:
    one = dc.dtype.type(1)
    for j in range(len(dc)):
        dc[j] += d_reset[j] * r[j]
        r[j] = d_reset[j] * c_prev[j] * r[j] * (one - r[j])


@loops
def _add_input(z: Vector, x: Input, row: int, first: int) -> None:
    """Add the bias and the input's share to z, in the columns from `first` on."""
    end, place = first + len(z), x.symbols[row]
    if place >= 0:
        _add_both(z, x.b[first:end], x.rows[place][first:end])
    else:
        _add(z, x.b[first:end])


@loops
def _set_before(before: Matrix, row: int, following: int, state: Vector) -> None:
    """Copy a state (n_a,) to the row that follows in its name, if the name goes on."""
    if row < following:
        _copy(before[row][: len(state)], state)


@loops
def _add_to_totals(totals: Matrix, symbols: Indices, row: int, dz: Vector) -> None:
    """Add a row of gradients to the sum that it belongs to.

    Parameters
    ----------
    totals : (n_x + 1 or 1, gates x n_a) array
        One for each symbol; the last is that of rows without a symbol.
    symbols : (N,) array
        Negative for none.
    row : int
    dz : (gates x n_a,) array
    """
    symbol = symbols[row]
    _add(totals[symbol if symbol >= 0 else len(totals) - 1], dz)


@loops
def _copy(to: Vector, x: Vector) -> None:
    for j in range(len(to)):  # an assignment of the whole would make another copy first
        to[j] = x[j]


@loops
def _add(to: Vector, x: Vector) -> None:
    for j in range(len(to)):
        to[j] += x[j]


@loops
def _add_both(to: Vector, x: Vector, y: Vector) -> None:
    for j in range(len(to)):
        to[j] += x[j] + y[j]


@loops
def _set_product(to: Vector, x: Vector, y: Vector) -> None:
    for j in range(len(to)):
        to[j] = x[j] * y[j]


@uncounted_entry
def softmax_loss(z: Matrix, by: Vector, targets: Indices) -> float:
    """Return the loss of a softmax layer, in nats, and put the logits' gradient in their place.

    Parameters
    ----------
    z : (n, n_y) array
        Wya a. Overwritten with y_hat - y.
    by : (n_y,) array
    targets : (n,) array
        y, as indices.
    """
    loss, one = 0.0, z.dtype.type(1)
    for row in range(len(z)):
        logits, target = z[row], targets[row]
        _add(logits, by)
        largest = maximum(logits)
        at_target = logits[target] - largest
        total = _set_exp(logits, largest)
        loss += math.log(total) - at_target
        _scale(logits, one / total)
        logits[target] -= one
    return loss


@sums
def _set_exp(z: Vector, largest: Any) -> Any:
    """Replace z (n_y,) by e^(z - largest), and return the sum."""
    total = z.dtype.type(0)
    for j in range(len(z)):
        z[j] = exp(z[j] - largest)
        total += z[j]
    return total


@loops
def _scale(x: Vector, factor: Any) -> None:
    for j in range(len(x)):
        x[j] *= factor


def examples() -> list[tuple[Any, tuple[Any, ...]]]:
    """Return the functions that Python calls, each with arguments of types it is compiled for."""
    found: list[tuple[Any, tuple[Any, ...]]] = []
    symbols = np.empty(0, np.intp)
    for dtype in (np.float64, np.float32):
        v: Any = np.empty(0, dtype)
        x: Any = np.empty((0, 0), dtype)
        z = Input(v, x, symbols)
        found += [
            (rnn_forward, (z, x, x, 0, 0, 0)),
            (rnn_backward, (x, x, x, x, x, symbols, 0, 0)),
            (lstm_forward, (z, x, x, x, x, x, 0, 0, 0, 0)),
            (lstm_backward, (x, x, x, x, x, x, x, symbols, 0, 0, 0)),
            (gru_forward_gates, (z, x, x, x, x, 0, 0)),
            (gru_forward_state, (z, x, x, x, x, 0, 0, 0)),
            (gru_backward_state, (x, x, x, x, x, 0, 0)),
            (gru_backward_gates, (x, x, x, x, x, symbols, 0, 0)),
            (softmax_loss, (x, v, symbols)),
        ]
    return found
