import re

import numpy as np
import pytest

from engine.cli.main import main
from engine.data.vocabulary import Vocabulary
from engine.nn.architecture import Architecture
from engine.nn.cells import CELLS
from engine.nn.kinds import of_blend
from engine.nn.network import Network, loss_of_names
from engine.nn.packing import Packed
from engine.nn.parameters import Parameters
from engine.runs.replay import replay
from engine.runs.run_file import load_run
from engine.runs.saved_network import SavedNetwork, load_network, save_network
from engine.runs.warm_start import describe_warm_start, transfer_parameters
from engine.training.record import Record

EACH_BACKEND = pytest.mark.usefixtures("each_backend")
NAMES = ("allosaurus", "ceratops", "megalodon", "raptor", "tyrannosaurus", "xuraptor")
OTHER_NAMES = ("élan", "raptor", "max", "zeus", "tops", "lara")
VERSE = "the rose is red,\nthe sky is blue,\n" * 12
OTHER_VERSE = "O the day is long!\nso is the night.\n" * 12
OPTIONS = ("--steps", "25", "--optimizer", "adam", "--learning-rate", "0.01")


@pytest.fixture
def run(capsys):
    """Return a function that runs a command: its exit code, output and complaints."""

    def call(*arguments):
        try:
            code = main([str(word) for word in arguments])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def begun(run, tmp_path):
    """Return a function that saves a network, and a run that began with it on other data."""

    def make(kind, *network, more=()):
        old, new = (NAMES, OTHER_NAMES) if kind == "names" else (VERSE, OTHER_VERSE)
        flags = () if kind == "names" else ("--text", "--streams", "3", "--length", "8")
        for name, content in (("old", old), ("new", new)):
            lines = content if isinstance(content, str) else "\n".join(content)
            (tmp_path / f"{name}.txt").write_text(lines, encoding="utf-8")
        saved, place = tmp_path / "old.npz", tmp_path / "new.npz"
        code, _, complaints = run(
            *("train", tmp_path / "old.txt", *flags, *network, *OPTIONS, "--save", saved)
        )
        assert code == 0, complaints
        code, _, complaints = run(
            *("train", tmp_path / "new.txt", *flags, "--init-from", saved, *OPTIONS),
            *("--save", place, *more),
        )
        assert code == 0, complaints
        return load_run(saved), load_run(place), complaints

    return make


@EACH_BACKEND
@pytest.mark.parametrize("kind", ["names", "text"])
@pytest.mark.parametrize("cell", CELLS)
def test_a_run_begins_with_a_saved_network_and_is_repeated(begun, run, tmp_path, cell, kind):
    saved, new, complaints = begun(kind, "--cell", cell, "--hidden", "6,5", "--layers", "2")
    was, warm_start = saved.network, new.record.warm_start
    assert (warm_start.source, warm_start.step, new.state.step) == ("old.npz", 25, 25)
    assert new.network.parameters.architecture.widths == (6, 5)
    assert new.network.parameters.architecture.cell == cell
    known, vocabulary = was.vocabulary, new.network.vocabulary
    strangers = [symbol for symbol in vocabulary.symbols if symbol not in known.symbols]
    message = f"{len(strangers)} of {len(vocabulary)} symbols are new to it: {' '.join(strangers)}."
    assert f"Starts with the network of “old.npz” after 25 steps; {message}" in complaints
    for symbol in vocabulary.symbols:
        if symbol not in strangers:
            at, before = vocabulary.index_of[symbol], known.index_of[symbol]
            for name in ("Wya", "by"):
                np.testing.assert_array_equal(
                    warm_start.parameters.named[name][at], was.parameters.named[name][before]
                )
    moved = np.abs(new.network.parameters.flat - warm_start.parameters.flat).max()
    assert 0 < moved < 1, "it was trained on from there"
    code, output, _ = run("replay", tmp_path / "new.npz")
    assert (code, output) == (0, "Replayed 25 steps and 0 events: the same to the bit.\n")
    # The warm start survives a resume, and the steps from before it are repeated as well.
    assert run("resume", tmp_path / "new.npz", "--steps", "10")[0] == 0
    code, output, _ = run("replay", tmp_path / "new.npz")
    assert (code, output) == (0, "Replayed 35 steps and 1 event: the same to the bit.\n")


