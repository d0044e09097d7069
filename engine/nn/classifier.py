"""STUB."""

from __future__ import annotations

from engine.data.vocabulary import EncodedNames
from engine.nn.network import NamesLoss, Network, loss_of_names
from engine.nn.parameters import Parameters


class Classifier(Network):
    """STUB."""


def loss_of(parameters: Parameters, names: EncodedNames) -> NamesLoss:
    """Return the mean loss of names, of a network that writes or one that tells kinds."""
    return loss_of_names(parameters, names)
