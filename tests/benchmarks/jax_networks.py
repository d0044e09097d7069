"""The course's recipe in JAX: all steps of a run in one compiled call, on one processor core.

Names are padded to the longest: arrays of one shape are what `jit` compiles.
"""

import os

# XLA reads these when JAX is imported. One thread, as all ways have.
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
import numpy as np
from course_networks import CLIP, LEARNING_RATE, named_copy
from jax import lax


class JaxRNN:
    """The course's network; the state is carried from name to name."""

    def __init__(self, names, parameters):
        longest = max(map(len, names)) + 1
        self._inputs = np.full((len(names), longest), -1)
        self._targets = np.full((len(names), longest), -1)  # -1 behind the end
        for row, name in enumerate(names):
            self._inputs[row, 1 : len(name) + 1] = name
            self._targets[row, : len(name) + 1] = [*name, 0]
        self._parameters = {name: jnp.array(a) for name, a in named_copy(parameters).items()}
        self._a_prev = jnp.zeros((len(self._parameters["ba"]), 1))
        self._run = jax.jit(_run)
        self._step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        rows = (self._step + np.arange(steps)) % len(self._inputs)
        self._parameters, self._a_prev, loss = self._run(
            self._parameters, self._a_prev, self._inputs[rows], self._targets[rows]
        )
        self._step += steps
        return float(loss.block_until_ready())


def _run(parameters, a_prev, inputs, targets):
    def step(carried, name):
        parameters, a_prev = carried
        (loss, a_last), gradients = jax.value_and_grad(_loss, has_aux=True)(
            parameters, a_prev, *name
        )
        parameters = jax.tree.map(
            lambda p, g: p - LEARNING_RATE * jnp.clip(g, -CLIP, CLIP), parameters, gradients
        )
        return (parameters, a_last), loss

    (parameters, a_prev), losses = lax.scan(step, (parameters, a_prev), (inputs, targets))
    return parameters, a_prev, losses[-1]


def _loss(parameters, a_prev, inputs, targets):
    """Return the loss of a name, and the state after it."""
    n_x = parameters["Wax"].shape[1]

    def read(a, symbols):
        x, y = symbols
        z = parameters["Wax"] @ jax.nn.one_hot(x, n_x)[:, None]
        a_next = jnp.tanh(z + parameters["Waa"] @ a + parameters["ba"])
        logits = (parameters["Wya"] @ a_next + parameters["by"])[:, 0]
        loss = jax.nn.logsumexp(logits) - logits[y]
        is_read = y >= 0
        return jnp.where(is_read, a_next, a), jnp.where(is_read, loss, 0.0)

    a_last, losses = lax.scan(read, a_prev, (inputs, targets))
    return losses.sum(), lax.stop_gradient(a_last)
