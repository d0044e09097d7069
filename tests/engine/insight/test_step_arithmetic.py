import re
from dataclasses import replace

import numpy as np
import pytest

from engine.insight import STAGES, arithmetic
from engine.nn.functions import softmax
from engine.nn.optimizers import CLIPPINGS, OPTIMIZERS
from engine.training.messages import Snapshot
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

CELLS = pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
WIDTHS = pytest.mark.parametrize("widths", [(5,), (5, 4, 3)], ids=str)
EMBEDDINGS = pytest.mark.parametrize("embedding", [None, 3], ids=["one-hot", "embedded"])
NAME = [3, 1, 4, 1, 0]
HYPERPARAMETERS = Hyperparameters(learning_rate=0.1, clip=0.2)


@pytest.fixture(scope="module")
def of_one_name(make_corpus):
    """Return a function that makes a trainer on a single name, and returns both."""

    def make(hyperparameters, **settings):
        corpus = make_corpus(["bcacb", "abcab"])  # the other one is held out
        trainer = Trainer(corpus, hyperparameters, settings=RunSettings(**settings))
        assert len(trainer.training_names) == 1
        return trainer, trainer.training_names[0]

    return make


# The trainer's step.


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
@pytest.mark.parametrize(("l2", "decay"), [(0.0, 0.0), (0.1, 0.5)])
def test_the_new_parameters_equal_the_trainers(of_one_name, cell, optimizer, l2, decay):
    hyperparameters = Hyperparameters(
        learning_rate=0.03, clip=0.05, widths=(5, 4), optimizer=optimizer, l2=l2, decay=decay
    )
    assert_steps_agree(*of_one_name(hyperparameters, cell=cell, embedding=3))


@pytest.mark.parametrize("clipping", CLIPPINGS)
@pytest.mark.parametrize("clip", [None, 1e-3, 0.3])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_new_parameters_equal_the_trainers_with_every_clipping(
    of_one_name, dtype, clip, clipping
):
    hyperparameters = Hyperparameters(learning_rate=0.5, clip=clip, clipping=clipping, widths=(7,))
    assert_steps_agree(*of_one_name(hyperparameters, dtype=dtype))


def assert_steps_agree(trainer, name):
    hyperparameters = trainer.hyperparameters
    rule = OPTIMIZERS[hyperparameters.optimizer](trainer.parameters.flat)
    for _ in range(3):
        found = arithmetic(
            trainer.snapshot(), name, hyperparameters, epoch=trainer.decay_epoch, optimizer=rule
        )
        assert found.loss == pytest.approx(trainer.run(1).loss[0], rel=1e-12)
        assert (found.before.flat != found.after.flat).any()
        np.testing.assert_allclose(found.after.flat, trainer.parameters.flat, rtol=0, atol=1e-12)
        rate = float(pick(found, "update", "α")[0].value)
        rule.step(found.before.flat.copy(), found.clipped.flat.copy(), rate, hyperparameters.l2)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_without_an_optimizer_the_step_is_the_first(of_one_name, optimizer):
    trainer, name = of_one_name(replace(HYPERPARAMETERS, widths=(5,), optimizer=optimizer))
    found = arithmetic(trainer.snapshot(), name, trainer.hyperparameters)
    trainer.run(1)
    np.testing.assert_allclose(found.after.flat, trainer.parameters.flat, rtol=0, atol=1e-12)


def test_the_given_optimizer_is_not_changed(make_snapshot):
    snapshot = make_snapshot()
    momentum = OPTIMIZERS["momentum"](snapshot.parameters.flat)
    arithmetic(snapshot, NAME, HYPERPARAMETERS, optimizer=momentum)
    assert momentum.steps == 0
    assert (momentum.moments[0] == 0).all()


# Each equation is evaluated as it is written, from the lines and the parameters.

IN_WORDS = ("x⟨t⟩", "dy⟨t⟩", "dE")
"""What no equation says in symbols; tests of its own follow."""

_TERM = re.compile(
    r"(?P<name>d?(?:W(?:ax|aa|ya|[a-z])|Γ[a-z]|ĉ|ŷ|b[a-z]|[xazcy]))(?P<layer>\[\d\])?"
    r"(?P<half>\[:, :n_a\]|\[:, n_a:\])?(?P<time>⟨t[-+]?1?⟩)?(?P<transposed>ᵀ)?(?P<squared>²)?"
)
_OFFSETS = {"⟨t-1⟩": -1, "⟨t⟩": 0, "⟨t+1⟩": 1}
_STACKED = re.compile(r"\[((?:[^\[\];]|\[\d\])+); ((?:[^\[\];]|\[\d\])+)\]")
_PROTECTED = {"tanh(": "H(", "softmax(": "M(", "σ(": "S("}


def to_python(right):
    """Translate the right side of an equation into Python."""
    for word, letter in _PROTECTED.items():
        right = right.replace(word, letter)
    right = _STACKED.sub(r"J(\1, \2)", right.replace("−", "-").replace("∗", "*"))
    right = _TERM.sub(lambda match: f"V({tuple(match.groupdict().values())!r})", right)
    right = right.replace(")ᵀ", ").T").replace(")²", ")**2")
    return re.sub(r"\) (?=[VJ(])", ") @ ", right)


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


