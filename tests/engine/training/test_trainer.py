import copy
import math
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from engine.data.reader import read_names
from engine.data.reading.casing import title_case
from engine.data.vocabulary import EncodedNames
from engine.nn.cells import CELLS
from engine.nn.network import Network, loss_of_names
from engine.nn.optimizers import OPTIMIZERS
from engine.nn.packing import Packed
from engine.reference.dinosaurus import rnn_backward, rnn_forward, update_parameters
from engine.sampling.names import logged_names
from engine.training.live_run.observed_run import LOG_EVERY
from engine.training.loaders.name_loader import HELD_OUT_EVERY
from engine.training.messages import Chunk
from engine.training.ranges import MAX_LEARNING_RATE
from engine.training.recipes import DEFAULT, NOTEBOOK
from engine.training.record import Record
from engine.training.settings import Hyperparameters, RunSettings, default_hyperparameters
from engine.training.trainer import Trainer

INITIAL = Hyperparameters(learning_rate=0.02, clip=1.0, widths=(6,))
RECIPES = pytest.mark.parametrize("recipe", [DEFAULT, NOTEBOOK], ids=lambda recipe: recipe.name)


@pytest.fixture
def start(lengths_corpus, backend):
    """Return a function that makes a trainer on names of different lengths, of each backend."""
    return lambda recipe=DEFAULT, hyperparameters=INITIAL, **settings: Trainer(
        lengths_corpus, replace(hyperparameters, backend=backend), recipe, RunSettings(**settings)
    )


def change(trainer, hyperparameters, **changes):
    """Set hyperparameters, but for the backend."""
    backend = trainer.hyperparameters.backend
    return trainer.set_hyperparameters(replace(hyperparameters, **changes, backend=backend))


@pytest.fixture
def step_by_hand(course_example):
    """Return a function that makes one step through the reference, clipping by entry."""

    def step(course, Y, a_prev, learning_rate, clip):
        X, targets = course_example(Y)
        loss, cache = rnn_forward(X, targets, a_prev, course)
        gradients, a = rnn_backward(X, targets, course, cache)
        if clip is not None:
            gradients = {n: np.minimum(np.maximum(g, -clip), clip) for n, g in gradients.items()}
        update_parameters(course, gradients, learning_rate)
        return loss, a[len(X) - 1]

    return step


def assert_same_parameters(parameters, course, atol=1e-12):
    for name, array in course.items():
        actual = parameters.named[{"b": "ba"}.get(name, name)].reshape(array.shape)
        np.testing.assert_allclose(actual, array, rtol=0, atol=atol, err_msg=name)


def widths_of(trainer):
    return trainer.parameters.architecture.widths


# The course's figures.


def test_the_notebook_recipe_repeats_the_course(course, dinos_path, advance, backend):
    usual = default_hyperparameters(NOTEBOOK)
    trainer = Trainer(read_names(dinos_path), replace(usual, backend=backend), NOTEBOOK)
    figures, seen = course["model"], {}
    for iteration in (0, 1000, 2000):
        advance(trainer, iteration + 1 - trainer.step)
        names = logged_names(trainer.parameters, trainer.vocabulary, is_legacy=True, seed=0)
        seen[str(iteration)] = trainer.smoothed_loss, [title_case(name) for name in names]
    for iteration, loss in figures["smoothed_loss"].items():
        assert f"{seen[iteration][0]:.6f}" == f"{loss:.6f}", f"iteration {iteration}"
    for iteration, names in figures["names"].items():
        assert seen[iteration][1] == names, f"iteration {iteration}"


# The same arguments and calls give the same numbers.


@RECIPES
@pytest.mark.parametrize("at_a_time", [1, 7, 333])
def test_dividing_steps_among_runs_does_not_matter(start, advance, recipe, at_a_time):
    whole, divided = start(recipe), start(recipe)
    expected = Chunk.join(advance(whole, 2_100))
    chunk = Chunk.join(advance(divided, 2_100, at_a_time))
    for column in ("loss", "characters", "smoothed_loss", "smoothed_characters"):
        np.testing.assert_array_equal(getattr(chunk, column), getattr(expected, column))
    assert chunk.held_out == expected.held_out
    np.testing.assert_array_equal(divided.parameters.flat, whole.parameters.flat)


@RECIPES
def test_a_seed_repeats_its_run_and_another_gives_another(start, recipe):
    first, again, other = (start(recipe, seed=seed) for seed in (3, 3, 4))
    losses = [trainer.run(1) and trainer.run(100).loss for trainer in (first, again, other)]
    np.testing.assert_array_equal(losses[0], losses[1])
    assert (losses[0] != losses[2]).any()
    assert (first.parameters.flat != other.parameters.flat).any()


