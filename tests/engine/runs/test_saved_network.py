import json
import pickle
import re
import tracemalloc
import zipfile

import numpy as np
import pytest

from engine.data.vocabulary import DOCUMENT_END, Vocabulary
from engine.nn.architecture import DTYPES, Architecture
from engine.nn.cells import CELLS
from engine.nn.parameters import Parameters
from engine.runs.saved_network import SavedNetwork, load_network, save_network
from engine.storage.archive import CheckpointError

SENTENCE = re.compile(r"^[“A-Z].+\.$", re.DOTALL)


@pytest.fixture
def vocabulary():
    return Vocabulary.from_names(["abcdé", "龙 '"])


@pytest.fixture
def make_network(vocabulary):
    def make(cell="gru", widths=(5, 4), embedding=3, dtype="float64"):
        architecture = Architecture(len(vocabulary), cell, widths, embedding, dtype)
        parameters = Parameters(architecture)
        random = np.random.default_rng(1)
        parameters.flat[:] = random.normal(size=len(parameters.flat))
        return SavedNetwork(parameters, vocabulary, step=1_234, seed=7, held_out=0.25)

    return make


@pytest.fixture
def path(tmp_path, make_network):
    save_network(tmp_path / "model.npz", make_network())
    return tmp_path / "model.npz"


@pytest.fixture
def rewrite(path):
    """Return a function that changes entries of the file, and writes it with NumPy."""

    def change(header=None, **arrays):
        with np.load(path) as file:
            content = dict(file)
        if header:
            value = json.loads(bytes(content["header"])) | header
            content["header"] = np.frombuffer(json.dumps(value).encode(), dtype=np.uint8)
        for name, array in arrays.items():
            if array is None:
                del content[name]
            else:
                content[name] = array
        np.savez(path, **content)

    return change


def assert_same(found, expected):
    assert found.parameters.architecture == expected.parameters.architecture
    np.testing.assert_array_equal(found.parameters.flat, expected.parameters.flat)
    assert found.parameters.flat.dtype == expected.parameters.flat.dtype
    assert found.vocabulary == expected.vocabulary
    for name in ("step", "seed", "held_out"):
        assert getattr(found, name) == getattr(expected, name)


def assert_refused(path, *phrases):
    with pytest.raises(CheckpointError) as caught:
        load_network(path)
    message = str(caught.value)
    assert SENTENCE.match(message), message
    for words in (path.name, *phrases):
        assert words in message, message


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("embedding", [None, 3])
@pytest.mark.parametrize("widths", [(5,), (5, 4, 6)], ids=str)
@pytest.mark.parametrize("cell", CELLS)
def test_a_saved_network_is_loaded_unchanged(
    tmp_path, make_network, cell, widths, embedding, dtype
):
    network = make_network(cell, widths, embedding, dtype)
    save_network(tmp_path / "model.npz", network)
    assert_same(load_network(tmp_path / "model.npz"), network)
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.npz"]


def test_a_loaded_network_can_be_trained(path):
    load_network(path).parameters.flat[:] += 1.0


def test_a_read_only_snapshot_can_be_saved(tmp_path, make_network):
    network = make_network()
    frozen = SavedNetwork(network.parameters.frozen_copy(), network.vocabulary)
    save_network(tmp_path / "frozen.npz", frozen)
    np.testing.assert_array_equal(
        load_network(tmp_path / "frozen.npz").parameters.flat, network.parameters.flat
    )


@pytest.mark.parametrize("name", ["model", "model.npz", "mod el.é.bin"])
def test_the_file_has_the_name_that_was_asked_for(tmp_path, make_network, name):
    save_network(str(tmp_path / name), make_network())
    assert [entry.name for entry in tmp_path.iterdir()] == [name]
    assert_same(load_network(str(tmp_path / name)), make_network())


def test_saving_again_replaces(path, make_network):
    other = make_network("lstm", (6,), None, "float32")
    save_network(path, other)
    assert_same(load_network(path), other)
    assert len(list(path.parent.iterdir())) == 1


