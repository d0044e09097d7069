"""Fixtures that the tests of networks share."""

import numpy as np
import pytest

from engine.data.vocabulary import EncodedNames
from engine.nn.classifier import Classifier
from engine.nn.compiled_path import CompiledPath
from engine.nn.fast_path import FastPath
from engine.nn.layers.batch_backend import NUMPY
from engine.nn.layers.compiled_batches import CompiledBatches
from engine.nn.layers.softmax_network import SoftmaxNetwork
from engine.nn.optimizers import SGD


@pytest.fixture
def each_batch_backend(backend, monkeypatch):
    """Let networks compute batches with each backend in turn, unless the test names one."""
    chosen = CompiledBatches() if backend == "compiled" else NUMPY
    for network in (SoftmaxNetwork, Classifier):
        monkeypatch.setattr(network.__init__, "__defaults__", (None, chosen))


class CompiledName:
    """The step of the kernels on one name, used like a `FastPath`."""

    def __init__(self, parameters):
        self.parameters, self.gradients = parameters, parameters.zeros_like()
        self.a_last = np.zeros(parameters.layers[0].n_a)

    def loss_and_gradients(self, Y, a0=None, kind=None):
        """Make a step at a rate of 0."""
        kinds = None if kind is None else np.array([kind])
        path = CompiledPath(self.parameters, EncodedNames(Y, np.array([0, len(Y)]), kinds))
        self.a_last = np.zeros_like(self.a_last) if a0 is None else np.array(a0)
        optimizer, order, rates = SGD(self.parameters.flat), np.zeros(1, np.int64), np.zeros(1)
        losses = path.learn(order, rates, optimizer, None, "entries", 0.0, self.a_last, np.inf)
        self.gradients = path.gradients
        return losses[0]


@pytest.fixture
def single_name(backend):
    """Return what makes steps on one name, of each backend in turn, from parameters."""
    return CompiledName if backend == "compiled" else FastPath