@pytest.mark.parametrize("embedding", [None, 3])
@pytest.mark.parametrize("cell", CELLS)
def test_known_symbols_are_read_and_predicted_as_before(cell, embedding, make_parameters):
    """Logits of known symbols stay the same when the vocabulary grows."""
    known, wider = Vocabulary(("\n", "a", "b", "c")), Vocabulary(("\n", "a", "é", "b", "d"))
    saved = make_parameters(len(known), (5, 4), 1, cell=cell, embedding=embedding)
    random = np.random.default_rng(2)
    after = transfer_parameters(saved, (known, ()), (wider, ()), random, dtype="float64")

    def logits(parameters, vocabulary, name):
        network = Network(parameters)
        batch = Packed.of(vocabulary.encode_all([name]), np.arange(1))
        (*_, a) = network.states(batch)
        return a @ parameters.Wya.T + parameters.by

    z, before = logits(after, wider, "abba"), logits(saved, known, "abba")
    np.testing.assert_allclose(z[:, [0, 1, 3]], before[:, [0, 1, 2]], rtol=1e-12)
    drawn = Parameters.initial(
        Architecture(len(wider), cell, (5, 4), embedding), np.random.default_rng(2)
    )
    for place in (2, 4):
        np.testing.assert_array_equal(after.Wya[place], drawn.Wya[place])
        rows, expected = (
            p.layers[0].V[place] if p.E is None else p.E[place] for p in (after, drawn)
        )
        np.testing.assert_array_equal(rows, expected)


@EACH_BACKEND
def test_over_the_same_data_it_begins_where_the_other_ended(begun, run, tmp_path):
    saved, _, _ = begun("names", "--cell", "gru", "--hidden", "8")
    place = tmp_path / "again.npz"
    code, output, complaints = run(
        *("train", tmp_path / "old.txt", "--init-from", tmp_path / "old.npz", "--steps", "1"),
        *("--seed", "3", "--learning-rate", "1e-12", "--save", place),
    )
    assert code == 0
    assert complaints.endswith("it knows all symbols.\n")
    again = load_run(place)
    np.testing.assert_array_equal(
        again.record.warm_start.parameters.flat, saved.network.parameters.flat
    )
    assert (again.state.step, again.record.settings.seed) == (1, 3)
    assert again.state.hyperparameters.optimizer == "sgd", "settings come from the options"
    names = again.network.vocabulary.encode_all(again.corpus.split(3)[1])
    expected = loss_of_names(saved.network.parameters, names).nats_per_character
    message = re.search(r"nats per name, ([\d.]+) nats per character", output)
    assert float(message[1]) == pytest.approx(expected, abs=1e-4)


def test_parameters_are_converted_to_the_requested_type(begun):
    saved, new, _ = begun("names", "--dtype", "float64", more=("--dtype", "float32"))
    assert new.network.parameters.architecture.dtype == "float32"
    assert new.record.warm_start.parameters.flat.dtype == np.float32
    _, kept, _ = begun("names", "--dtype", "float32")
    assert kept.network.parameters.architecture.dtype == "float32"
    assert saved.network.parameters.architecture.dtype == "float64"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--cell", "lstm"), "--cell lstm does not fit the network in “{}”, which has gru."),
        (("--hidden", "9"), "--hidden 9,9 does not fit the network in “{}”, which has 6,5."),
        (("--layers", "1"), "--layers 1 does not fit the network in “{}”, which has 2."),
        (("--embedding", "4"), "--embedding 4 does not fit the network in “{}”, which has none."),
        (("--recipe", "notebook"), "--recipe: The notebook recipe is the course's"),
    ],
    ids=str,
)
def test_options_that_contradict_the_saved_network_are_refused(begun, run, tmp_path, more, message):
    begun("names", "--cell", "gru", "--hidden", "6,5")
    old = tmp_path / "old.npz"
    code, output, complaints = run("train", tmp_path / "new.txt", "--init-from", old, *more)
    assert (code, output) == (2, "")
    assert complaints.startswith(message.format(old))
    assert complaints.count("\n") == 1
    fitting = ("--cell", "gru", "--hidden", "6,5", "--layers", "2", "--steps", "1")
    assert run("train", tmp_path / "new.txt", "--init-from", old, *fitting)[0] == 0