def test_numpy_reads_it_without_pickle(path, make_network):
    named = make_network().parameters.named
    with np.load(path, allow_pickle=False) as file:
        assert set(file.files) == {*named, "header", "symbols"}
        for name, array in named.items():
            np.testing.assert_array_equal(file[name], array, err_msg=name)
        header = json.loads(bytes(file["header"]))
    assert header == {
        "format": "dinogui model",
        "version": 5,
        "cell": "gru",
        "widths": [5, 4],
        "embedding": 3,
        "dtype": "float64",
        "step": 1_234,
        "seed": 7,
        "held_out": 0.25,
        "kind": "names",
        "lower_case": True,
        "window": None,
        "network_step": None,
        "document_break": None,
        "kinds": [],
        "task": "write",
        "both_directions": False,
    }


# Files that cannot be used.


def test_a_missing_file_is_refused(tmp_path):
    assert_refused(tmp_path / "none.npz", "There is no file", "Check the name.")


def test_a_folder_is_refused(tmp_path):
    assert_refused(tmp_path, "is a folder")


def test_an_empty_file(path):
    path.write_bytes(b"")
    assert_refused(path, "is empty. Choose a file that DinoGUI has saved")


@pytest.mark.parametrize("content", [b"PK\x03\x04", bytes(5_000)])
def test_a_file_that_is_not_an_archive(path, content):
    path.write_bytes(content)
    assert_refused(path, "holds no network, or is damaged")


@pytest.mark.parametrize("content", [b"\n", b"rex\nmei\n"])
def test_a_text_file(path, content):
    path.write_bytes(content)
    assert_refused(path, "holds no network. It is a text file")


@pytest.mark.parametrize("share", [0.0, 0.01, 0.3, 0.5, 0.9, 0.99, 0.9999])
def test_a_truncated_file(path, share):
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert_refused(path)


def test_flipped_bytes_are_noticed_or_do_not_matter(path, make_network):
    content, random = path.read_bytes(), np.random.default_rng(5)
    refused = 0
    for _ in range(100):
        damaged = bytearray(content)
        damaged[random.integers(len(content))] ^= random.integers(1, 256)
        path.write_bytes(damaged)
        try:
            found = load_network(path)
        except CheckpointError:
            refused += 1
        else:
            assert_same(found, make_network())
    assert refused > 50


def test_many_flipped_bytes(path):
    content, random = path.read_bytes(), np.random.default_rng(6)
    for _ in range(20):
        damaged = np.frombuffer(content, dtype=np.uint8).copy()
        places = random.integers(len(damaged), size=50)
        damaged[places] ^= random.integers(1, 256, size=50).astype(np.uint8)
        path.write_bytes(damaged.tobytes())
        assert_refused(path)


def test_another_program_s_npz(path):
    np.savez(path, weights=np.zeros((3, 4)), bias=np.zeros(3))
    assert_refused(path, "holds no network")


def test_another_program_s_npz_with_a_header(path, rewrite):
    rewrite(header={"format": "somebody's model"})
    assert_refused(path, "written by another program")


def test_a_single_array(path):
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    assert_refused(path)


@pytest.mark.parametrize("version", [6, 99])
def test_a_newer_version(path, rewrite, version):
    rewrite(header={"version": version})
    assert_refused(path, "written by a newer version of DinoGUI", "Install that version")


@pytest.mark.parametrize(
    "header",
    [
        {"version": None},
        {"cell": "elman"},
        {"cell": None},
        {"cell": []},
        {"widths": []},
        {"widths": [0]},
        {"widths": [5, 4, 4, 4, 4]},
        {"widths": 5},
        {"widths": [6, 4]},
        {"widths": ["5", 4]},
        {"widths": [10**12]},
        {"embedding": None},
        {"embedding": 4},
        {"embedding": "3"},
        {"dtype": "float32"},
        {"dtype": "object"},
    ],
    ids=str,
)
def test_a_header_that_does_not_match_the_arrays(path, rewrite, header):
    rewrite(header=header)
    assert_refused(path)


@pytest.mark.parametrize(
    "header",
    [
        {"step": "many"},
        {"step": -1},
        {"seed": "x"},
        {"seed": -1},
        {"seed": None},
        {"held_out": 0},
        {"held_out": 2.0},
        {"held_out": "a tenth"},
    ],
    ids=str,
)
def test_a_header_with_impossible_values(path, rewrite, header):
    rewrite(header=header)
    assert_refused(path)