class Evaluator:
    """Evaluates right sides: vectors are columns, and steps outside the name are zero."""

    def __init__(self, found, T):
        self.T = T
        self.parameters = found.before.named
        self.at = {
            (line.symbol.removesuffix("⟨t⟩"), line.step): line.value.reshape(-1, 1)
            for line in found.lines
            if line.step is not None and line.stage != "loss"
        }

    def evaluate(self, right, t):
        code = to_python(right)
        functions = {"H": np.tanh, "S": sigmoid, "M": lambda z: softmax(z, axis=0)}
        functions["J"] = lambda *columns: np.concatenate(columns)
        functions["V"] = lambda term: self.term(t, *term)
        return eval(code, functions)

    def term(self, t, name, layer, half, time, transposed, squared):
        if time:
            value = self.of_step(name + (layer or ""), t + _OFFSETS[time])
        else:
            value = self.parameter(name, layer)
        if half:
            n_a = len(value)
            value = value[:, :n_a] if half == "[:, :n_a]" else value[:, n_a:]
        value = value.T if transposed else value
        return value**2 if squared else value

    def of_step(self, symbol, t):
        if 1 <= t <= self.T:
            return self.at[symbol, t]
        return np.zeros_like(self.at[symbol, 1])

    def parameter(self, name, layer):
        array = self.parameters[f"{layer[1:-1]}.{name}" if layer else name]
        return array.reshape(len(array), -1)


@CELLS
@WIDTHS
@EMBEDDINGS
def test_every_equation_gives_the_value_beside_it(make_snapshot, cell, widths, embedding):
    found = arithmetic(make_snapshot(widths, cell=cell, embedding=embedding), NAME, HYPERPARAMETERS)
    evaluator, steps = Evaluator(found, len(NAME)), range(1, len(NAME) + 1)
    for line in found.lines:
        left, _, right = line.equation.partition(" = ")
        assert left == line.symbol
        if line.stage not in ("forward", "backward") or line.symbol in IN_WORDS:
            continue
        if right.startswith("Σ "):
            value = sum(evaluator.evaluate(right.removeprefix("Σ "), t) for t in steps)
        else:
            value = evaluator.evaluate(right, line.step)
        expected = line.value.reshape(value.shape)
        np.testing.assert_allclose(expected, value, rtol=0, atol=1e-12, err_msg=line.equation)


# The rest of the lines.


def pick(found, stage, symbol):
    return [line for line in found.lines if line.stage == stage and line.symbol == symbol]


def test_lines_come_in_the_order_of_a_step(make_snapshot):
    found = arithmetic(make_snapshot(), NAME, HYPERPARAMETERS)
    stages = [line.stage for line in found.lines]
    assert stages == sorted(stages, key=STAGES.index)
    assert set(stages) == set(STAGES)
    forward = [line.step for line in found.lines if line.stage == "forward"]
    assert forward == sorted(forward)
    back = [line.step for line in found.lines if line.stage == "backward" and line.step]
    assert back == sorted(back, reverse=True)


def test_a_tanh_cell_in_the_course_notation(make_snapshot):
    found = arithmetic(make_snapshot(), NAME, HYPERPARAMETERS)
    (second,) = [line for line in pick(found, "forward", "a⟨t⟩") if line.step == 2]
    assert second.equation == "a⟨t⟩ = tanh(Wax x⟨t⟩ + Waa a⟨t−1⟩ + ba)"
    assert (second.layer, second.shape) == (1, (5,))
    (update,) = pick(found, "update", "Wax")
    assert update.equation == "Wax = Wax − α dWax"
    assert update.shape == (5, 6)


def test_several_layers_are_numbered(make_snapshot):
    found = arithmetic(make_snapshot((5, 3)), NAME, HYPERPARAMETERS)
    line = pick(found, "forward", "a[2]⟨t⟩")[0]
    assert line.equation == "a[2]⟨t⟩ = tanh(Wax[2] a[1]⟨t⟩ + Waa[2] a[2]⟨t−1⟩ + ba[2])"
    assert line.layer == 2


@EMBEDDINGS
def test_the_input_is_the_name_shifted_by_one_step(make_snapshot, embedding):
    snapshot = make_snapshot(embedding=embedding)
    letters = np.eye(6) if embedding is None else snapshot.parameters.E
    lines = pick(arithmetic(snapshot, NAME, HYPERPARAMETERS), "forward", "x⟨t⟩")
    expected = [np.zeros(letters.shape[1]), *letters[NAME[:-1]]]
    np.testing.assert_array_equal([line.value for line in lines], expected)


@CELLS
def test_losses_equal_the_courses(make_snapshot, by_course, cell):
    snapshot = make_snapshot(cell=cell)
    found = arithmetic(snapshot, NAME, HYPERPARAMETERS)
    losses = by_course(snapshot.parameters, NAME).losses
    np.testing.assert_allclose(
        [line.value for line in pick(found, "loss", "L⟨t⟩")], losses, rtol=0, atol=1e-12
    )
    assert pick(found, "loss", "L")[0].value == pytest.approx(losses.sum())
    for t, line in enumerate(reversed(pick(found, "backward", "dy⟨t⟩"))):
        y_hat = pick(found, "forward", "ŷ⟨t⟩")[t].value
        np.testing.assert_allclose(line.value, y_hat - np.eye(6)[NAME[t]], rtol=0, atol=1e-15)


