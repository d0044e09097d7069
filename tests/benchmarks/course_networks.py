"""A training step as the course writes it, with the initial parameters of the engine's trainer."""

import numpy as np

from engine.reference.dinosaurus import optimize
from engine.reference.gru import gru_backward, gru_forward
from engine.reference.lstm import lstm_backward, lstm_forward

LEARNING_RATE, CLIP = 0.01, 5.0


def named_copy(parameters):
    """Return copies of the parameters by name, with biases as columns, as in the course."""
    return {
        name: (array.reshape(-1, 1) if array.ndim == 1 else array).copy()
        for name, array in parameters.named.items()
    }


class CourseRNN:
    """The course's loop around its `optimize`: the state is carried from name to name."""

    def __init__(self, names, parameters):
        self._parameters = named_copy(parameters)
        self._parameters["b"] = self._parameters.pop("ba")
        self._examples = [([None, *name], [*name, 0]) for name in names]
        self._a_prev = np.zeros_like(self._parameters["b"])
        self._step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        for _ in range(steps):
            X, Y = self._examples[self._step % len(self._examples)]
            loss, _, self._a_prev = optimize(X, Y, self._a_prev, self._parameters, LEARNING_RATE)
            self._step += 1
        return loss


class CourseGated:
    """The reference's GRU or LSTM, with output layer, clipping and update added.

    What is added works on all steps of a name at once, which is faster than the course's way of one
    step at a time.
    """

    def __init__(self, cell, names, parameters):
        self._cell = cell
        self._parameters = named_copy(parameters)
        self._parameters["Wy"] = self._parameters.pop("Wya")
        self._names = names
        self._step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        for _ in range(steps):
            loss = self._learn(self._names[self._step % len(self._names)])
            self._step += 1
        return loss

    def _learn(self, name):
        parameters = self._parameters
        n_y, n_a = parameters["Wy"].shape
        Y = [*name, 0]
        place = np.arange(len(Y))
        x = np.zeros((n_y, 1, len(Y)))
        x[name, 0, place[1:]] = 1
        a0 = np.zeros((n_a, 1))
        if self._cell == "gru":
            a, y_hat, caches = gru_forward(x, a0, parameters)
        else:
            a, y_hat, _, caches = lstm_forward(x, a0, parameters)
        loss = -float(np.log(y_hat[Y, 0, place]).sum())
        dy = y_hat[:, 0]
        dy[Y, place] -= 1  # (n_y, T_x)
        da = np.dot(parameters["Wy"].T, dy)[:, None]  # (n_a, 1, T_x)
        backward = gru_backward if self._cell == "gru" else lstm_backward
        gradients = backward(da, caches)
        gradients["dWy"] = np.dot(dy, a[:, 0].T)
        gradients["dby"] = dy.sum(axis=1, keepdims=True)
        for name_, array in parameters.items():
            array -= LEARNING_RATE * np.clip(gradients["d" + name_], -CLIP, CLIP)
        return loss
