"""The command ``train`` on names with kinds, and the commands that go on with such runs."""

import json
import re
import shutil

import numpy as np
import pytest

from engine.runs.run_file import load_run
from engine.training.presets import KIND_PRESETS, PRESETS_BY_KEY


def test_it_says_what_is_learned_and_what_is_to_be_beaten(command, kinds):
    code, _, said = command("train", kinds, "--kinds", "--steps", 2, "--hidden", 6, "--balance", 0)
    assert code == 0
    assert "3 kinds, drawn by their size. The network is told the kind of a name" in said
    counting = r"\d-grams of all names ([\d.]+), \d-grams of each kind (\d+\.\d+)"
    found = re.search(rf"guessing ([\d.]+), {counting}", said)
    guessing, *counting = map(float, found.groups())
    assert max(counting) < guessing


@pytest.mark.parametrize(("balance", "drawn"), [(1, "evenly"), (0.5, "with a balance of 0.5")])
def test_it_says_how_kinds_are_drawn(command, kinds, balance, drawn):
    options = ("--steps", 1, "--hidden", 4, "--balance", balance)
    _, _, said = command("train", kinds, "--kinds", *options)
    assert f"3 kinds, drawn {drawn}. " in said


def test_it_says_that_kinds_are_told(command, kinds):
    code, out, said = command(
        *("train", kinds, "--kinds", "--task", "tell", "--both-directions", "--balance", 1),
        *("--steps", 2, "--hidden", 6),
    )
    assert code == 0
    assert "3 kinds, drawn evenly. The network reads a name, and tells its kind, in both" in said
    assert "guessing 1.0986 (33.3% right), always the largest kind, Saurian " in said
    assert re.search(r"\d-grams of each kind, by Bayes' rule [\d.]+ \([\d.]+% right\)", said)
    assert re.search(
        r"Held out: [\d.]+% told right, [\d.]+ nats per name, on all 7 names "
        r"\(always the largest kind, Saurian: [\d.]+%, [\d.]+; guessing: 1.0986\)\.",
        out,
    )


def test_each_name_that_it_prints_has_its_kind_beside_it(command, kinds):
    _, out, _ = command("train", kinds, "--kinds", "--steps", 1, "--hidden", 6)
    lines = out.partition("\n\n")[2].splitlines()[:7]
    titles = {"Saurian", "Raptor", "Old Bird"}
    assert {line.rpartition("  ")[2] for line in lines} == titles


def test_the_log_of_the_file_has_the_kinds(writer):
    entries = load_run(writer).extras["log"]
    assert [len(entry) for entry in entries] == [4]
    assert set(entries[0][3]) == {"Saurian", "Raptor", "Old Bird"}


def test_what_is_told_right_is_printed_on_the_way(command, kinds):
    options = ("--task", "tell", "--hidden", 4, "--batch", 1, "--steps", 2001, "--preset", "tell")
    _, out, _ = command("train", kinds, "--kinds", *options, "--cell", "rnn")
    told = re.findall(r"Step ([\d,]+), epoch .* held out [\d.]+ nats per name, ([\d.]+)%", out)
    assert [step for step, _ in told] == ["1", "2,001"]
    assert re.findall(r"told right, measured at step ([\d,]+)\n", out) == ["0", "2,000"]
    assert float(told[1][1]) > float(told[0][1])


@pytest.mark.parametrize("task", ["write", "tell"])
def test_without_a_preset_the_one_for_the_task_is_taken(command, kinds, tmp_path, task):
    path = tmp_path / "run.npz"
    options = ("--steps", 1, "--hidden", 6, "--task", task, "--save", path)
    assert command("train", kinds, "--kinds", *options)[0] == 0
    record = load_run(path).record
    preset = PRESETS_BY_KEY[{"write": "kinds", "tell": "tell"}[task]]
    assert preset in KIND_PRESETS
    assert record.settings.task == task == preset.settings.task
    assert record.settings.cell == preset.settings.cell
    assert record.hyperparameters.batch == preset.hyperparameters.batch
    assert load_run(path).state.initial_until.patience == preset.until.patience


def test_the_settings_of_kinds_are_kept(command, kinds, tmp_path):
    path = tmp_path / "run.npz"
    options = ("--task", "tell", "--both-directions", "--balance", 0.25, "--hidden", 6)
    command("train", kinds, "--kinds", *options, "--steps", 1, "--save", path)
    record = load_run(path).record
    assert (record.settings.task, record.settings.both_directions) == ("tell", True)
    assert record.hyperparameters.balance == 0.25


@pytest.mark.parametrize("options", [(), ("--task", "tell"), ("--preset", "default")])
def test_minutes_end_a_run(command, kinds, options):
    code, out, said = command(
        *("train", kinds, "--kinds", "--hidden", 4, "--cell", "rnn", "--minutes", 0.001),
        *("--patience", 100_000, *options),
    )
    assert code == 0
    assert "after 0.001 minutes as set" in said
    assert "a second." in out