def test_a_resize_is_reproducible(start):
    flats = []
    for _ in range(2):
        trainer = start()
        for hidden in (6, 12, 5):
            change(trainer, INITIAL, widths=(hidden,))
            trainer.run(50)
        flats.append(trainer.parameters.flat)
    np.testing.assert_array_equal(flats[0], flats[1])


def test_a_seed_below_zero_is_refused():
    with pytest.raises(ValueError, match="seed must be a whole number from 0 to"):
        RunSettings(seed=-1)


# What one step does.


@RECIPES
def test_steps_are_those_of_the_reference(
    start, advance, name_of_length, step_by_hand, to_course, recipe
):
    trainer = start(recipe)
    course, a = to_course(trainer.parameters), np.zeros((INITIAL.widths[0], 1))
    chunk = Chunk.join(advance(trainer, 100))
    for step, characters in enumerate(chunk.characters):
        if not recipe.carries_state:
            a = np.zeros((INITIAL.widths[0], 1))
        loss, a = step_by_hand(
            course,
            name_of_length(characters),
            a,
            INITIAL.learning_rate,
            INITIAL.clip,
        )
        assert chunk.loss[step] == pytest.approx(loss, abs=1e-9), f"step {step}"
    assert_same_parameters(trainer.parameters, course, atol=1e-9)


@pytest.mark.parametrize(
    ("learning_rate", "clip"), [(0.5, 1.0), (0.02, 0.01), (1e-5, None), (0.3, 0.1), (0.02, None)]
)
def test_hyperparameters_act_at_the_very_next_step(
    start, advance, name_of_length, step_by_hand, to_course, learning_rate, clip
):
    trainer = start()
    advance(trainer, 60)
    course = to_course(trainer.parameters)
    assert change(trainer, INITIAL, learning_rate=learning_rate, clip=clip) is None
    Y = name_of_length(trainer.run(1).characters[0])
    step_by_hand(course, Y, np.zeros((INITIAL.widths[0], 1)), learning_rate, clip)
    assert_same_parameters(trainer.parameters, course)


def test_clipping_is_by_entry(start):
    trainer = start(hyperparameters=replace(INITIAL, clip=0.001))
    before = trainer.snapshot().parameters.flat
    trainer.run(1)
    steps = np.abs(trainer.parameters.flat - before)
    bound = 0.001 * INITIAL.learning_rate
    assert steps.max() == pytest.approx(bound)
    # Were it by norm, small entries would have shrunk with the large: many stand at the bound.
    assert (steps > 0.999 * bound).sum() > 5
    assert ((steps > 0) & (steps < 0.5 * bound)).any()


# Which names it learns from.


def test_each_epoch_visits_every_training_name_once_in_another_order(start, advance):
    trainer = start()
    count = len(trainer.training_names)
    visited = Chunk.join(advance(trainer, 4 * count)).characters.reshape(4, count)
    names = sorted(trainer.training_names.lengths)
    assert [sorted(epoch) for epoch in visited] == [names] * 4
    assert len({tuple(epoch) for epoch in visited}) == 4
    assert trainer.epoch == 4.0


def test_the_notebook_recipe_shuffles_once_and_leaves_nothing_out(start, advance, lengths_corpus):
    trainer = start(NOTEBOOK)
    visited = Chunk.join(advance(trainer, 90)).characters.reshape(3, 30)
    assert visited[0].tolist() == visited[1].tolist() == visited[2].tolist()
    assert sorted(visited[0]) == sorted(len(name) + 1 for name in lengths_corpus.names)
    assert visited[0].tolist() != [len(name) + 1 for name in lengths_corpus.names]
    assert trainer.held_out is None


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_held_out_names_are_never_trained_on(start, advance, lengths_corpus, seed):
    trainer = start(seed=seed)
    held_out = {int(length) for length in trainer.held_out.lengths}
    visited = {int(length) for length in Chunk.join(advance(trainer, 200)).characters}
    assert len(held_out) == 3
    assert held_out | visited == {len(name) + 1 for name in lengths_corpus.names}
    assert not held_out & visited


def test_only_the_notebook_recipe_trains_on_duplicates(make_corpus, advance):
    corpus = make_corpus(["rex", "rex", "rex", "baryonyx", "mei long"])
    visited = Counter(Chunk.join(advance(Trainer(corpus, INITIAL, NOTEBOOK), 5)).characters)
    assert visited == {4.0: 3, 9.0: 2}
    assert len(Trainer(corpus, INITIAL).training_names) == 2


