import numpy as np
import pytest

from engine.evaluation.units import Unit
from engine.nn.layers.layer_stack import zero_states
from engine.nn.network import Network, read_step
from engine.nn.packing import NO_SYMBOL
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.storage.validated_mapping import ValidatedMapping
from engine.training.curves.run_curves import Curves
from engine.training.loaders.data_loader import make_loader
from engine.training.loaders.document_loader import DocumentLoader
from engine.training.loaders.text_loader import WindowLoader
from engine.training.messages import Chunk
from engine.training.recipes import DEFAULT
from engine.training.settings import Hyperparameters, RunSettings
from engine.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("each_backend")

INITIAL = Hyperparameters(0.02, 1.0, (16,), clipping="norm", optimizer="adam", batch=8)
SETTINGS = RunSettings(cell="gru", length=20, seed=3)
LENGTHS = (1, 2, 7, 8, 9, 13, 14, 15, 20, 21, 22, 30) * 2


@pytest.fixture(scope="module")
def letters(make_documents):
    """Return documents of one letter each, which tells them apart, and of all sorts of lengths."""
    return make_documents([chr(ord("a") + i) * n for i, n in enumerate(LENGTHS)])


def pieces_of(batch):
    """Return the inputs and targets of each chunk of a batch."""
    rows = [[] for _ in range(batch.n_names)]
    for step in batch.steps:
        for place, row in enumerate(range(step.start, step.stop)):
            rows[place].append(row)
    return [(batch.inputs[each].tolist(), batch.targets[each].tolist()) for each in rows]


def training_documents(loader):
    documents = loader.training.beginnings(1_000)
    return [tuple(documents[i].tolist()) for i in range(len(documents))]


def first_epoch(loader, streams):
    """Yield batches until all documents are begun: each with its pieces, and where these begin."""
    begun, read = set(), {}
    while len(begun) < len(loader.training):
        batch, pieces = loader.next_batch(streams), []
        for inputs, targets in pieces_of(batch):
            letter = targets[0] or inputs[0]
            if inputs[0] == NO_SYMBOL:
                begun.add(letter)
                read[letter] = 0
            pieces.append((letter, read[letter], inputs, targets))
            read[letter] += len(targets)
        yield batch, pieces


@pytest.mark.parametrize("streams", [1, 3, 7])
def test_an_epoch_reads_every_document_from_its_beginning(letters, streams):
    loader = DocumentLoader(letters, RunSettings(length=7, seed=3))
    whole = {document[0]: document for document in training_documents(loader)}
    taken, first = 0, []
    for batch, pieces in first_epoch(loader, streams):
        assert batch.n_names == streams
        first = first or [whole[letter] for letter, *_ in pieces]
        for letter, begin, inputs, targets in pieces:
            assert inputs[1:] == targets[:-1]
            assert targets == list(whole[letter][begin : begin + len(targets)])
            is_first = whole[letter] in first
            assert len(targets) == 7 or targets[-1] == 0 or is_first
            assert inputs[0] == (whole[letter][begin - 1] if begin else NO_SYMBOL)
            taken += len(targets)
        assert loader.taken == taken
    assert len(loader) == sum(map(len, whole.values()))


def test_documents_of_one_length_are_not_read_in_step(make_documents):
    text = make_documents([chr(ord("a") + i) * 29 for i in range(24)])
    loader = DocumentLoader(text, RunSettings(length=20, seed=3))
    for _ in range(20):
        loader.next_batch(16)
    for _ in range(10):
        batch = loader.next_batch(16)
        begun = sum(inputs[0] == NO_SYMBOL for inputs, _ in pieces_of(batch))
        assert 3 <= begun <= 13


def test_every_epoch_has_an_order_of_its_own(documents):
    loader = DocumentLoader(documents, RunSettings(length=1_000, seed=3))
    count = len(loader.training)
    orders = [[pieces_of(loader.next_batch(1))[0][1] for _ in range(count)] for _ in range(2)]
    assert sorted(orders[0]) == sorted(orders[1])
    assert orders[0] != orders[1]
    assert orders[0] != [list(document) for document in training_documents(loader)]