@pytest.mark.parametrize("header", [b"", b"{", b"[]", b"3", b"{}", b"\xff\xff", b'"dinogui model"'])
def test_a_header_that_is_not_an_object(path, header):
    replace_header(path, header)
    assert_refused(path)


def replace_header(path, header):
    with np.load(path) as file:
        content = dict(file)
    content["header"] = np.frombuffer(header, dtype=np.uint8)
    np.savez(path, **content)


@pytest.mark.parametrize(
    "arrays",
    [
        {"by": None},
        {"symbols": None},
        {"E": None},
        {"by": np.zeros(3)},
        {"by": np.zeros(9, dtype=np.float32)},
        {"by": np.full(9, "x")},
        {"1.Wu": np.zeros((4, 5))},
        {"symbols": np.array([10, 97, 98], dtype=np.uint32)},
        {"symbols": np.full(9, 97, dtype=np.uint32)},
        {"symbols": np.full(9, 0xFFFFFFFF, dtype=np.uint32)},
        {"symbols": np.zeros((3, 3))},
    ],
    ids=str,
)
def test_arrays_that_do_not_match_the_header(path, rewrite, arrays):
    rewrite(**arrays)
    assert_refused(path)


class _Trap:
    """Creates a file if it is ever unpickled."""

    def __init__(self, place):
        self.place = place

    def __reduce__(self):
        return open, (str(self.place), "w")


@pytest.mark.parametrize("name", ["by", "1.Wu", "header", "symbols", "stowaway"])
def test_a_pickle_inside_is_never_executed(tmp_path, path, name):
    sprung = tmp_path / "sprung"
    with np.load(path) as file:
        content = dict(file)
    trap = np.empty(1, dtype=object)
    trap[0] = _Trap(sprung)
    np.savez(path, **(content | {name: trap}))
    assert_refused(path)
    assert not sprung.exists()


def test_a_file_that_is_a_pickle_is_never_executed(tmp_path, path):
    sprung = tmp_path / "sprung"
    path.write_bytes(pickle.dumps(_Trap(sprung)))
    assert_refused(path)
    assert not sprung.exists()


def test_what_unpacks_to_too_much_is_not_unpacked(path):
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("header.npy", "w") as entry,
    ):
        for _ in range(201):
            entry.write(bytes(1_000_000))
    assert path.stat().st_size < 5_000_000
    assert_refused_in_little_memory(path, "unpacks to more than is allowed")


def test_what_is_compressed_is_not_unpacked(path):
    with np.load(path) as file:
        content = dict(file)
    random = np.random.default_rng(1).bytes(5_000)
    np.savez_compressed(path, **content, stuffing=np.frombuffer(random, dtype=np.uint8))
    assert_refused_in_little_memory(path)


@pytest.mark.parametrize("shape", ["(1000000000,)", "(1000000000, 0)", "(-1,)", "(9, 1)", "9"])
def test_a_false_shape_allocates_no_memory(path, shape):
    with np.load(path) as file:
        content = dict(file)
    content.pop("by")
    np.savez(path, **content)
    value = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}".ljust(117) + "\n"
    array = b"\x93NUMPY\x01\x00" + len(value).to_bytes(2, "little") + value.encode() + bytes(72)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("by.npy", array)
    assert_refused_in_little_memory(path)


def test_a_network_larger_than_its_file_allocates_no_memory(path, rewrite):
    rewrite(header={"widths": [20_000, 20_000]})
    assert_refused_in_little_memory(path, "too small for the network")


def assert_refused_in_little_memory(path, *phrases):
    tracemalloc.start()
    try:
        assert_refused(path, *phrases)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


# Places that cannot be written.


def test_a_missing_folder_is_not_created(tmp_path, make_network):
    with pytest.raises(FileNotFoundError):
        save_network(tmp_path / "none" / "model.npz", make_network())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_in_the_file_s_place_is_left_alone(tmp_path, make_network):
    (tmp_path / "model.npz").mkdir()
    with pytest.raises(OSError):  # noqa: PT011 which one differs between systems
        save_network(tmp_path / "model.npz", make_network())
    assert [entry.name for entry in tmp_path.iterdir()] == ["model.npz"]