def test_two_names_are_enough(make_corpus, advance):
    trainer = Trainer(make_corpus(["rex", "mei"]), INITIAL)
    first = trainer.run(1)
    advance(trainer, 1_500)
    assert (len(trainer.training_names), len(trainer.held_out)) == (1, 1)
    assert trainer.smoothed_loss < first.loss[0]
    assert np.isfinite(change(trainer, INITIAL, widths=(4,)).cost.after)


# What it tells.


def test_held_out_loss_is_measured_every_thousand_steps(start, advance):
    trainer, measured = start(), []
    for step in (0, 1, HELD_OUT_EVERY, 2 * HELD_OUT_EVERY):
        chunks = advance(trainer, step - trainer.step) or [trainer.run(0)]
        measured += [m for chunk in chunks for m in chunk.held_out]
        if step % HELD_OUT_EVERY == 0:
            expected = loss_of_names(trainer.parameters, trainer.held_out)
            assert measured[-1].step == step
            assert measured[-1].nats_per_name == pytest.approx(expected.nats_per_name)
            assert measured[-1].nats_per_character == pytest.approx(expected.nats_per_character)
    assert [m.step for m in measured] == [0, 1_000, 2_000]


def test_training_lowers_the_held_out_loss(train):
    trainer = train(0, widths=(20,))
    before = loss_of_names(trainer.parameters, trainer.held_out).nats_per_character
    trainer = train(3_000, widths=(20,))
    assert loss_of_names(trainer.parameters, trainer.held_out).nats_per_character < 0.6 * before


@RECIPES
def test_log_entries_fall_on_the_course_s_iterations(start, recipe):
    trainer, steps = start(recipe), []
    for _ in range(3):
        trainer.run(10_000)
        assert trainer.is_at_log_entry
        steps.append(trainer.step)
    assert steps == [1, 1 + LOG_EVERY, 1 + 2 * LOG_EVERY] == [1, 2001, 4001]
    trainer.run(1)
    assert not trainer.is_at_log_entry


def test_a_chunk_has_one_entry_per_step_and_is_read_only(start):
    trainer = start()
    trainer.run(1)
    chunk = trainer.run(25)
    assert (len(chunk), trainer.step) == (25, 26)
    assert chunk.smoothed_loss[-1] == trainer.smoothed_loss
    with pytest.raises(ValueError, match="read-only"):
        chunk.loss[0] = 0.0


def test_a_time_limit_of_zero_still_makes_a_step(start):
    trainer = start()
    trainer.run(1)
    made = len(trainer.run(1_000, seconds=0.0))
    # The compiled backend makes its first few steps at once, before it knows their pace.
    assert made == 1 if trainer.hyperparameters.backend == "numpy" else 1 <= made <= 16


def test_a_debiased_average_begins_at_the_first_loss(start):
    chunk = start().run(1)
    assert chunk.smoothed_loss[0] == pytest.approx(chunk.loss[0])
    assert chunk.smoothed_characters[0] == pytest.approx(chunk.characters[0])


def test_measuring_the_first_network_later_changes_nothing(lengths_corpus):
    at_once = Trainer(lengths_corpus)
    later = Trainer(lengths_corpus, measures_later=True)
    assert later.held_out_trend is None
    assert np.array_equal(later.snapshot().parameters.flat, at_once.parameters.flat)
    later.measure_at_start()
    for trainer in (at_once, later):
        trainer.run(300)
    (a, b) = (trainer.state() for trainer in (at_once, later))
    assert (a.step, a.events) == (b.step, b.events)
    assert a.parameters.flat.tobytes() == b.parameters.flat.tobytes()
    assert a.values.keys() == b.values.keys()
    for name, value in a.values.items():
        assert np.array_equal(value, b.values[name]), name


def test_a_snapshot_does_not_change(start):
    trainer = start()
    assert trainer.snapshot().smoothed_loss is None
    trainer.run(1)
    snapshot = trainer.snapshot()
    before = snapshot.parameters.flat.copy()
    trainer.run(50)
    np.testing.assert_array_equal(snapshot.parameters.flat, before)
    assert snapshot.step == 1
    assert snapshot.vocabulary == trainer.vocabulary
    assert (trainer.parameters.flat != before).any()