def test_minutes_end_a_run_on_names(command, kinds):
    code, _, said = command("train", kinds, "--minutes", 0.001)
    assert code == 0
    assert "after 0.001 minutes as set" in said


@pytest.mark.parametrize("options", [(), ("--task", "tell")])
def test_a_loss_ends_a_run(command, kinds, options):
    settings = ("--hidden", 8, "--until-loss", 1.09 if options else 3.0, "--minutes", 2)
    code, out, said = command("train", kinds, "--kinds", *settings, *options)
    assert code == 0
    assert "the loss has reached what was set" in said + out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--task", "tell"), "--task needs --kinds or --kind-column."),
        (("--balance", "0.5"), "--balance needs --kinds or --kind-column."),
        (("--both-directions",), "--both-directions needs --kinds or --kind-column."),
        (("--kinds", "--both-directions"), "--both-directions needs --task tell: a network that"),
        (("--kinds", "--task", "sing"), "argument --task: “sing” is not one of write, tell."),
        (("--kinds", "--balance", "1.5"), "--balance: “1.5” is not a number from 0 to 1."),
        (("--kinds", "--balance", "nan"), "--balance: “nan” is not a number from 0 to 1."),
        (("--preset", "tell"), "--preset tell is for names with kinds. Add --kinds"),
        (("--kinds", "--recipe", "notebook"), "--kinds cannot be combined with --recipe notebook"),
        (("--kinds", "--text"), "only names can have kinds"),
    ],
)
def test_options_that_do_not_go_together_are_refused(command, kinds, tmp_path, options, said):
    path = tmp_path / "run.npz"
    code, out, found = command("train", kinds, *options, "--save", path)
    assert code in (1, 2)
    assert said.removeprefix("argument ") in found
    assert out == ""
    assert not path.exists()


@pytest.mark.parametrize("run", ["writer", "teller"])
def test_a_run_is_resumed_and_replayed_to_the_bit(command, request, tmp_path, run):
    path, longer = request.getfixturevalue(run), tmp_path / "longer.npz"
    assert command("resume", path, "--steps", 20, "--save", longer)[0] == 0
    code, out, _ = command("replay", longer)
    assert code == 0
    assert "270" in out if run == "writer" else "170" in out
    before = load_run(path).resume()
    end = before.step + 20
    while before.step < end:
        before.run(end - before.step)
    found = load_run(longer).network.parameters
    assert found.flat.tobytes() == before.parameters.flat.tobytes()


def test_the_data_of_a_run_may_be_given_again(command, kinds, tmp_path):
    path = tmp_path / "run.npz"
    options = ("--kinds", "--steps", 2, "--hidden", 6, "--kind-title", "Old Bird=Bird")
    command("train", kinds, *options, "--save", path)
    with np.load(path) as file:
        content = dict(file)
    data = json.loads(bytes(content["data"])) | {"is_inside": False}
    content["data"] = np.frombuffer(json.dumps(data).encode(), np.uint8)
    del content["data/names"], content["data/kinds"]
    np.savez(path, **content)
    code, _, said = command("resume", path, "--steps", 2)
    assert code == 1
    assert "is not in its file" in said
    # It is read as it was read before, with kinds and their titles.
    code, _, said = command("resume", path, "--steps", 2, "--data", kinds)
    assert code == 0, said
    code, _, said = command("resume", path, "--steps", 2, "--data", kinds, "--kinds")
    assert code == 2
    assert "is not the run's data" in said


def test_a_warm_start_takes_the_kinds_over(command, kinds, writer, tmp_path):
    path = tmp_path / "run.npz"
    options = ("--init-from", writer, "--steps", 1, "--save", path, "--learning-rate", 1e-9)
    code, _, said = command("train", kinds, "--kinds", *options)
    assert code == 0, said
    before, after = (load_run(each).network.parameters.named["K"] for each in (writer, path))
    assert np.allclose(before, after, atol=1e-4)


def test_an_object_of_json_has_the_kinds(command, tmp_path):
    path = tmp_path / "people.json"
    path.write_text('{"Greek": ["Anna", "Io", "Cy"], "Irish": ["Bran", "Dara"]}', encoding="utf-8")
    code, _, said = command("train", path, "--kinds", "--steps", 1, "--hidden", 4, "--cell", "rnn")
    assert code == 0, said
    assert "Each key is a kind. There are 2 kinds" in said


def test_an_empty_file_is_said(command, kinds, tmp_path):
    folder = shutil.copytree(kinds, tmp_path / "kinds")
    (folder / "Welsh.txt").touch()
    code, _, said = command("train", folder, "--kinds", "--steps", 1, "--hidden", 4)
    assert code == 0
    assert "1 empty file in “kinds” was left out: kinds/Welsh.txt." in said
