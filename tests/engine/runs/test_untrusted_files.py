"""Files whose values no DinoGUI writes are refused in a sentence, in little time and memory."""

import json
import os
import re
import struct
import sys
import time
import tracemalloc
import zipfile

import numpy as np
import pytest

from engine.cli.main import main
from engine.data.corpus import names_from_bytes
from engine.data.vocabulary import Vocabulary
from engine.runs.replay import replay
from engine.runs.run_file import load_run, save_run
from engine.storage.archive import CheckpointError
from engine.training.ranges import MAX_SEED, MAX_STEPS
from engine.training.record import Event
from engine.training.settings import Hyperparameters
from engine.training.trainer import Trainer

SENTENCE = re.compile(r"^[“A-Z].+\.$", re.DOTALL)
HUGE = "9" * 4_000
MEGABYTES = 1_000_000


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    """The bytes of the file of a run of 10 steps."""
    corpus = names_from_bytes(b"rex\nmei\nallo\nraptor\n", "names.txt")
    trainer = Trainer(corpus, Hyperparameters(widths=(4,), batch=2))
    while trainer.step < 10:
        trainer.run(10 - trainer.step)
    path = tmp_path_factory.mktemp("saved") / "run.npz"
    save_run(path, corpus, trainer.state())
    return path.read_bytes()


@pytest.fixture
def path(tmp_path, content):
    """A file of its own for each test, which may change it."""
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    return path


def rewrite(path, entry, change):
    """Change the text of a JSON entry."""
    with np.load(path) as file:
        content = dict(file)
    text = change(bytes(content[entry]).decode())
    content[entry] = np.frombuffer(text.encode(), np.uint8)
    np.savez(path, **content)


def set_value(path, entry, name, number):
    """Set a value, which may be nested, to a number that is given as text."""

    def change(text):
        value = place = json.loads(text)
        *outer, last = name.split("/")
        for key in outer:
            place = place[key]
        place[last] = "HERE"
        return json.dumps(value).replace('"HERE"', number)

    rewrite(path, entry, change)


def assert_refused(path, *phrases):
    tracemalloc.start()
    begin = time.perf_counter()
    try:
        with pytest.raises(CheckpointError) as caught:
            load_run(path).resume()
        seconds, (_, peak) = time.perf_counter() - begin, tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    message = str(caught.value)
    assert SENTENCE.match(message), message
    assert len(message) < 500
    message.encode()
    assert all(phrase in message for phrase in phrases), message
    assert seconds < 5, "a second, with room for a busy machine and the tracing of memory"
    assert peak < path.stat().st_size + 100 * MEGABYTES


NUMBERS = [
    ("header", "step"),
    ("header", "seed"),
    ("header", "version"),
    ("header", "held_out"),
    ("header", "window"),
    ("header", "embedding"),
    ("run", "settings/seed"),
    ("run", "settings/length"),
    ("run", "hyperparameters/learning_rate"),
    ("run", "hyperparameters/clip"),
    ("run", "hyperparameters/batch"),
    ("run", "hyperparameters/decay"),
    ("run", "hyperparameters/l2"),
    ("run", "initial_hyperparameters/decay"),
    ("run", "learner.loader.taken"),
    ("run", "learner.loader.position"),
    ("run", "learner.decay_start"),
    ("run", "learner.optimizer.steps"),
    ("run", "divergence_guard.good_step"),
    ("run", "held_out.next_at"),
    ("run", "smoothing.loss"),
]


@pytest.mark.parametrize("number", [HUGE, f"-{HUGE}", "1e999", "NaN", "-Infinity"], ids=len)
@pytest.mark.parametrize(("entry", "name"), NUMBERS)
def test_a_number_without_bounds_is_refused(path, entry, name, number):
    set_value(path, entry, name, number)
    assert_refused(path)


@pytest.mark.parametrize(
    ("entry", "name", "number"),
    [
        ("header", "step", MAX_STEPS + 1),
        ("header", "step", 2**53),
        ("header", "seed", MAX_SEED + 1),
        ("run", "settings/seed", MAX_SEED + 1),
    ],
)
def test_a_number_beyond_its_range_is_refused_by_name(path, entry, name, number):
    set_value(path, entry, name, str(number))
    assert_refused(path, name.split("/")[-1], "whole number from 0 to")


def test_the_steps_are_bounded_by_the_examples_that_were_read(path):
    set_value(path, "header", "step", str(MAX_STEPS))
    assert_refused(path, "but has read only 20 examples")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("learner.optimizer.steps", "21"),
        ("learner.decay_start", "21"),
        ("divergence_guard.good_step", "11"),
        ("divergence_guard.divergence", f"[{MAX_STEPS}, 0]"),
        ("divergence_guard.divergence", '["1", 0]'),
    ],
)
def test_counts_that_do_not_agree_are_refused(path, name, value):
    set_value(path, "run", name, value)
    assert_refused(path, "must be a whole number")