def test_the_global_random_state_is_left_alone(start):
    before = np.random.get_state()  # noqa: NPY002 this is the state in question
    trainer = start(NOTEBOOK)
    trainer.run(1)
    change(trainer, INITIAL, widths=(9,))
    trainer.run(40)
    np.testing.assert_array_equal(np.random.get_state()[1], before[1])  # noqa: NPY002


# Another width in the middle of a run.


@RECIPES
@pytest.mark.parametrize("hidden", [4, 30])
def test_training_continues_after_a_resize(train, advance, recipe, hidden):
    trainer = train(1_500, recipe=recipe, widths=(16,))
    before = trainer.snapshot()
    report = trainer.set_hyperparameters(Hyperparameters(widths=(hidden,)))
    assert (report.step, report.widths_before, report.widths_after) == (1_500, (16,), (hidden,))
    assert widths_of(trainer) == trainer.hyperparameters.widths == (hidden,)
    assert (trainer.step, trainer.smoothed_loss) == (1_500, before.smoothed_loss)
    started = trainer.snapshot().parameters.flat
    after_resize = loss_of_names(trainer.parameters, trainer.training_names).nats_per_name
    advance(trainer, 1_500)
    assert (trainer.parameters.flat != started).any()
    assert loss_of_names(trainer.parameters, trainer.training_names).nats_per_name < after_resize


@RECIPES
def test_only_a_narrower_network_has_a_cost(train, recipe):
    trainer = train(1_500, recipe=recipe, widths=(16,))
    before = trainer.parameters
    cost = trainer.set_hyperparameters(Hyperparameters(widths=(8,))).cost
    names = trainer.held_out if recipe.holds_out else trainer.training_names
    assert cost.held_out is recipe.holds_out
    assert cost.before == pytest.approx(loss_of_names(before, names).nats_per_name)
    assert cost.after == pytest.approx(loss_of_names(trainer.parameters, names).nats_per_name)
    assert trainer.set_hyperparameters(Hyperparameters(widths=(9,))).cost is None


def test_a_drag_from_end_to_end_keeps_training(train, advance):
    trainer = train(300, widths=(16,))
    for hidden in (512, 4, 100, 5, 60):
        trainer.set_hyperparameters(Hyperparameters(widths=(hidden,)))
        advance(trainer, 20)
    assert widths_of(trainer) == (60,)
    assert trainer.parameters.is_finite()


# A loss that is no longer a number.


WILD = Hyperparameters(learning_rate=1e15, clip=None, widths=(6,))


@RECIPES
def test_divergence_goes_back_to_good_parameters_and_training_can_go_on(start, advance, recipe):
    trainer = start(recipe)
    advance(trainer, 600)
    guessing = np.log(len(trainer.vocabulary)) * trainer.training_names.lengths.mean()
    change(trainer, WILD)
    chunk = trainer.run(100)
    assert trainer.divergence is not None
    assert trainer.divergence.step == trainer.step == 600 + len(chunk) < 700
    assert trainer.divergence.last_good_step <= 600
    assert trainer.divergence.learning_rate == 1e15
    assert np.isfinite(chunk.loss).all()
    assert trainer.parameters.is_finite()
    assert loss_of_names(trainer.parameters, trainer.training_names).nats_per_name < guessing
    change(trainer, INITIAL)
    assert len(trainer.run(100)) == 100
    assert trainer.divergence is None
    assert trainer.parameters.is_finite()


def test_divergence_from_the_start_goes_back_to_the_start(start):
    trainer = start(hyperparameters=WILD)
    before = trainer.snapshot().parameters.flat
    trainer.run(10)
    assert trainer.step == 1, "the first step is logged, and so looked at"
    assert trainer.divergence.last_good_step == 0
    assert trainer.snapshot().step == 0
    np.testing.assert_array_equal(trainer.parameters.flat, before)


def test_it_diverges_again_while_the_learning_rate_is_too_large(start):
    trainer = start(hyperparameters=WILD)
    for _ in range(5):
        trainer.run(100)
        trainer.run(100)
        assert trainer.divergence is not None
        assert trainer.parameters.is_finite()


def test_a_resize_copies_good_parameters_of_the_new_width(start, advance):
    trainer = start()
    advance(trainer, 300)
    change(trainer, WILD, widths=(9,))
    trainer.run(100)
    assert trainer.divergence is not None
    assert widths_of(trainer) == trainer.hyperparameters.widths == (9,)
    change(trainer, INITIAL, widths=(9,))
    advance(trainer, 100)


