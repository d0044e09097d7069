"""The same steps in PyTorch, eager, on the CPU, as its own tutorials would write them.

Everything that can be made beforehand is: one-hot inputs, targets, packed sequences. The layers
are torch.nn's, which have two biases a gate; the second is zero and frozen, so that a step is the
engine's. Its GRU resets after the product with the state, the course's before: the work is the
same, the numbers are not.
"""

import numpy as np
import torch
from torch import nn
from torch.nn.functional import cross_entropy

LEARNING_RATE, CLIP = 0.01, 5.0
_LAYERS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}
_GATES = {"rnn": ("a",), "gru": ("r", "u", "c"), "lstm": ("i", "f", "c", "o")}
_IGNORED = -100


class TorchNetwork(nn.Module):
    """torch.nn's layers and a linear one, with the engine's start values."""

    def __init__(self, parameters):
        super().__init__()
        architecture = parameters.architecture
        dtype = getattr(torch, architecture.dtype)
        n_symbols, widths = architecture.n_symbols, architecture.widths
        self.layers = _LAYERS[architecture.cell](
            n_symbols, widths[0], len(widths), batch_first=True, dtype=dtype
        )
        self.output = nn.Linear(widths[0], n_symbols, dtype=dtype)
        with torch.no_grad():
            self._copy(parameters)
        learned = [p for p in self.parameters() if p.requires_grad]
        self._optimizer = torch.optim.SGD(learned, lr=LEARNING_RATE)
        self._learned = learned

    def _copy(self, parameters):
        cell = parameters.architecture.cell
        for place, layer in enumerate(parameters.layers):
            heard, told, biases = [], [], []
            for gate in _GATES[cell]:
                if cell == "rnn":
                    told.append(layer.named["Waa"])
                    heard.append(layer.named["Wax"])
                else:
                    W = layer.named["W" + gate]
                    told.append(W[:, : layer.n_a])
                    heard.append(W[:, layer.n_a :])
                biases.append(layer.named["b" + gate])
            for name, blocks in (("weight_ih", heard), ("weight_hh", told), ("bias_ih", biases)):
                array = torch.as_tensor(np.concatenate(blocks))
                getattr(self.layers, f"{name}_l{place}").copy_(array)
            getattr(self.layers, f"bias_hh_l{place}").zero_().requires_grad_(requires_grad=False)
        self.output.weight.copy_(torch.as_tensor(parameters.Wya.copy()))
        self.output.bias.copy_(torch.as_tensor(parameters.by.copy()))

    def learn(self, z, targets, names):
        """Step down the loss of logits (N, n_y), the mean over names, and return it."""
        loss = cross_entropy(z, targets, ignore_index=_IGNORED, reduction="sum") / names
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(self._learned, CLIP, foreach=True)
        self._optimizer.step()
        return loss.item()


class TorchSingle:
    """One name a step; the state is carried on where the course's recipe does."""

    def __init__(self, loader, parameters, *, carries_state=False):
        self._network = TorchNetwork(parameters)
        self._loader = [_padded([name], parameters.architecture) for name in loader]
        self._carries_state, self._state, self._step = carries_state, None, 0

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        for _ in range(steps):
            x, targets = self._loader[self._step % len(self._loader)]
            a, state = self._network.layers(x, self._state)
            if self._carries_state:
                self._state = state.detach()
            loss = self._network.learn(self._network.output(a[0]), targets[0], 1)
            self._step += 1
        return loss


class TorchPadded:
    """Batches of names, padded to the longest."""

    def __init__(self, batches, parameters):
        self._network = TorchNetwork(parameters)
        self._loader = [_padded(batch, parameters.architecture) for batch in batches]
        self._step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss, the mean over names."""
        for _ in range(steps):
            x, targets = self._loader[self._step % len(self._loader)]
            a, _ = self._network.layers(x)
            z = self._network.output(a).flatten(0, 1)
            loss = self._network.learn(z, targets.flatten(), len(x))
            self._step += 1
        return loss


class TorchPacked:
    """Batches of names as packed sequences."""

    def __init__(self, batches, parameters):
        self._network = TorchNetwork(parameters)
        self._loader = []
        for batch in batches:
            x, targets = _padded(batch, parameters.architecture)
            lengths = torch.tensor([len(name) + 1 for name in batch])
            pack = nn.utils.rnn.pack_padded_sequence
            packed, wanted = (
                pack(each, lengths, batch_first=True, enforce_sorted=False) for each in (x, targets)
            )
            self._loader.append((packed, wanted.data, len(batch)))
        self._step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss, the mean over names."""
        for _ in range(steps):
            packed, targets, names = self._loader[self._step % len(self._loader)]
            a, _ = self._network.layers(packed)
            loss = self._network.learn(self._network.output(a.data), targets, names)
            self._step += 1
        return loss


def _padded(batch, architecture):
    """Return one-hot inputs (m, T, n_x) and targets (m, T); the first input is zero."""
    longest = max(map(len, batch)) + 1
    dtype = getattr(torch, architecture.dtype)
    x = torch.zeros(len(batch), longest, architecture.n_symbols, dtype=dtype)
    targets = torch.full((len(batch), longest), _IGNORED)
    for row, name in enumerate(batch):
        symbols = torch.as_tensor(name)
        x[row, torch.arange(1, len(name) + 1), symbols] = 1.0
        targets[row, : len(name)] = symbols
        targets[row, len(name)] = 0
    return x, targets