def test_the_state_goes_on_within_a_document_and_begins_at_zero(letters, make_parameters):
    parameters = make_parameters(len(letters.vocabulary), (6, 5), 1, cell="lstm")
    loader = DocumentLoader(letters, RunSettings(length=7, seed=3))
    expected_nats = {d[0]: nats_of(parameters, d) for d in training_documents(loader)}
    network = Network(parameters)
    for batch, pieces in first_epoch(loader, 3):
        expected = sum(
            sum(expected_nats[letter][begin : begin + len(targets)])
            for letter, begin, _, targets in pieces
        )
        loss = network.loss(batch, loader.states(parameters))
        assert loss == pytest.approx(expected, rel=1e-9)


def nats_of(parameters, document):
    """Return the loss of each symbol of a document, read one by one."""
    states, before, nats = zero_states(parameters, 1), NO_SYMBOL, []
    for symbol in document:
        states, z = read_step(parameters, states, np.array([before]))
        nats.append(np.log(np.exp(z[0]).sum()) - z[0, symbol])
        before = symbol
    return nats


def test_the_number_of_streams_can_change_and_has_a_bound(letters, make_parameters):
    parameters = make_parameters(len(letters.vocabulary), (5,), 1)
    loader = DocumentLoader(letters, RunSettings(length=7, seed=3))
    for count in (3, 8, 2, 500, 5):
        batch = loader.next_batch(count)
        assert batch.n_names == min(count, len(loader.training))
        (state,) = loader.states(parameters)
        begins = batch.inputs[: batch.n_names] == NO_SYMBOL
        assert state[0].shape == (batch.n_names, 5)
        assert not state[0][begins].any()
        Network(parameters).loss(batch, loader.states(parameters))


def test_documents_are_learned(documents, advance):
    trainer = Trainer(documents, INITIAL, settings=SETTINGS)
    before = trainer.held_out_loss()
    advance(trainer, 150)
    after = trainer.held_out_loss()
    assert after.nats_per_character < 0.6 * before.nats_per_character
    assert after.nats_per_name < 0.6 * before.nats_per_name
    assert trainer.smoothed_characters == pytest.approx(documents.mean_length)


def test_a_run_repeats_itself_however_it_is_divided(documents, advance):
    hyperparameters = Hyperparameters(0.01, 5.0, (6, 5), optimizer="adam", batch=4, dropout=0.3)
    whole, parts = (Trainer(documents, hyperparameters, settings=SETTINGS) for _ in range(2))
    losses = Chunk.join(advance(whole, 24)).loss
    np.testing.assert_array_equal(Chunk.join(advance(parts, 24, 5)).loss, losses)
    np.testing.assert_array_equal(parts.parameters.flat, whole.parameters.flat)


@pytest.mark.parametrize("with_data", [True, False])
def test_a_saved_run_continues_to_the_bit(documents, tmp_path, advance, with_data):
    path, whole = tmp_path / "run.npz", Trainer(documents, INITIAL, settings=SETTINGS)
    advance(whole, 9)
    whole.set_hyperparameters(Hyperparameters(0.02, 1.0, (16,), "norm", "adam", batch=5))
    advance(whole, 4)
    save_run(path, documents, whole.state(), with_data=with_data)
    saved = load_run(path)
    assert (saved.corpus is not None) == with_data
    assert saved.network.document_break == "\n<|end|>\n"
    resumed = saved.resume(None if with_data else documents)
    assert resumed.corpus.fingerprint == documents.fingerprint
    assert resumed.corpus.document_break == documents.document_break
    losses = [Chunk.join(advance(each, 30)).loss for each in (resumed, whole)]
    np.testing.assert_array_equal(*losses)
    np.testing.assert_array_equal(resumed.parameters.flat, whole.parameters.flat)


def test_the_loss_is_told_per_document_and_per_symbol(documents, advance):
    trainer = Trainer(documents, INITIAL, settings=SETTINGS)
    before = trainer.parameters.copy()
    loader = DocumentLoader(documents, SETTINGS)
    batch = loader.next_batch(INITIAL.batch)
    states = zero_states(before, batch.n_names)
    per_symbol = Network(before).loss(batch, states) / len(batch.targets)
    chunk = Chunk.join(advance(trainer, 5))
    length = len(documents) / len(documents.documents)
    assert documents.mean_length == length
    np.testing.assert_array_equal(chunk.characters, length)
    assert chunk.loss[0] == pytest.approx(per_symbol * length, rel=1e-9)
    np.testing.assert_allclose(chunk.smoothed_characters, length)
    curves = Curves()
    curves.append(5, chunk)
    whole, single = (
        curves.smoothed(unit).last_point[1]
        for unit in (Unit.NATS_PER_DOCUMENT, Unit.NATS_PER_CHARACTER)
    )
    assert whole == pytest.approx(single * length)
    assert trainer.snapshot().smoothed_loss == pytest.approx(single)