@pytest.mark.parametrize("hidden", [4, 9])
def test_a_resize_after_a_divergent_step_but_before_its_loss(start, hidden):
    trainer = start(hyperparameters=WILD)
    trainer.run(1)  # its loss was fine; the parameters are beyond use since
    change(trainer, INITIAL, widths=(hidden,))
    trainer.run(10)  # may find out
    chunk = trainer.run(10)
    assert len(chunk) == 10, "it diverges for ever"
    assert chunk.loss.max() < 1e3
    assert widths_of(trainer) == (hidden,)


@pytest.mark.parametrize("steps", [1, 1000, 2001])
def test_diverged_parameters_are_found_before_they_are_logged_or_measured(start, advance, steps):
    trainer = start()
    if steps > 1:
        advance(trainer, steps - 1)
    wild = {"learning_rate": MAX_LEARNING_RATE, "clip": None, "optimizer": "momentum"}
    trainer.set_hyperparameters(replace(trainer.hyperparameters, **wild))
    trainer.learner.optimizer.moments[0][:] = 1e300  # the next update is infinite
    chunk = trainer.run(1)
    assert trainer.divergence is not None
    assert trainer.parameters.is_finite()
    assert all(np.isfinite(measured.nats_per_name) for measured in chunk.held_out)


# Batches, optimisers and stacks.


@pytest.fixture
def make_trainer(lengths_corpus):
    """Return a function that makes a trainer with a cell, on names of different lengths."""

    def make(cell="gru", widths=(6,), recipe=DEFAULT, seed=0, embedding=None, **hyperparameters):
        hyperparameters = Hyperparameters(
            **({"learning_rate": 0.02, "widths": widths} | hyperparameters)
        )
        return Trainer(
            lengths_corpus,
            hyperparameters,
            recipe,
            RunSettings(cell, embedding=embedding, seed=seed),
        )

    return make


def batch_of(trainer, next_ones):
    """Return a trainer's next batch, from a copy of its loader."""
    return copy.deepcopy(trainer.learner.loader).next_batch(next_ones)


class ByHand:
    """Steps as `Hyperparameters` describes them, beside a trainer, from its present state."""

    def __init__(self, trainer):
        self.parameters = trainer.parameters.copy()
        self.optimizer = copy.deepcopy(trainer.learner.optimizer)
        self.random = copy.deepcopy(trainer.learner.random)

    def step(self, hyperparameters, batch, epoch=0, *, is_new_optimizer=False):
        if is_new_optimizer:
            self.optimizer = OPTIMIZERS[hyperparameters.optimizer](self.parameters.flat)
        network, total, loss = Network(self.parameters), 0.0, 0.0
        if hyperparameters.dropout:
            loss = network.loss_and_gradients(batch, hyperparameters.dropout, self.random)
            total = network.gradients.flat
        else:  # name by name
            for name in unpack(batch):
                loss += network.loss_and_gradients(name)
                total = total + network.gradients.flat
        g = total / batch.n_names
        if hyperparameters.clip is not None and hyperparameters.clipping == "entries":
            g = np.clip(g, -hyperparameters.clip, hyperparameters.clip)
        elif hyperparameters.clip is not None:
            g = g * min(1.0, hyperparameters.clip / np.sqrt((g**2).sum()))
        rate = hyperparameters.learning_rate / (1 + hyperparameters.decay * epoch)
        self.optimizer.step(self.parameters.flat, g, rate, hyperparameters.l2)
        return loss / batch.n_names


def unpack(batch):
    """Return the names of a batch, each packed alone."""
    names = {place: [] for place in range(batch.n_names)}
    for step in batch.steps:
        for place, row in enumerate(range(step.start, step.stop)):
            names[place].append(int(batch.targets[row]))
    for name in names.values():
        yield Packed.of(EncodedNames(np.array(name), np.array([0, len(name)])), np.array([0]))


def assert_at(trainer, by_hand):
    np.testing.assert_allclose(trainer.parameters.flat, by_hand.parameters.flat, rtol=0, atol=1e-12)