def event(step=1, **values):
    change = {"name": "learning_rate", "before": 0.01, "after": 0.02}
    event = {"step": step, "kind": "set hyperparameters", "changes": [change]}
    return event | {"smoothed_loss": 1.0, "resize": None} | values


@pytest.mark.parametrize(
    ("events", "phrase"),
    [
        ([event(2**53)], "step must be"),
        ([event(11)], "the run made only 10 steps"),
        ([event(5), event(4)], "in the order of their steps"),
        ([event(kind="x" * 5 * MEGABYTES)], "kind must be one of"),
        ([event(smoothed_loss=10**40 - 1, resize=10**30)], "resize must be"),
        ([event(decay_start=-1)], "decay_start must be"),
        ([event(decay_start=21)], "decay_start must be a whole number from 0 to 20, got 21"),
        (
            [event(changes=[{"name": "\ud800", "before": 1, "after": 2}])],
            "record holds a character",
        ),
        ([event(changes=[{"name": "widths", "before": [4], "after": [0]}])], "widths must be"),
        ([event(changes=[{"name": "clip", "before": {}, "after": 1}])], "clip must be"),
        ([event(changes=[{"name": "clip", "before": None, "after": "x" * 101}])], "clip must be"),
        ([event(changes=[{"name": "clip", "before": 1, "after": 2}] * 99)], "changes must be"),
    ],
)
def test_a_record_that_no_run_has_is_refused(path, events, phrase):
    rewrite(path, "record", lambda _: json.dumps(events))
    assert_refused(path, phrase)


@pytest.mark.parametrize("one", ["[]", "{}", "0", '{"step":1,"kind":"go on","changes":[]}'])
def test_a_record_of_millions_of_entries_is_refused_unread(path, one):
    rewrite(path, "record", lambda _: "[" + ",".join([one] * 3_000_000) + "]")
    assert_refused(path, "has too many values in record")


def test_millions_of_values_elsewhere_are_refused_unread(path):
    rewrite(path, "extras", lambda _: '{"x": [' + "[]," * 1_000_000 + "0]}")
    assert_refused(path, "has too many values in extras")


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ("run", "recipe"),
        ("run", "settings/cell"),
        ("run", "settings/dtype"),
        ("run", "hyperparameters/optimizer"),
        ("header", "cell"),
        ("header", "kind"),
        ("header", "dtype"),
        ("data", "source"),
        ("data", "fingerprint"),
    ],
)
def test_a_text_of_five_megabytes_is_refused_where_a_word_is_due(path, entry, name):
    set_value(path, entry, name, '"' + "x" * 5 * MEGABYTES + '"')
    assert_refused(path)


def test_a_name_of_five_megabytes_is_refused(path):
    rewrite(path, "data/names", lambda names: names + "x" * 5 * MEGABYTES + "\n")
    assert_refused(path, "more than 200 characters")


@pytest.mark.parametrize("point", [0xD800, 0x110000, 2**32 - 1])
def test_a_symbol_that_is_no_character_is_refused(path, point):
    with np.load(path) as file:
        content = dict(file)
    content["symbols"] = content["symbols"].copy()
    content["symbols"][-1] = point
    np.savez(path, **content)
    assert_refused(path)


def test_too_many_entries_are_refused_unread(path):
    with zipfile.ZipFile(path, "a") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.npy", b"")
    assert_refused(path, "has too many entries")


def test_an_archive_with_a_zip64_directory_is_refused(path):
    content = path.read_bytes()
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    path.write_bytes(content[:-22] + locator + content[-22:])
    assert_refused(path)


def test_a_state_whose_measurements_are_infinite_is_refused(path):
    with np.load(path) as file:
        content = dict(file)
    content["run/held_out.measured"] = np.full((1, 3), np.inf)
    np.savez(path, **content)
    assert_refused(path, "state is damaged")


def test_a_replay_never_goes_beyond_the_steps_of_the_run(path):
    saved = load_run(path)
    late = Event(2**50, "set hyperparameters", (), None)
    record = type(saved.record)(**{**vars(saved.record), "events": (late,)})
    with pytest.raises(ValueError, match="the run made only 10 steps"):
        replay(record, saved.data(), saved.network.parameters, 10)


def test_a_decay_that_starts_later_than_its_event_is_not_replayed(path, capsys):
    rewrite(path, "record", lambda _: json.dumps([event(decay_start=3)]))
    assert main(["replay", str(path)]) == 1
    assert "decay_start must be from 0 to 2, got 3." in capsys.readouterr().err


def test_a_run_that_resume_refuses_is_not_called_the_same(path, capsys):
    assert main(["replay", str(path)]) == 0
    assert "the same to the bit" in capsys.readouterr().out
    set_value(path, "run", "learner.loader.position", "999")
    for command in ("replay", "resume"):
        assert main([command, str(path)]) == 1
        printed = capsys.readouterr()
        assert "same to the bit" not in printed.out
        assert "position must be a whole number" in printed.err