def test_the_previous_file_survives_a_full_disk(path, make_network, monkeypatch):
    def fail(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", fail)
    with pytest.raises(OSError, match="No space left"):
        save_network(path, make_network("lstm"))
    monkeypatch.undo()
    assert_same(load_network(path), make_network())
    assert len(list(path.parent.iterdir())) == 1


def test_a_network_of_a_text_is_loaded_unchanged(tmp_path):
    vocabulary = Vocabulary((" ", "a", "b"))
    parameters = Parameters(Architecture(3))
    save_network(
        tmp_path / "text.npz", SavedNetwork(parameters, vocabulary, kind="text", lower_case=False)
    )
    kept = load_network(tmp_path / "text.npz")
    assert (kept.kind, kept.lower_case) == ("text", False)
    assert kept.vocabulary == vocabulary


@pytest.mark.parametrize("document_break", [None, "\n\n"])
def test_a_network_of_documents_knows_what_separates_them(tmp_path, document_break):
    vocabulary = Vocabulary((DOCUMENT_END, "\n", "a"))
    network = SavedNetwork(
        Parameters(Architecture(3)), vocabulary, kind="text", document_break=document_break
    )
    save_network(tmp_path / "text.npz", network)
    assert load_network(tmp_path / "text.npz").document_break == document_break
    with np.load(tmp_path / "text.npz") as file:
        content = dict(file)
    header = json.loads(bytes(content["header"]))
    del header["document_break"]  # as in the first files of this version
    content["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(tmp_path / "text.npz", **content)
    assert load_network(tmp_path / "text.npz").document_break is None


def test_a_file_of_version_1_is_for_names(path):
    with np.load(path) as file:
        content = dict(file)
    header = json.loads(bytes(content["header"])) | {"version": 1}
    for name in ("kind", "lower_case", "window"):
        del header[name]
    content["header"] = np.frombuffer(json.dumps(header).encode(), dtype=np.uint8)
    np.savez(path, **content)
    assert (load_network(path).kind, load_network(path).lower_case) == ("names", True)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"kind": "music"}, "kind must be one of names, text, melodies"),
        ({"lower_case": "no"}, "lower_case must be True or False"),
        ({"vocabulary": Vocabulary(("a", "b", "c"))}, "vocabulary must begin with the newline"),
        ({"kind": "text", "document_break": "\n"}, "must begin with the end of a document"),
        ({"document_break": "\n\n", "vocabulary": Vocabulary(("\n", DOCUMENT_END, "a"))}, "begin"),
        ({"kind": "text", "document_break": 3}, "document_break must be a text"),
        ({"kind": "text", "document_break": "-" * 1_001}, "document_break must be a text"),
    ],
)
def test_values_that_are_not_allowed_are_refused(changed, message):
    given = {"parameters": Parameters(Architecture(3)), "vocabulary": Vocabulary(("\n", "a", "b"))}
    with pytest.raises(ValueError, match=message):
        SavedNetwork(**given | changed)


CLUSTERS = Vocabulary(("\n", "\0", "a", "कि", "👨‍👩‍👧"))


def test_symbols_of_several_code_points_have_a_row_each(tmp_path):
    parameters = Parameters(Architecture(len(CLUSTERS)))
    network = SavedNetwork(parameters, CLUSTERS, step=1, seed=0, held_out=0.1)
    path = tmp_path / "clusters.npz"
    save_network(path, network)
    assert load_network(path).vocabulary == CLUSTERS
    with np.load(path) as file:
        rows = file["symbols"]
    assert (rows.shape, rows.dtype) == ((5, 5), np.uint32)
    assert rows[3].tolist() == [ord("क"), ord("\u093f"), 0, 0, 0]


def test_symbols_of_one_code_point_have_no_rows(path, vocabulary):
    with np.load(path) as file:
        assert file["symbols"].tolist() == [ord(symbol) for symbol in vocabulary.symbols]


@pytest.mark.parametrize(
    "damaged",
    [
        np.full((9, 2), 0xD800, dtype=np.uint32),
        np.zeros((9, 3), dtype=np.uint32),
        np.zeros((9, 0), dtype=np.uint32),
        np.full((9, 2), 0x110000, dtype=np.uint32),
    ],
)
def test_damaged_rows_of_symbols_are_refused(path, rewrite, vocabulary, damaged):
    assert len(vocabulary) == len(damaged)
    rewrite(symbols=damaged)
    with pytest.raises(CheckpointError, match=SENTENCE):
        load_network(path)