@CELLS
def test_embedding_gradients_are_summed_over_the_steps_that_read_them(make_snapshot, cell):
    found = arithmetic(make_snapshot(cell=cell, embedding=3), NAME, HYPERPARAMETERS)
    dx, expected = pick(found, "backward", "dx⟨t⟩"), np.zeros((6, 3))
    for line in dx:
        if line.step > 1:
            expected[NAME[line.step - 2]] += line.value
    np.testing.assert_allclose(pick(found, "backward", "dE")[0].value, expected, atol=1e-14)


def test_clip_and_update(make_snapshot):
    snapshot = make_snapshot()
    found = arithmetic(snapshot, NAME, replace(HYPERPARAMETERS, l2=0.5, decay=1.0), epoch=3.7)
    raw, clipped = pick(found, "backward", "dWaa")[0], pick(found, "clip", "dWaa")[0]
    assert clipped.equation == "dWaa = clip(dWaa, −0.2, 0.2)"
    np.testing.assert_array_equal(clipped.value, np.clip(raw.value, -0.2, 0.2))
    assert (clipped.value != raw.value).any()
    (alpha,), (pulled,) = pick(found, "update", "α"), pick(found, "update", "dWaa")
    assert alpha.equation == "α = 0.1 / (1 + 1 × epoch)"
    assert alpha.value == 0.1 / 4
    Waa = snapshot.parameters.named["Waa"]
    np.testing.assert_allclose(pulled.value, clipped.value + 0.5 * Waa, atol=1e-15)
    after = pick(found, "update", "Waa")[0].value
    np.testing.assert_allclose(after, Waa - 0.025 * pulled.value, atol=1e-15)


def test_adamw_decays_separately_from_the_gradient(make_snapshot):
    snapshot = make_snapshot()
    found = arithmetic(snapshot, NAME, replace(HYPERPARAMETERS, l2=0.5, optimizer="adamw"))
    pulled, after = pick(found, "update", "Waa")
    assert pulled.equation == "Waa = (1 − α 0.5) Waa"
    np.testing.assert_allclose(pulled.value, 0.95 * snapshot.parameters.named["Waa"], atol=1e-15)
    # The first step of Adam equals the learning rate wherever there is a gradient.
    np.testing.assert_allclose(np.abs(after.value - pulled.value), 0.1, rtol=1e-4)


def test_missing_clipping_is_stated(make_snapshot):
    found = arithmetic(make_snapshot(), NAME, replace(HYPERPARAMETERS, clip=None))
    assert pick(found, "clip", "dby")[0].equation == "dby = dby, as clipping is off"
    np.testing.assert_array_equal(found.clipped.flat, found.gradients.flat)


@CELLS
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_not_finite_are_passed_on_and_counted(
    make_snapshot, spoil, cell, optimizer, value
):
    snapshot = spoil(make_snapshot((5, 3), cell=cell), "by", value)
    found = arithmetic(snapshot, NAME, replace(HYPERPARAMETERS, optimizer=optimizer, l2=0.1))
    assert np.isnan(found.loss)
    assert found.not_finite == sum((~np.isfinite(line.value)).sum() for line in found.lines) > 0
    assert np.isnan(found.after.flat).any()


def test_arrays_are_read_only(make_snapshot):
    snapshot = make_snapshot()
    found = arithmetic(
        Snapshot(0, snapshot.parameters.copy(), snapshot.vocabulary, None), NAME, HYPERPARAMETERS
    )
    assert not any(line.value.flags.writeable for line in found.lines)
    for parameters in (found.before, found.gradients, found.clipped, found.after):
        assert not parameters.flat.flags.writeable
        assert not parameters.Wya.flags.writeable


@EMBEDDINGS
def test_a_chunk_of_a_text_reads_the_symbol_before_it(make_snapshot, embedding):
    snapshot = make_snapshot(embedding=embedding)
    letters = np.eye(6) if embedding is None else snapshot.parameters.E
    found = arithmetic(snapshot, NAME, HYPERPARAMETERS, first=2)
    first = pick(found, "forward", "x⟨t⟩")[0]
    np.testing.assert_array_equal(first.value, letters[2])
    assert first.equation != "x⟨t⟩ = 0"
    named = found.gradients.named
    of_letters = named["Wax"].T if embedding is None else named["E"]
    assert (of_letters[2] != 0).any()  # no other step of the chunk reads it


def test_a_name_of_one_symbol(make_snapshot):
    found = arithmetic(make_snapshot((5, 3), cell="lstm"), [0], HYPERPARAMETERS)
    assert len(pick(found, "backward", "da[1]⟨t⟩")) == 1
    assert (pick(found, "backward", "dWf[1]")[0].value == 0).all()  # it has read no symbol