def test_the_vocabulary_of_any_real_characters_is_read(tmp_path):
    corpus = names_from_bytes("恐龙\n🦕a\nrex\n".encode(), "names.txt")
    trainer = Trainer(corpus, Hyperparameters(widths=(4,)))
    save_run(tmp_path / "run.npz", corpus, trainer.state())
    assert load_run(tmp_path / "run.npz").network.vocabulary == Vocabulary.from_names(corpus.names)


@pytest.mark.parametrize("case", ["hseed4000", "decay_huge", "replay_endless"])
@pytest.mark.parametrize("command", ["replay", "resume"])
def test_the_cases_are_refused_in_a_sentence(tmp_path, shared_file, capsys, case, command):
    path = shared_file(f"cases/{case}.npz")
    assert_refused(path, f"“{case}.npz” is damaged")
    saving = ["--steps", "3", "--save", str(tmp_path / "x.npz")] if command == "resume" else []
    assert main([command, str(path), *saving]) == 1
    assert SENTENCE.match(capsys.readouterr().err.strip())
    assert not list(tmp_path.iterdir())


def forge(path, entry, *keys):
    """Put a text with a lone surrogate, U+D800, into a JSON entry."""

    def change(text):
        value = place = json.loads(text)
        *outer, last = keys
        for key in outer:
            place = place.setdefault(key, {})
        place[last] = "ab\ud800"
        return json.dumps(value)

    rewrite(path, entry, change)


PLACES = [
    ("header", "kind"),
    ("run", "recipe"),
    ("run", "warm_start", "source"),
    ("run", "never.heard.of"),
    ("data", "source"),
    ("data", "fingerprint"),
    ("extras", "path"),
    ("extras", "starred", "name"),
]


@pytest.mark.parametrize("place", PLACES, ids="-".join)
def test_half_a_character_is_refused_by_every_command(path, tmp_path, capsys, place):
    forge(path, *place)
    (tmp_path / "names.txt").write_text("rex\nmei\nallo\nraptor\n")
    assert_refused(path, f"{place[0]} holds a character that UTF-8 cannot encode")
    for command, *more in (
        ("sample",),
        ("sample", "--best"),
        ("evaluate", str(tmp_path / "names.txt")),
        ("resume", "--steps", "1"),
        ("replay",),
    ):
        assert main([command, str(path), *more]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert said.err == (
            f"“run.npz” is damaged: {place[0]} holds a character that UTF-8 cannot encode.\n"
        )


def test_the_case_with_half_a_character_is_refused_by_every_command(shared_file, tmp_path, capsys):
    case = str(shared_file("cases/star_surr.npz"))
    for command in (
        ("sample", case),
        ("evaluate", case, str(tmp_path / "absent.txt")),
        ("resume", case, "--save", str(tmp_path / "x.npz")),
        ("replay", case),
        ("train", str(tmp_path / "absent.txt"), "--init-from", case),
    ):
        assert main(list(command)) != 0
        assert "extras holds a character that UTF-8 cannot encode." in capsys.readouterr().err
    assert not (tmp_path / "x.npz").exists()


def test_symbols_and_names_that_are_no_characters_are_refused(path):
    with np.load(path) as file:
        content = dict(file)
    for name, odd in (
        ("symbols", np.where(content["symbols"] == ord("x"), 0xDCE9, content["symbols"])),
        ("symbols", np.where(content["symbols"] == ord("x"), 0xD800, content["symbols"])),
        ("data/names", np.frombuffer(b"rex\nme\xed\xa0\x80\nallo\nraptor\n", np.uint8)),
    ):
        np.savez(path, **(content | {name: odd.astype(content[name].dtype)}))
        assert_refused(path)


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are Unicode there")
def test_a_data_file_whose_name_is_not_utf_8_is_trained_on_saved_and_resumed(tmp_path, capsys):
    names, run = tmp_path / os.fsdecode(b"caf\xe9.txt"), tmp_path / os.fsdecode(b"r\xe9.npz")
    names.write_text("rex\nmei\nallo\nraptor\n")
    begin = ["train", str(names), "--hidden", "4", "--steps", "3", "--save", str(run)]
    assert main(begin) == 0
    assert load_run(run).source == "caf\udce9.txt"
    for command in (
        ("resume", str(run), "--steps", "2"),
        ("resume", str(run), "--steps", "2", "--data", str(names)),
        ("replay", str(run)),
        ("sample", str(run), "--names", str(names)),
        ("evaluate", str(run), str(names)),
        ("train", str(names), "--steps", "1", "--init-from", str(run), "--save", f"{run}2"),
    ):
        assert main(list(command)) == 0, capsys.readouterr().err
    capsys.readouterr()
    assert load_run(run).state.step == 7
    assert load_run(f"{run}2").record.warm_start.source == "r\udce9.npz"
    assert main(["replay", f"{run}2"]) == 0