def test_files_without_a_usable_network_are_refused(begun, run, tmp_path):
    saved, _, _ = begun("names")
    names, lost = tmp_path / "new.txt", tmp_path / "lost.npz"
    parameters = saved.network.parameters.copy()
    parameters.flat[3] = np.nan
    save_network(lost, SavedNetwork(parameters, saved.network.vocabulary))
    for file, message in (
        (tmp_path / "none.npz", "--init-from: There is no file “"),
        (names, "--init-from: “new.txt” holds no network"),
        (lost, f"--init-from: The parameters in “{lost}” are not finite numbers."),
    ):
        code, output, complaints = run("train", names, "--init-from", file)
        assert (code, output) == (2, "")
        assert complaints.startswith(message)
        assert complaints.count("\n") == 1


def test_a_network_alone_and_one_of_the_other_kind_are_accepted(begun, run, tmp_path):
    saved, _, _ = begun("names", "--hidden", "7")
    alone = tmp_path / "alone.npz"
    save_network(alone, SavedNetwork(saved.network.parameters, saved.network.vocabulary, 9))
    (tmp_path / "verse.txt").write_text(VERSE, encoding="utf-8")
    place = tmp_path / "verse.npz"
    code, _, complaints = run(
        *("train", tmp_path / "verse.txt", "--text", "--init-from", alone, "--steps", "3"),
        *("--save", place),
    )
    assert (code, "after 9 steps; " in complaints) == (0, True)
    assert load_network(place).parameters.architecture.widths == (7,)
    assert run("replay", place)[1].endswith("the same to the bit.\n")


def test_replaying_a_record_needs_the_warm_start_s_parameters(begun):
    _, new, _ = begun("names")
    record = Record.from_json(new.record.to_json())
    assert record == new.record
    with pytest.raises(ValueError, match=r"began with the network of “old\.npz”, whose parameters"):
        replay(record, new.corpus, new.network.parameters, new.state.step)


def test_a_damaged_warm_start_is_refused(begun, run, tmp_path):
    begun("names")
    place = tmp_path / "new.npz"
    with np.load(place) as file:
        entries = dict(file)
    entries["run/warm_start.parameters"] = entries["run/warm_start.parameters"] + 1.0
    np.savez(place, **entries)
    code, output, complaints = run("replay", place)
    assert (code, output) == (1, "")
    assert complaints.startswith("“new.npz” is damaged: fingerprint must be that of the parameters")


# Kinds of names.

LETTERS, MORE_LETTERS = Vocabulary(("\n", "a", "b", "c")), Vocabulary(("\n", "a", "é", "b", "d"))
KINDS, OTHER_KINDS = ("Greek", "Irish"), ("Old Norse", "Irish", "Greek", "Welsh")


def transfer(saved, kinds, wanted, vocabulary=LETTERS, **changes):
    random = np.random.default_rng(2)
    both = (LETTERS, kinds), (vocabulary, wanted)
    return transfer_parameters(saved, *both, random, **({"dtype": "float64"} | changes))


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_without_kinds_begins_with_all_kinds_alike(cell, make_parameters):
    saved = make_parameters(4, (5, 4), 1, cell=cell, embedding=3)
    after = transfer(saved, (), KINDS)
    assert after.architecture.n_kinds == 2
    for kind in range(2):
        np.testing.assert_array_equal(of_blend(after, np.eye(2)[kind]).flat, saved.flat)


