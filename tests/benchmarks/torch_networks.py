"""The same training steps in eager PyTorch on the CPU, as its own tutorials would write them.

One-hot inputs, targets and packed sequences are prepared before the measurement. The layers of
torch.nn have two biases per gate; the second one is zero and frozen, so that a step computes the
same as the engine's. PyTorch's GRU applies the reset gate after the product with the state, the
course's before it: the amount of work is the same, the numbers differ.
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
    """Recurrent layers of torch.nn and a linear layer, with the engine's initial parameters."""

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
            inputs, recurrent, biases = [], [], []
            for gate in _GATES[cell]:
                if cell == "rnn":
                    recurrent.append(layer.named["Waa"])
                    inputs.append(layer.named["Wax"])
                else:
                    W = layer.named["W" + gate]
                    recurrent.append(W[:, : layer.n_a])
                    inputs.append(W[:, layer.n_a :])
                biases.append(layer.named["b" + gate])
            for name, blocks in (
                ("weight_ih", inputs),
                ("weight_hh", recurrent),
                ("bias_ih", biases),
            ):
                array = torch.as_tensor(np.concatenate(blocks))
                getattr(self.layers, f"{name}_l{place}").copy_(array)
            getattr(self.layers, f"bias_hh_l{place}").zero_().requires_grad_(requires_grad=False)
        self.output.weight.copy_(torch.as_tensor(parameters.Wya.copy()))
        self.output.bias.copy_(torch.as_tensor(parameters.by.copy()))

    def learn(self, z, targets, names):
        """Take one step on the mean loss over names of logits (N, n_y), and return it."""
        loss = cross_entropy(z, targets, ignore_index=_IGNORED, reduction="sum") / names
        self._optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(self._learned, CLIP, foreach=True)
        self._optimizer.step()
        return loss.item()


class TorchSingle:
    """One name per step. The state is carried from name to name if asked for."""

    def __init__(self, names, parameters, *, carries_state=False):
        self._network = TorchNetwork(parameters)
        self._examples = [_padded([name], parameters.architecture) for name in names]
        self._carries_state, self._state, self._step = carries_state, None, 0

    def run(self, steps):
        """Make so many steps and return the last one's loss."""
        for _ in range(steps):
            x, targets = self._examples[self._step % len(self._examples)]
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
        self._batches = [_padded(batch, parameters.architecture) for batch in batches]
        self._step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss, the mean over names."""
        for _ in range(steps):
            x, targets = self._batches[self._step % len(self._batches)]
            a, _ = self._network.layers(x)
            z = self._network.output(a).flatten(0, 1)
            loss = self._network.learn(z, targets.flatten(), len(x))
            self._step += 1
        return loss


class TorchPacked:
    """Batches of names as packed sequences."""

    def __init__(self, batches, parameters):
        self._network = TorchNetwork(parameters)
        self._batches = []
        for batch in batches:
            x, targets = _padded(batch, parameters.architecture)
            lengths = torch.tensor([len(name) + 1 for name in batch])
            pack = nn.utils.rnn.pack_padded_sequence
            packed, wanted = (
                pack(each, lengths, batch_first=True, enforce_sorted=False) for each in (x, targets)
            )
            self._batches.append((packed, wanted.data, len(batch)))
        self._step = 0

    def run(self, steps):
        """Make so many steps and return the last one's loss, the mean over names."""
        for _ in range(steps):
            packed, targets, names = self._batches[self._step % len(self._batches)]
            a, _ = self._network.layers(packed)
            loss = self._network.learn(self._network.output(a.data), targets, names)
            self._step += 1
        return loss


class TorchTeller:
    """Batches of names whose kinds are told, from the last state of each direction, with Adam.

    Only the letters are read, as in PyTorch's own tutorial: a step less than the engine reads.
    """

    def __init__(self, batches, parameters, *, packs):
        architecture = parameters.architecture
        (n_a,) = architecture.widths
        directions = architecture.n_directions
        dtype = getattr(torch, architecture.dtype)
        self._layers = _LAYERS[architecture.cell](
            architecture.n_symbols,
            n_a,
            batch_first=True,
            bidirectional=directions == 2,
            dtype=dtype,
        )
        self._output = nn.Linear(directions * n_a, architecture.n_kinds, dtype=dtype)
        self._learned = [*self._layers.parameters(), *self._output.parameters()]
        self._optimizer = torch.optim.Adam(self._learned, lr=LEARNING_RATE)
        self._batches = [self._prepared(batch, architecture, packs=packs) for batch in batches]
        self._packs, self._step = packs, 0

    @staticmethod
    def _prepared(batch, architecture, *, packs):
        names, kinds = zip(*batch, strict=True)
        x = _padded(names, architecture)[0][:, 1:]
        lengths = torch.tensor([len(name) for name in names])
        if packs:
            x = nn.utils.rnn.pack_padded_sequence(
                x, lengths, batch_first=True, enforce_sorted=False
            )
        return x, lengths, torch.tensor(kinds)

    def run(self, steps):
        """Make so many steps and return the last one's loss, the mean over names."""
        for _ in range(steps):
            x, lengths, kinds = self._batches[self._step % len(self._batches)]
            a, last = self._layers(x)
            if self._packs:
                read = torch.cat(tuple(last), dim=1)
            else:
                read = a[torch.arange(len(kinds)), lengths - 1]
            loss = cross_entropy(self._output(read), kinds)
            self._optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_value_(self._learned, CLIP, foreach=True)
            self._optimizer.step()
            self._step += 1
        return loss.item()


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
