"""An external cell and an external optimiser, each registered by one line."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from engine.insight import (
    arithmetic,
    clipping,
    drivers,
    flow,
    next_letters,
    quantity_names,
    sgd_update_ratios,
    states,
    update_ratios,
    weights,
)
from engine.nn.cell_protocol import CellEquations, Equation, Quantity
from engine.nn.cells import CELLS
from engine.nn.fast_path import FastPath
from engine.nn.gate_views import gate_views
from engine.nn.network import Network, loss_of_names
from engine.nn.optimizers import OPTIMIZERS, Optimizer
from engine.nn.packing import Packed
from engine.runs.run_file import load_run, save_run
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

MIXED = (2, 1, 13, 5, 13, 1, 17)
STEP = 1e-5


@dataclass
class ForgetTape:
    a: np.ndarray  # (N, n_a)
    gates: np.ndarray  # (N, 2 n_a)


class ForgetGateCell:
    """a<t> = f a<t-1> + (1 - f) c~ (van der Westhuizen and Lasenby, arXiv:1804.04849)."""

    TITLE = "JANET"
    SUMMARY = "One gate decides how much of the state is kept."
    GATES = ("f", "c")
    STATES = ("a",)
    CANDIDATES = ("c",)
    OPEN_GATES = ()
    GATE_GRADIENTS = ("dGamma_f", "dc_tilde")
    QUANTITIES = (
        Quantity("a", "a", "the state", -1.0, 1.0),
        Quantity("Gamma_f", "Γf", "the forget gate", 0.0, 1.0, gate="f"),
        Quantity("c_tilde", "ĉ", "the candidate", -1.0, 1.0, gate="c"),
    )
    EQUATIONS = CellEquations(
        forward=(
            Equation("Gamma_f", "Γf{l}⟨t⟩", "σ(Wf{l} [a{l}⟨t−1⟩; {x}] + bf{l})"),
            Equation("c_tilde", "ĉ{l}⟨t⟩", "tanh(Wc{l} [a{l}⟨t−1⟩; {x}] + bc{l})"),
            Equation("a", "a{l}⟨t⟩", "Γf{l}⟨t⟩ ∗ a{l}⟨t−1⟩ + (1 − Γf{l}⟨t⟩) ∗ ĉ{l}⟨t⟩"),
        ),
        backward=(
            Equation("da", "da{l}⟨t⟩", "{above} + Γf{l}⟨t+1⟩ ∗ da{l}⟨t+1⟩ + …"),
            Equation("dGamma_f", "dΓf{l}⟨t⟩", "da{l}⟨t⟩ ∗ (a{l}⟨t−1⟩ − ĉ{l}⟨t⟩) ∗ …"),
            Equation("dc_tilde", "dĉ{l}⟨t⟩", "da{l}⟨t⟩ ∗ (1 − Γf{l}⟨t⟩) ∗ (1 − ĉ{l}⟨t⟩²)"),
        ),
        to_input="Wf{l}[:, n_a:]ᵀ dΓf{l}⟨t⟩ + Wc{l}[:, n_a:]ᵀ dĉ{l}⟨t⟩",
        gradients={
            "Wf": "Σ dΓf{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
            "bf": "Σ dΓf{l}⟨t⟩",
            "Wc": "Σ dĉ{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
            "bc": "Σ dĉ{l}⟨t⟩",
        },
    )
    IS_NOTEBOOK_CELL = False
    JOINS_INPUT = False
    STEPS = None

    @staticmethod
    def views(W, b):
        return gate_views(ForgetGateCell.GATES, W, b)

    @staticmethod
    def set_start_biases(b):
        b[:] = 0.0

    @staticmethod
    def weight_scale(n_inputs, n_layers):
        return n_inputs**-0.5

    @staticmethod
    def forward(U, z, steps, state):
        n = len(U)
        a = np.empty((len(z), n), z.dtype)
        (a_prev,) = state
        for rows in steps:
            z_t = z[rows]  # (m, 2 n_a)
            a_prev = a_prev[: len(z_t)]  # (m, n_a)
            z_t += a_prev @ U
            f = z_t[:, :n] = 1.0 / (1.0 + np.exp(-z_t[:, :n]))  # (m, n_a)
            c_tilde = z_t[:, n:] = np.tanh(z_t[:, n:])  # (m, n_a)
            a_prev = a[rows] = f * a_prev + (1.0 - f) * c_tilde  # (m, n_a)
        return ForgetTape(a, z)

    @staticmethod
    def backward(U, tape, da, steps, previous):
        n = len(U)
        f, c_tilde = tape.gates[:, :n], tape.gates[:, n:]  # (N, n_a)
        slopes = np.hstack(
            ((previous[0] - c_tilde) * f * (1.0 - f), (1.0 - f) * (1.0 - c_tilde**2))
        )  # (N, 2 n_a)
        dz = np.empty_like(tape.gates)
        da_next = np.empty((0, n), da.dtype)
        for rows in reversed(steps):
            da_t = da[rows]  # (m, n_a)
            da_t[: len(da_next)] += da_next
            dz[rows] = np.tile(da_t, 2) * slopes[rows]  # (m, 2 n_a)
            da_next = dz[rows] @ U.T + da_t * f[rows]  # (m, n_a)
        return dz, previous[0].T @ dz

    @staticmethod
    def state_gradients(U, tape, da, left, dz, m):
        return (left,)


class Signum(Optimizer):
    """v = 0.9 v + 0.1 g; parameters -= learning_rate sign(v) (arXiv:1802.04434)."""

    TITLE = "Signum"
    EQUATION = "{W} − α sign(v), where v = 0.9 v + 0.1 d{W}"
    MOMENTS = 1

    def _step(self, parameters, g, learning_rate):
        (v,) = self.moments
        v *= 0.9
        v += 0.1 * g
        parameters -= learning_rate * np.sign(v)


@pytest.fixture(autouse=True)
def registered(monkeypatch):
    monkeypatch.setitem(CELLS, "janet", ForgetGateCell)
    monkeypatch.setitem(OPTIMIZERS, "signum", Signum)


@pytest.fixture
def make_trainer(corpus):
    """Return a function that makes a trainer with the cell and the optimiser."""

    def make(**hyperparameters):
        chosen = {"learning_rate": 0.002, "widths": (12,), "optimizer": "signum", "batch": 4}
        in_force = Hyperparameters(**chosen | hyperparameters)
        return Trainer(corpus, in_force, settings=RunSettings(cell="janet"))

    return make


@pytest.mark.parametrize("batch", [1, 4])
def test_the_new_optimizer_trains_a_cell_that_has_kernels(corpus, advance, batch):
    losses = []
    for more in ({}, {"backend": "numpy"}):
        in_force = Hyperparameters(0.002, widths=(12,), optimizer="signum", batch=batch, **more)
        trainer = Trainer(corpus, in_force, settings=RunSettings(cell="gru"))
        losses.append(np.concatenate([chunk.loss for chunk in advance(trainer, 60)]))
    np.testing.assert_allclose(losses[0], losses[1], rtol=1e-9)


@pytest.mark.parametrize("embedding", [None, 2])
@pytest.mark.parametrize("widths", [(3,), (4, 3)])
def test_its_gradients_agree_with_finite_differences(
    make_parameters, random_names, widths, embedding
):
    parameters = make_parameters(6, widths, 4, cell="janet", embedding=embedding)
    batch = Packed.of(random_names(6, MIXED, seed=1), np.arange(len(MIXED)))
    network = Network(parameters)
    network.loss_and_gradients(batch)
    numeric = np.empty_like(parameters.flat)
    for entry, value in enumerate(parameters.flat.copy()):
        losses = []
        for moved in (value + STEP, value - STEP):
            parameters.flat[entry] = moved
            losses.append(network.loss(batch))
        parameters.flat[entry] = value
        numeric[entry] = (losses[0] - losses[1]) / (2 * STEP)
    np.testing.assert_allclose(network.gradients.flat, numeric, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("batch", [1, 4])
@pytest.mark.parametrize("widths", [(12,), (12, 8)])
def test_the_new_cell_learns(make_trainer, advance, batch, widths):
    trainer = make_trainer(widths=widths, batch=batch)
    assert not FastPath.serves(trainer.parameters.architecture)
    advance(trainer, 1)
    before = trainer.smoothed_loss
    advance(trainer, 400)
    assert trainer.smoothed_loss < 0.8 * before


def test_a_saved_run_with_the_new_cell_continues_bit_for_bit(make_trainer, advance, tmp_path):
    whole = make_trainer()
    advance(whole, 30)
    save_run(tmp_path / "run.npz", whole.corpus, whole.state())
    resumed = load_run(tmp_path / "run.npz").resume()
    assert isinstance(resumed.learner.optimizer, Signum)
    for trainer in (whole, resumed):
        advance(trainer, 30)
    assert resumed.parameters.flat.tobytes() == whole.parameters.flat.tobytes()


def test_the_new_cell_is_resized(make_trainer, advance):
    trainer = make_trainer()
    advance(trainer, 200)
    before = loss_of_names(trainer.parameters, trainer.held_out).nats_per_name
    for widths in ((16,), (10,), (10, 14)):
        trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=widths))
        advance(trainer, 10)
        assert trainer.parameters.architecture.widths == widths
        after = loss_of_names(trainer.parameters, trainer.held_out).nats_per_name
        assert after < before + 1.0


@pytest.mark.parametrize("widths", [(12,), (12, 8)])
def test_every_insight_works_with_the_new_cell(make_trainer, advance, widths):
    trainer = make_trainer(widths=widths)
    advance(trainer, 50)
    snapshot, names = trainer.snapshot(), trainer.training_names
    name, before = names[0], snapshot.parameters
    hyperparameters = replace(trainer.hyperparameters, l2=0.01)
    made = arithmetic(snapshot, name, hyperparameters)
    assert made.not_finite == 0
    assert set(quantity_names("janet")) == {"a", "Gamma_f", "c_tilde"}
    for layer in states(snapshot, name).layers:
        assert tuple(layer) == quantity_names("janet")
    symbols = {line.symbol for line in made.lines}
    assert {"Γf⟨t⟩", "dΓf⟨t⟩", "dWf"} <= symbols or {"Γf[2]⟨t⟩", "dΓf[2]⟨t⟩", "dWf[2]"} <= symbols
    assert any("sign(v)" in line.equation for line in made.lines)
    assert clipping(snapshot, name, 0.1).loss == pytest.approx(made.loss)
    assert next_letters(snapshot, name).loss == pytest.approx(made.loss)
    assert flow(snapshot, name).layers[0].dc is None
    for what in quantity_names("janet"):
        assert drivers(snapshot, names, 1, 0, what).not_finite == 0
    assert {weight.name.rpartition(".")[2] for weight in weights(snapshot)} >= {"Wf", "bf"}
    ratios = update_ratios(before, made.after)
    assert ratios.keys() == sgd_update_ratios(before, made.gradients, 0.01).keys()


def test_its_gate_gradients_follow_from_the_gradient_of_its_state(make_trainer, advance):
    trainer = make_trainer()
    advance(trainer, 50)
    made = arithmetic(trainer.snapshot(), trainer.training_names[0], trainer.hyperparameters)
    by_symbol = {(line.symbol, line.step): line.value for line in made.lines}
    steps = [step for symbol, step in by_symbol if symbol == "a⟨t⟩"]
    for t in steps:
        f, c_tilde, a = (by_symbol[symbol, t] for symbol in ("Γf⟨t⟩", "ĉ⟨t⟩", "a⟨t⟩"))
        a_prev = by_symbol.get(("a⟨t⟩", t - 1), np.zeros_like(a))
        expected = by_symbol["da⟨t⟩", t] * (a_prev - c_tilde) * f * (1 - f)
        np.testing.assert_allclose(by_symbol["dΓf⟨t⟩", t], expected, rtol=0, atol=1e-12)


def test_a_removed_cell_is_no_longer_registered(monkeypatch):
    with monkeypatch.context() as patch:
        patch.delitem(CELLS, "janet")
        patch.delitem(OPTIMIZERS, "signum")
        with pytest.raises(ValueError, match="cell must be one of rnn, gru, lstm, got 'janet'"):
            RunSettings(cell="janet")
        with pytest.raises(ValueError, match=r"optimizer must be one of .*, got 'signum'"):
            Hyperparameters(optimizer="signum")