@pytest.mark.parametrize("cell", CELLS)
def test_kinds_are_matched_by_their_titles_and_new_ones_are_the_mean(cell, make_parameters):
    saved = make_parameters(4, (5, 4), 1, cell=cell, n_kinds=2)
    after = transfer(saved, KINDS, OTHER_KINDS)
    mean = of_blend(saved, np.array([0.5, 0.5])).flat
    greek, irish = (of_blend(saved, row).flat for row in np.eye(2))
    for kind, expected in enumerate((mean, irish, greek, mean)):
        found = of_blend(after, np.eye(4)[kind]).flat
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-14)


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_that_is_told_kinds_no_more_begins_as_their_mean(cell, make_parameters):
    saved = make_parameters(4, (5, 4), 1, cell=cell, n_kinds=2)
    before = saved.flat.copy()
    after = transfer(saved, KINDS, ())
    assert after.architecture.n_kinds == 0
    np.testing.assert_allclose(after.flat, of_blend(saved, np.array([0.5, 0.5])).flat, atol=1e-14)
    np.testing.assert_array_equal(saved.flat, before)


def test_kinds_and_symbols_may_both_be_new(make_parameters):
    saved = make_parameters(4, 5, 1, n_kinds=2)
    after = transfer(saved, KINDS, OTHER_KINDS, MORE_LETTERS, dtype="float32")
    assert after.flat.dtype == np.float32
    (new,), (old,) = after.layers, saved.layers
    np.testing.assert_allclose(new.V[[0, 1, 3]], old.V[[0, 1, 2]], rtol=1e-6)
    np.testing.assert_allclose(new.K[[1, 2]], old.K[[1, 0]], rtol=1e-6)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("both_directions", [False, True])
def test_a_network_that_tells_kinds_keeps_the_outputs_of_those_it_knows(
    cell, both_directions, make_parameters
):
    more = {"task": "tell", "both_directions": both_directions}
    saved = make_parameters(4, (5, 4), 1, cell=cell, n_kinds=2, **more)
    after = transfer(saved, KINDS, OTHER_KINDS, **more)
    drawn = Parameters.initial(after.architecture, np.random.default_rng(2))
    np.testing.assert_array_equal(after.Wya, [drawn.Wya[0], *saved.Wya[[1, 0]], drawn.Wya[3]])
    np.testing.assert_array_equal(after.by, [0.0, *saved.by[[1, 0]], 0.0])
    for new, old in zip(
        after.layers + after.reverse_layers, saved.layers + saved.reverse_layers, strict=True
    ):
        np.testing.assert_array_equal(new.block, old.block)


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_that_has_written_names_begins_to_tell_their_kinds(cell, make_parameters):
    saved = make_parameters(4, (5, 4), 1, cell=cell, embedding=3, n_kinds=2)
    after = transfer(saved, KINDS, KINDS, task="tell", both_directions=True)
    drawn = Parameters.initial(after.architecture, np.random.default_rng(2))
    mean = of_blend(saved, np.array([0.5, 0.5]))
    np.testing.assert_array_equal(after.E, saved.E)
    for name in ("Wya", "by"):
        np.testing.assert_array_equal(getattr(after, name), getattr(drawn, name))
    for place, (new, old) in enumerate(zip(after.layers, mean.layers, strict=True)):
        read = len(old.V)
        np.testing.assert_array_equal(new.U, old.U)
        np.testing.assert_array_equal(new.V[:read], old.V)
        np.testing.assert_array_equal(new.V[read:], drawn.layers[place].V[read:])
        np.testing.assert_allclose(new.b, old.b, rtol=0, atol=1e-14)
    for new, old in zip(after.reverse_layers, drawn.reverse_layers, strict=True):
        np.testing.assert_array_equal(new.block, old.block)
    back = transfer(after, KINDS, KINDS)
    assert back.architecture == saved.architecture
    assert not any(layer.K.any() for layer in back.layers)
    np.testing.assert_array_equal(back.layers[1].V, saved.layers[1].V)