@pytest.mark.parametrize("embedding", [None, 3])
@pytest.mark.parametrize("widths", [(6,), (6, 5)], ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_a_batch_step_is_the_mean_over_its_names(make_trainer, cell, widths, embedding):
    trainer = make_trainer(cell, widths, embedding=embedding, batch=5)
    by_hand = ByHand(trainer)
    for _ in range(4):
        batch = batch_of(trainer, 5)
        loss = by_hand.step(trainer.hyperparameters, batch)
        chunk = trainer.run(1)
        assert chunk.loss[0] == pytest.approx(loss, abs=1e-10)
        assert chunk.characters[0] == pytest.approx(len(batch) / 5)
        assert_at(trainer, by_hand)


CHANGES = [
    *({"optimizer": name} for name in OPTIMIZERS),
    {"clip": 0.01},
    {"clip": None},
    {"clip": 0.05, "clipping": "norm"},
    {"clip": 1e9, "clipping": "norm"},
    {"l2": 0.5},
    {"l2": 0.5, "optimizer": "adamw"},
    {"dropout": 0.4},
    {"batch": 1},
    {"batch": 9},
    {"batch": 100},
    {"learning_rate": 0.5, "optimizer": "adam"},
    {"decay": 3.0},
]
IDLE = [
    *({"clip": None}, {"clip": 1e9, "clipping": "norm"}, {"optimizer": "momentum"}, {"decay": 3.0}),
]
"""Changes that do not show in a step.

Gradients are small, momentum begins as SGD does, and a rate falls only an epoch after it is set.
"""


@pytest.mark.parametrize("change", CHANGES, ids=str)
@pytest.mark.parametrize("cell", ["rnn", "gru"])
def test_every_change_acts_at_the_very_next_step(make_trainer, advance, cell, change):
    first = "sgd" if change.get("optimizer") == "momentum" else "momentum"
    trainer = make_trainer(cell, (6,) if cell == "rnn" else (6, 5), batch=4, optimizer=first)
    advance(trainer, 10)  # 40 names of 27: in the second epoch
    hyperparameters = replace(trainer.hyperparameters, **change)
    present, unchanged, by_hand = trainer.hyperparameters, ByHand(trainer), ByHand(trainer)
    for count in range(3):
        batch = batch_of(trainer, hyperparameters.batch)
        is_new = count == 0 and hyperparameters.optimizer != first
        epoch = 0 if "decay" in change else int(trainer.epoch)
        by_hand.step(hyperparameters, batch, epoch, is_new_optimizer=is_new)
        if count == 0:
            if hyperparameters.batch == present.batch:
                unchanged.step(present, batch, epoch)
            assert trainer.set_hyperparameters(hyperparameters) is None
        trainer.run(1)
        assert_at(trainer, by_hand)
        if (
            count == 0
            and "batch" not in change
            and change not in IDLE
            and hyperparameters != present
        ):
            assert np.abs(trainer.parameters.flat - unchanged.parameters.flat).max() > 1e-9


@pytest.mark.parametrize("batch", [1, 9])
@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_the_learning_rate_decays_from_epoch_to_epoch(make_trainer, cell, batch):
    """The course: rate / (1 + decay x epoch), the same for all steps of an epoch."""
    trainer = make_trainer(cell, batch=batch, decay=1.0, clip=None)
    steps = len(trainer.training_names) // batch
    assert steps * batch == len(trainer.training_names)
    wrong = []
    for step in range(2 * steps):
        by_hand = ByHand(trainer)
        by_hand.step(trainer.hyperparameters, batch_of(trainer, batch), step // steps)
        trainer.run(1)
        if np.abs(trainer.parameters.flat - by_hand.parameters.flat).max() > 1e-12:
            wrong.append(step)
    assert wrong == [], f"of steps 0 to {2 * steps - 1}, {steps} an epoch"


@pytest.mark.parametrize("batch", [1, 9])
@pytest.mark.parametrize("count", [120, 1_300])
def test_the_learning_rate_falls_exponentially_at_every_step(make_corpus, batch, count):
    """SGD steps with the rate computed by hand; a short list counts as 1,000 names."""
    random = np.random.default_rng(count)
    names = ["".join(random.choice(list("abcdef"), size=6)) for _ in range(count)]
    trainer = Trainer(
        make_corpus(names),
        Hyperparameters(0.1, None, (5,), batch=batch, decay=30.0, schedule="exponential"),
    )
    epoch = max(len(trainer.training_names), 1_000)
    for step in range(20):
        by_hand = ByHand(trainer)
        rate = 0.1 * math.exp(-30.0 * batch * step / epoch)
        constant = replace(trainer.hyperparameters, learning_rate=rate, decay=0.0)
        by_hand.step(constant, batch_of(trainer, batch), 0)
        trainer.run(1)
        np.testing.assert_allclose(
            trainer.parameters.flat, by_hand.parameters.flat, rtol=0, atol=1e-12
        )
        assert trainer.decay_epoch == pytest.approx(batch * (step + 1) / epoch)


def test_the_default_runs_of_both_recipes_begin_with_their_own_hyperparameters(corpus):
    for recipe in (DEFAULT, NOTEBOOK):
        found = Trainer(corpus, recipe=recipe).hyperparameters
        assert found == default_hyperparameters(recipe)


def test_a_change_of_the_schedule_is_recorded_and_replayed_to_the_bit(make_trainer):
    trainer = make_trainer(decay=2.0)
    trainer.run(30)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, schedule="exponential"))
    trainer.run(30)
    (event,) = trainer.record.events
    assert [(c.name, c.before, c.after) for c in event.changes] == [
        ("schedule", "inverse", "exponential")
    ]
    assert Record.from_json(trainer.record.to_json()) == trainer.record
    again = make_trainer(decay=2.0)
    again.run(30)
    again.set_hyperparameters(replace(again.hyperparameters, schedule="exponential"))
    again.run(30)
    np.testing.assert_array_equal(again.parameters.flat, trainer.parameters.flat)