def test_the_cost_of_a_resize_is_told_per_document(documents, advance):
    trainer = Trainer(documents, INITIAL, settings=SETTINGS)
    advance(trainer, 3)
    loader = trainer.learner.loader
    assert loader.probe_characters == documents.mean_length
    per_symbol = loader.probe_loss(trainer.parameters) / loader.probe_characters
    assert per_symbol < 2 * np.log(len(documents.vocabulary))


def test_resizing_carries_the_states_of_open_documents(documents, advance):
    trainer = Trainer(documents, INITIAL, settings=RunSettings(cell="lstm", length=10, seed=1))
    advance(trainer, 5)
    for widths in ((20,), (20, 8), (12, 8)):
        trainer.set_hyperparameters(
            Hyperparameters(0.02, 1.0, widths, clipping="norm", optimizer="adam", batch=8)
        )
        advance(trainer, 3)
    assert trainer.divergence is None
    assert [state[0].shape for state in trainer.learner.loader.states(trainer.parameters)] == [
        (8, 12),
        (8, 8),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("documents", np.array([0, 99])),
        ("documents", np.array([-1, 0])),
        ("documents", np.zeros(2)),
        ("positions", np.array([0, 0])),
        ("positions", np.array([10**6, 0])),
        ("positions", np.zeros(3, dtype=np.int64)),
        ("lengths", np.array([0, 7])),
        ("lengths", np.array([8, 7])),
        ("taken", -1),
    ],
)
def test_a_damaged_state_is_refused(letters, make_parameters, name, value):
    parameters = make_parameters(len(letters.vocabulary), (5,), 1)
    loader = DocumentLoader(letters, RunSettings(length=7, seed=3))
    loader.next_batch(2)
    state = loader.state() | {name: value}
    with pytest.raises(ValueError, match=r"document|positions|lengths|taken"):
        DocumentLoader(letters, RunSettings(length=7, seed=3)).restore(
            ValidatedMapping(state), parameters
        )


def test_held_out_documents_are_never_read(documents):
    loader = DocumentLoader(documents, SETTINGS)
    parts = [
        {tuple(part.take(np.array([i])).symbols) for i in range(len(part))}
        for part in (loader.training, loader.held_out)
    ]
    assert not parts[0] & parts[1]
    assert (len(parts[0]), len(parts[1])) == (36, 4)


def test_windows_reach_over_the_ends_of_documents_as_in_a_running_text(documents, advance):
    loader = make_loader(documents, DEFAULT, RunSettings(window=8, stride=3, seed=3))
    assert isinstance(loader, WindowLoader)
    held_out = documents.split(0.1, seed=3)[1]
    assert loader.held_out_data.size.whole == len(held_out)
    trainer = Trainer(documents, INITIAL, settings=RunSettings(window=8, stride=3, seed=3))
    before = trainer.held_out_loss()
    advance(trainer, 60)
    assert trainer.held_out_loss().nats_per_character < before.nats_per_character


def test_the_latest_piece_is_the_end_of_what_was_read(letters):
    loader = DocumentLoader(letters, RunSettings(length=7, seed=3))
    assert loader.latest is None
    batch = loader.next_batch(3)
    latest = loader.latest
    assert latest is not None
    assert latest.tolist() == pieces_of(batch)[0][1]
    with pytest.raises(ValueError, match="read-only"):
        latest[0] = 1


def test_replay_finds_the_same_bits(documents, advance):
    trainer = Trainer(documents, INITIAL, settings=SETTINGS)
    advance(trainer, 12)
    trainer.set_hyperparameters(Hyperparameters(0.01, 1.0, (12,), "norm", "adam", batch=5))
    advance(trainer, 6)
    found = replay(trainer.record, documents, trainer.parameters, trainer.step)
    assert (found.steps, found.difference) == (18, None)