@pytest.mark.parametrize(
    ("known", "kinds", "task", "told"),
    [
        ((), (), "write", ""),
        ((), KINDS, "write", " It knows no kinds yet."),
        (KINDS, KINDS, "write", " It knows all kinds."),
        (OTHER_KINDS, KINDS, "write", " It knows all kinds."),
        (KINDS, OTHER_KINDS, "write", " 2 of 4 kinds are new to it: Old Norse, Welsh."),
        (OTHER_KINDS, (), "write", " It starts as the mean of its 4 kinds."),
        (
            KINDS,
            KINDS,
            "tell",
            " It knows all kinds. It has written names so far, so its output layer is new.",
        ),
    ],
    ids=str,
)
def test_what_is_new_to_the_network_is_said(known, kinds, task, told, make_parameters):
    saved = SavedNetwork(make_parameters(4, 5, 1, n_kinds=len(known)), LETTERS, 9, kinds=known)
    found = describe_warm_start(saved, "old.npz", LETTERS, kinds, task)
    start = "Starts with the network of “old.npz” after 9 steps; it knows all symbols."
    assert found == start + told


def test_of_many_new_kinds_some_are_listed(make_parameters):
    saved = SavedNetwork(make_parameters(4, 5, 1, n_kinds=2), LETTERS, 9, kinds=KINDS)
    wanted = tuple(f"kind {i}" for i in range(300))
    found = describe_warm_start(saved, "old.npz", LETTERS, wanted)
    assert " 300 of 300 kinds are new to it: kind 0, kind 1, " in found
    assert found.endswith(", kind 19, ….")


def test_a_network_that_has_told_kinds_so_far_says_so(make_parameters):
    parameters = make_parameters(4, 5, 1, n_kinds=2, task="tell")
    saved = SavedNetwork(parameters, LETTERS, 9, kinds=KINDS)
    found = describe_warm_start(saved, "old.npz", LETTERS, KINDS)
    assert found.endswith(" It has told kinds so far, so its output layer is new.")


@EACH_BACKEND
def test_a_run_by_kind_begins_with_a_network_of_other_kinds_and_is_repeated(run, tmp_path):
    lists = {"greek": NAMES, "irish": OTHER_NAMES, "norse": ("thor", "odin", "loki", "freya")}
    for folder, kinds in (("old", ("greek", "irish")), ("new", ("irish", "norse"))):
        (tmp_path / folder).mkdir()
        for kind in kinds:
            path = tmp_path / folder / f"{kind}.txt"
            path.write_text("\n".join(lists[kind]), encoding="utf-8")
    old, new = tmp_path / "old.npz", tmp_path / "new.npz"
    small = ("--kinds", "--hidden", "6", "--batch", "4", *OPTIONS)  # a preset for kinds is large
    assert run("train", tmp_path / "old", *small, "--save", old)[0] == 0
    code, _, complaints = run(
        *("train", tmp_path / "new", *small, "--init-from", old, "--save", new)
    )
    assert (code, "1 of 2 kinds are new to it: norse." in complaints) == (0, True), complaints
    saved, begun = load_run(old), load_run(new)
    before, start = saved.network.parameters.layers[0], begun.record.warm_start.parameters.layers[0]
    irish, norse = (begun.network.kinds.index(title) for title in ("irish", "norse"))
    known = saved.network.kinds.index("irish")
    np.testing.assert_array_equal(start.K[irish], before.K[known])
    np.testing.assert_allclose(start.K[norse], before.K.mean(axis=0), rtol=0, atol=1e-15)
    code, output, _ = run("replay", new)
    assert (code, output) == (0, "Replayed 25 steps and 0 events: the same to the bit.\n")