@pytest.mark.parametrize("batch", [1, 4, 27, 50])
def test_epochs_of_batches_visit_every_name_once(make_trainer, batch):
    trainer = make_trainer(batch=batch)
    count, taken = len(trainer.training_names), []
    while len(taken) < 4 * count:
        ends = unpack(batch_of(trainer, batch))
        taken += [len(name) for name in ends]
        trainer.run(1)
        assert trainer.epoch == pytest.approx(len(taken) / count)
    names = sorted(trainer.training_names.lengths)
    if batch in (1, 27):
        for epoch in range(4):
            assert sorted(taken[epoch * count : (epoch + 1) * count]) == names
    counted = Counter(taken)
    assert set(counted) == set(names)
    assert max(counted.values()) - min(counted.values()) <= 1


def test_a_batch_may_span_two_epochs(make_trainer):
    trainer = make_trainer(batch=10)
    loader, singly = (copy.deepcopy(trainer.learner.loader) for _ in range(2))
    for _ in range(9):
        batch = sorted(len(name) for name in unpack(loader.next_batch(10)))
        assert batch == sorted(len(singly.next_name()[0]) for _ in range(10))


def test_the_same_seed_gives_the_same_run_of_a_gru_with_dropout(make_trainer, advance):
    runs = []
    for seed, at_a_time in ((3, 1_000), (3, 7), (4, 1_000)):
        trainer = make_trainer(
            "gru", (8, 6), batch=32, dropout=0.3, optimizer="adam", seed=seed, embedding=4
        )
        chunk = Chunk.join(advance(trainer, 60, at_a_time))
        runs.append((trainer.parameters.flat, chunk.loss, chunk.held_out))
    for first, again in zip(runs[0], runs[1], strict=True):
        np.testing.assert_array_equal(first, again)
    assert (runs[0][1] != runs[2][1]).any()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("cell", CELLS)
def test_widths_and_layers_change_while_training(corpus, advance, cell, dtype):
    hyperparameters = Hyperparameters(0.01, widths=(8,), optimizer="adam", batch=16)
    trainer = Trainer(corpus, hyperparameters, settings=RunSettings(cell, dtype=dtype))
    advance(trainer, 150)
    for widths in ((12,), (12, 9), (6, 14), (6, 14, 5), (20, 20, 20, 20)):
        before, moments = trainer.parameters.architecture.widths, trainer.learner.optimizer.moments
        report = trainer.set_hyperparameters(replace(hyperparameters, widths=widths))
        assert (report.step, report.widths_before, report.widths_after) == (
            trainer.step,
            before,
            widths,
        )
        assert widths_of(trainer) == trainer.hyperparameters.widths == widths
        is_but_wider = len(widths) == len(before) and widths > before and min(widths) > 6
        assert (report.cost is None) == is_but_wider
        if report.cost:
            after = loss_of_names(trainer.parameters, trainer.held_out).nats_per_name
            assert report.cost.after == pytest.approx(after)
        assert len(trainer.learner.optimizer.moments) == len(moments)
        for moment in trainer.learner.optimizer.moments:
            assert moment.shape == trainer.parameters.flat.shape
            assert moment.dtype == trainer.parameters.flat.dtype == np.dtype(dtype)
        assert len(Chunk.join(advance(trainer, 30))) == 30
        assert trainer.parameters.is_finite()
    assert trainer.smoothed_loss < 25


