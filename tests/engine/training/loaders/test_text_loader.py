import numpy as np
import pytest

from engine.data.reader import read_text
from engine.evaluation.text_loss import loss_of_text
from engine.nn.network import Network, loss_of_names
from engine.training.loaders.text_loader import StreamLoader, WindowLoader, window_starts
from engine.training.messages import Chunk
from engine.training.recipes import NOTEBOOK
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

INITIAL = Hyperparameters(0.01, 1.0, (12,), clipping="norm", optimizer="adam", batch=4)
WAYS = pytest.mark.parametrize("way", [{"length": 10}, {"window": 8, "stride": 3}], ids=str)


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    """Return a text of 3,000 symbols, most of which can be predicted."""
    random = np.random.default_rng(1)
    lines = ("the rose is red\n", "the sky is blue\n", "so is my love, o\n")
    path = tmp_path_factory.mktemp("text") / "verse.txt"
    path.write_text("".join(lines[i] for i in random.integers(3, size=190))[:3_000])
    return read_text(path)


def unpack(batch):
    """Return a batch's inputs and targets, one row per piece."""
    m = batch.n_names
    return batch.inputs.reshape(-1, m).T, batch.targets.reshape(-1, m).T


def test_streams_read_the_whole_text_in_order_and_start_over(text):
    loader = StreamLoader(text, RunSettings(length=50))
    training, _ = text.split()
    each = len(training) // 4
    rows = training[: 4 * each].reshape(4, each)
    batches = [loader.next_batch(4) for _ in range(-(-(each - 1) // 50))]
    inputs, targets = (
        np.concatenate(parts, axis=1) for parts in zip(*map(unpack, batches), strict=True)
    )
    np.testing.assert_array_equal(inputs, rows[:, :-1])
    np.testing.assert_array_equal(targets, rows[:, 1:])
    assert loader.taken == inputs.size
    assert len(loader) == len(training)
    np.testing.assert_array_equal(unpack(loader.next_batch(4))[0], rows[:, :50])


def test_states_begin_at_zero_where_streams_start_over(text, make_parameters):
    loader = StreamLoader(text, RunSettings(length=400))
    parameters = make_parameters(len(text.vocabulary), (5,), 1)
    is_zero = []
    for streams in (4, 4, 4, 3, 3):
        loader.next_batch(streams)
        (state,) = loader.states(parameters)
        assert state[0].shape == (streams, 5)
        is_zero.append(not state[0].any())
        state[0][:] = 1.0
    assert is_zero == [True, False, True, True, False]


def test_an_epoch_has_every_window_once(text):
    loader = WindowLoader(text, RunSettings(window=8, stride=3))
    training, _ = text.split()
    assert len(loader) == len(range(0, len(training) - 8, 3))
    epochs = []
    for _ in range(2):
        found, left = [], len(loader)
        while left:
            inputs, targets = unpack(loader.next_batch(min(64, left)))
            assert targets.shape[1] == 1
            found += np.hstack((inputs, targets)).tolist()
            left -= len(inputs)
        epochs.append(found)
    expected = [training[b : b + 9].tolist() for b in range(0, len(training) - 8, 3)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == sorted(expected)
    assert epochs[0] != epochs[1] != expected


def test_windows_begin_where_another_symbol_follows():
    assert window_starts(9, 8, 3).tolist() == [0]
    assert window_starts(12, 8, 3).tolist() == [0, 3]
    assert window_starts(8, 8, 1).tolist() == []


@WAYS
def test_the_held_out_end_is_never_read(text, advance, way):
    whole, held_out = text.symbols.copy(), text.held_out_count(0.5)
    runs = []
    for end in (whole[-held_out:], whole[-held_out:][::-1]):
        symbols = np.concatenate((whole[:-held_out], end))
        other = type(text)(text.source, symbols, text.vocabulary, 1, 1, False)
        trainer = Trainer(other, INITIAL, settings=RunSettings(held_out=0.5, **way))
        advance(trainer, 30)
        runs.append((trainer.parameters.flat, trainer.held_out_loss()))
    np.testing.assert_array_equal(runs[0][0], runs[1][0])
    assert runs[0][1] != runs[1][1]


@WAYS
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_a_text_is_learned(text, way, cell):
    trainer = Trainer(text, INITIAL, settings=RunSettings(cell=cell, **way))
    before = trainer.held_out_loss().nats_per_character
    while trainer.epoch < 4:
        trainer.run(50)
    assert trainer.held_out_loss().nats_per_character < 0.5 * before
    assert trainer.smoothed_loss < 0.5 * before
    assert trainer.smoothed_characters == pytest.approx(1.0)


@WAYS
def test_a_run_repeats_itself_however_it_is_divided(text, advance, way):
    settings = RunSettings(cell="gru", seed=3, **way)
    hyperparameters = Hyperparameters(0.01, 5.0, (6, 5), optimizer="adam", batch=4, dropout=0.3)
    whole, parts = (Trainer(text, hyperparameters, settings=settings) for _ in range(2))
    losses = Chunk.join(advance(whole, 24)).loss
    np.testing.assert_array_equal(Chunk.join(advance(parts, 24, 5)).loss, losses)
    np.testing.assert_array_equal(parts.parameters.flat, whole.parameters.flat)


def test_the_loss_of_a_step_is_the_mean_over_symbols(text):
    trainer = Trainer(text, INITIAL, settings=RunSettings(length=10))
    before = Network(trainer.parameters.copy())
    batch = StreamLoader(text, RunSettings(length=10)).next_batch(4)
    chunk = trainer.run(1)
    assert chunk.loss[0] == pytest.approx(before.loss(batch) / 40, rel=1e-12)
    assert chunk.characters.tolist() == [1.0]


def test_held_out_loss_is_measured_at_the_beginning_and_in_full_at_the_end(text):
    trainer = Trainer(text, INITIAL, settings=RunSettings(length=10))
    training, held_out = text.split()
    expected = loss_of_text(trainer.parameters, training, held_out)
    (measured,) = trainer.opening().held_out
    assert (measured.step, measured.nats_per_character) == (0, expected.nats_per_character)
    assert trainer.held_out_loss() == expected


@pytest.mark.parametrize("widths", [(20,), (9,), (12, 6), (15, 6)], ids=str)
def test_streams_continue_after_a_resize(text, widths):
    trainer = Trainer(text, INITIAL, settings=RunSettings(cell="lstm", length=10))
    while trainer.epoch < 4:
        trainer.run(50)
    level = trainer.smoothed_loss
    report = trainer.set_hyperparameters(Hyperparameters(**{**vars(INITIAL), "widths": widths}))
    assert report.widths_after == widths
    if widths == (20,):  # but wider: it computes the same, also from the state in mid-stream
        assert report.cost is None
        assert trainer.run(1).loss[0] < 1.5 * level
    else:
        assert 0 < report.cost.before < 1
        assert report.cost.held_out
    trainer.run(200)
    assert trainer.divergence is None
    assert trainer.smoothed_loss < 2 * level


def test_a_wider_network_s_next_step_costs_the_same(text, advance):
    losses = []
    for widths in ((12,), (25,)):
        trainer = Trainer(text, INITIAL, settings=RunSettings(cell="gru", length=10))
        advance(trainer, 40)
        trainer.set_hyperparameters(Hyperparameters(**{**vars(INITIAL), "widths": widths}))
        losses.append(trainer.run(1).loss[0])
    assert losses[1] == pytest.approx(losses[0], rel=1e-9)


def test_the_probe_of_a_text_is_cut_from_it(text):
    trainer = Trainer(text, INITIAL, settings=RunSettings(length=10))
    probe, whole = trainer.training_names, text.decode(text.symbols)
    assert len(probe) > 1
    assert all(text.decode(probe[i]) in whole for i in range(len(probe)))
    assert loss_of_names(trainer.parameters, probe).nats_per_character > 0


def test_what_cannot_be_learned_is_refused(text):
    with pytest.raises(ValueError, match="Choose a longer text or shorter windows"):
        Trainer(text, INITIAL, settings=RunSettings(window=1_000, held_out=0.9))
    with pytest.raises(ValueError, match="notebook recipe is for names"):
        Trainer(text, Hyperparameters(), NOTEBOOK)
    for name in ("window", "stride", "length"):
        for value in (0, 1_001, 2.0):
            with pytest.raises(ValueError, match=f"{name} must be a whole number from 1 to 1,000"):
                RunSettings(**{name: value})


def test_the_latest_piece_has_the_inputs_and_the_last_target(text):
    streams = StreamLoader(text, RunSettings(length=10))
    windows = WindowLoader(text, RunSettings(window=8, stride=3))
    for loader in (streams, windows):
        assert loader.latest is None
        inputs, targets = unpack(loader.next_batch(3))
        np.testing.assert_array_equal(loader.latest, [*inputs[0], targets[0][-1]])
    longer = StreamLoader(text, RunSettings(length=60))
    inputs, targets = unpack(longer.next_batch(3))
    np.testing.assert_array_equal(longer.latest, [*inputs[0][-40:], targets[0][-1]])


@WAYS
def test_the_latest_piece_is_read_only(text, way):
    trainer = Trainer(text, INITIAL, settings=RunSettings(**way))
    trainer.run(1)
    latest = trainer.snapshot().latest_name
    with pytest.raises(ValueError, match="read-only"):
        latest[0] = 0
