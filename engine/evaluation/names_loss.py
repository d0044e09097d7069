"""The loss of names: of a network that writes them, or of one that tells their kinds."""

from engine.data.vocabulary import EncodedNames
from engine.nn.classifier import KindsLoss, loss_of_kinds
from engine.nn.network import NamesLoss, loss_of_names
from engine.nn.parameters import Parameters


def loss_of(parameters: Parameters, names: EncodedNames) -> NamesLoss:
    """Return the mean loss of names, and the accuracy if the network tells their kinds."""
    if parameters.architecture.task == "write":
        return loss_of_names(parameters, names)
    return as_names_loss(loss_of_kinds(parameters, names))


def as_names_loss(loss: KindsLoss) -> NamesLoss:
    """Return a loss of telling kinds: each name is one prediction, whatever its length."""
    return NamesLoss(loss.nats_per_name, loss.nats_per_name, loss.accuracy)