def test_widening_does_not_change_the_loss_of_the_next_batch(make_trainer, advance):
    plain, widened = (make_trainer("lstm", (6, 5), batch=4, optimizer="adam") for _ in range(2))
    for trainer in (plain, widened):
        advance(trainer, 60)
    widened.set_hyperparameters(replace(widened.hyperparameters, widths=(9, 12)))
    assert widened.run(1).loss[0] == pytest.approx(plain.run(1).loss[0], abs=1e-11, rel=0)


def test_layers_cannot_be_removed(make_trainer, advance):
    trainer = make_trainer("gru", (6, 5), batch=4)
    advance(trainer, 5)
    hyperparameters, before = trainer.hyperparameters, trainer.parameters.flat.copy()
    with pytest.raises(ValueError, match=r"widths must name at least 2 layers, got \(6,\)"):
        trainer.set_hyperparameters(replace(hyperparameters, widths=(6,), learning_rate=0.5))
    assert trainer.hyperparameters is hyperparameters
    np.testing.assert_array_equal(trainer.parameters.flat, before)


@pytest.mark.parametrize(
    "settings", [{"cell": "gru"}, {"cell": "lstm"}, {"embedding": 4}, {"dtype": "float32"}], ids=str
)
def test_the_notebook_recipe_refuses_other_networks(lengths_corpus, settings):
    with pytest.raises(ValueError, match="The notebook recipe is the course's"):
        Trainer(lengths_corpus, INITIAL, NOTEBOOK, RunSettings(**settings))


@pytest.mark.parametrize(
    "hyperparameters", [{"widths": (6, 6)}, {"batch": 2}, {"dropout": 0.1}], ids=str
)
def test_the_notebook_recipe_refuses_other_hyperparameters(start, hyperparameters):
    with pytest.raises(ValueError, match="The notebook recipe is the course's"):
        start(NOTEBOOK, replace(INITIAL, **hyperparameters))
    trainer = start(NOTEBOOK)
    before = trainer.parameters.flat.copy()
    with pytest.raises(ValueError, match="The notebook recipe is the course's"):
        change(trainer, INITIAL, **hyperparameters)
    assert replace(trainer.hyperparameters, backend="numpy") == INITIAL
    np.testing.assert_array_equal(trainer.parameters.flat, before)


def test_the_notebook_recipe_takes_any_optimizer_and_width(start, advance):
    trainer = start(NOTEBOOK, replace(INITIAL, optimizer="adam", clipping="norm", l2=0.01))
    advance(trainer, 50)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(9,)))
    advance(trainer, 50)


def test_the_held_out_share_is_used(start, lengths_corpus):
    trainer = start(held_out=0.5)
    assert len(trainer.held_out) == lengths_corpus.held_out_count(0.5) == 15
    assert len(trainer.training_names) == 15


@pytest.mark.parametrize("cell", CELLS)
def test_batches_diverge_and_recover_as_single_names_do(make_trainer, advance, cell):
    trainer = make_trainer(cell, (6, 5), batch=8, optimizer="momentum")
    advance(trainer, 300)
    wild = replace(trainer.hyperparameters, learning_rate=1e15, clip=None)
    trainer.set_hyperparameters(replace(wild, widths=(6, 9, 7)))
    chunk = trainer.run(100)
    assert trainer.divergence is not None
    assert np.isfinite(chunk.loss).all()
    assert trainer.parameters.is_finite()
    assert widths_of(trainer) == (6, 9, 7)
    trainer.set_hyperparameters(replace(wild, widths=(6, 9, 7), learning_rate=0.01, clip=5.0))
    assert len(trainer.run(50)) == 50
    assert trainer.parameters.is_finite()


# Quality.


def test_a_gru_falls_below_1_72_nats_per_character_within_1000_steps(dinos_path, advance):
    hyperparameters = Hyperparameters(0.005, widths=(50,), optimizer="adam", batch=32)
    trainer = Trainer(read_names(dinos_path), hyperparameters, settings=RunSettings("gru"))
    least = np.inf
    while trainer.step < 1_000 and least >= 1.72:
        advance(trainer, 50)
        found = loss_of_names(trainer.parameters, trainer.held_out).nats_per_character
        least = min(least, found)
    assert least < 1.72


def test_units_changed_after_going_back_are_of_the_other_network(corpus):
    trainer = Trainer(corpus, Hyperparameters(widths=(6,)))
    trainer.run(600)
    trainer.go_back()
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(4,)), 1)
    trainer.undo_go_back()
    assert trainer.hyperparameters.widths == (6,)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(9,)), 2)
    trainer.set_hyperparameters(replace(trainer.hyperparameters, widths=(6,)), 2, undo=True)
    assert trainer.parameters.architecture.widths == (6,)
