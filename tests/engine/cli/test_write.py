import io
import re
import sys

import numpy as np
import pytest

from engine.cli.main import main
from engine.data.reader import read_text
from engine.evaluation.text_loss import loss_of_text
from engine.nn.architecture import Architecture
from engine.runs.run_file import load_run
from engine.runs.saved_network import load_network
from engine.sampling.text import TextGenerator
from engine.training.presets import PRESETS, TEXT_PRESETS

SMALL = ("--hidden", "8", "--batch", "4", "--cell", "gru", "--dropout", "0")


@pytest.fixture
def verse_path(tmp_path):
    random = np.random.default_rng(1)
    lines = ("The rose is red,\n", "the sky is blue,\n", "so is my love, o!\n")
    path = tmp_path / "verse.txt"
    path.write_text("".join(lines[i] for i in random.integers(3, size=200)), encoding="utf-8")
    return path


@pytest.fixture
def model_path(run_engine, verse_path, tmp_path):
    path = tmp_path / "verse.npz"
    ended = run_engine(
        "train", verse_path, "--text", *SMALL, "--streams", "5", "--length", "20", "--steps", "60",
        "--learning-rate", "0.02", "--seed", "3", "--save", path,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    for message in ("verse.txt", "characters", "3 lines"[2:]):
        assert message in ended.stderr
    assert "60 steps in" in ended.stdout
    assert re.search(r"^Held out: [\d.]+ nats, [\d.]+ bits per symbol", ended.stdout, re.M)
    return path


def test_a_text_is_trained_on_written_and_measured(run_engine, model_path, verse_path):
    kept = load_network(model_path)
    assert (kept.kind, kept.lower_case, kept.step, kept.seed) == ("text", False, 60, 3)

    def write(*arguments):
        ended = run_engine("write", model_path, "--length", "50", *arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.removesuffix("\n")

    verse = write("--prompt", "The rose", "--seed", "1")
    assert verse.startswith("The rose")
    assert len(verse) == len("The rose") + 50
    assert write("--prompt", "The rose", "--seed", "1") == verse
    assert write("--prompt", "The rose", "--seed", "2") != verse
    assert write("--prompt", "The rose", "--seed", "1", "--temperature", "0.1") != verse

    ended = run_engine("evaluate", model_path, verse_path)
    assert ended.returncode == 0, ended.stderr
    training, held_out = read_text(verse_path).split()
    loss = loss_of_text(kept.parameters, training, held_out).nats_per_character
    measured = re.search(r"^network, held-out end +([\d.]+) +([\d.]+)$", ended.stdout, re.M)
    assert float(measured[1]) == pytest.approx(loss, abs=1e-4)
    assert float(measured[2]) == pytest.approx(loss / np.log(2), abs=1e-4)
    for message in ("1-gram", "5-gram", "uniform guessing"):
        assert message in ended.stdout
    for share in ("words that occur in the training text", "passages of 20 symbols copied from it"):
        found = re.search(rf"^{share} +([\d.]+)% +([\d.]+)%$", ended.stdout, re.M)
        assert all(0 <= float(percent) <= 100 for percent in found.groups())


def test_options_and_models_that_do_not_fit_a_text_are_refused(
    run_engine, model_path, verse_path, tmp_path
):
    unknown = run_engine("write", model_path, "--prompt", "ROSE")
    assert unknown.returncode == 2
    assert "--prompt: The model has never seen the letter “R”. Write “r” instead." in unknown.stderr
    assert "Use the command write." in run_engine("sample", model_path).stderr
    for flag in (("--window", "9"), ("--lower-case",), ("--streams", "3")):
        ended = run_engine("train", verse_path, *flag)
        assert (ended.returncode, f"{flag[0]} needs --text." in ended.stderr) == (2, True)
    short = tmp_path / "short.txt"
    short.write_text("too short")
    assert "A text needs" in run_engine("train", short, "--text").stderr


def test_windows_presets_and_minutes_are_taken(run_engine, verse_path, tmp_path):
    path = tmp_path / "course.npz"
    ended = run_engine(
        "train", verse_path, "--text", "--preset", "sonnets-course", "--hidden", "6",
        "--layers", "2", "--minutes", "0.002", "--save", path,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    kept = load_network(path)
    architecture = kept.parameters.architecture
    assert (architecture.cell, architecture.widths) == ("lstm", (6, 6))
    assert kept.lower_case
    assert kept.step >= 1


def test_the_course_s_network_has_its_parameters():
    course = TEXT_PRESETS[0]
    hyperparameters, settings = course.hyperparameters, course.settings
    assert (settings.window, settings.stride, hyperparameters.batch) == (40, 3, 128)
    assert (hyperparameters.dropout, hyperparameters.learning_rate, hyperparameters.optimizer) == (
        0.5,
        0.001,
        "adam",
    )
    assert Architecture(38, settings.cell, hyperparameters.widths).n_parameters == 221_990


def test_presets_say_what_they_are_for():
    assert {preset.kind for preset in PRESETS} == {"names"}
    assert {preset.kind for preset in TEXT_PRESETS} == {"text"}


RECIPE = "{0} soup\n- 2 {0} roots\nBoil for {1} minutes."
TINY = (*SMALL[2:], "--hidden", "16", "--length", "20")
NAMES = ("Brindle", "Corvan", "Delmar", "Farrow", "Galdine", "Hestrel", "Ivorn", "Jastor")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="module")
def recipes(folder):
    path = folder / "recipes.txt"
    recipes = [RECIPE.format(name, number) for name in NAMES for number in (10, 20, 30)]
    path.write_text("\n<|end|>\n".join(recipes), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def model(folder, recipes):
    path = folder / "recipes.npz"
    arguments = ("train", recipes, "--text", *TINY, "--steps", "150", "--learning-rate", "0.03")
    assert main([*map(str, arguments), "--save", str(path)]) == 0
    return path


@pytest.fixture
def run(capsys):
    """Return a function that runs a command, and returns its exit code, output and messages."""

    def command(*arguments):
        capsys.readouterr()
        try:
            code = main([*map(str, arguments)])
        except SystemExit as ended:
            code = ended.code
        return code, *capsys.readouterr()

    return command


def test_the_command_says_how_many_documents_it_found_and_how_to_say_otherwise(run, recipes):
    train = ("train", recipes, "--text", *TINY, "--steps", "1")
    code, out, messages = run(*train)
    assert code == 0
    assert "is read as 24 documents, separated by “<|end|>”." in messages
    assert "Change this with --layout or --separator." in messages
    assert "recipes.txt: 24 documents, " in messages
    assert "nats per document, on all " in out
    assert re.search(r"Step 0, .* bits per symbol, [0-9.,]+ nats per document\n", out)
    _, out, messages = run(*train, "--layout", "text")
    assert "is read as a running text." in messages
    assert "nats per document" not in out
    _, _, messages = run(*train, "--separator", "soup")
    assert "is read as 25 documents, separated by “soup”." in messages


@pytest.mark.parametrize(("given", "missing"), [("<|END|>", "no “<|END|>”"), (r"\n\n", "no blank")])
def test_a_separator_that_never_occurs_is_refused(run, recipes, given, missing):
    code, _, messages = run("train", recipes, "--text", "--separator", given, "--steps", "1")
    assert code == 1
    assert f"“recipes.txt” has {missing}" in messages
    code, _, messages = run("train", recipes, "--text", "--separator", "", "--steps", "1")
    assert code == 2
    assert "--separator: “” is not a separator. For blank lines, write “\\n\\n”." in messages


def test_a_document_is_written_to_its_end(run, model):
    kept = load_network(model)
    assert kept.document_break == "\n<|end|>\n"
    for seed in range(3):
        code, out, messages = run("write", model, "--seed", seed)
        generator = TextGenerator(
            kept.parameters, kept.vocabulary, seed=seed, document_break="\n<|end|>\n"
        )
        assert (code, messages) == (0, "")
        assert out == "".join(generator.write_until(10_000)) + "\n"
        assert "<|end|>" not in out


def test_until_is_another_end_and_the_empty_text_is_none(run, model):
    _, out, _ = run("write", model, "--until", "soup", "--seed", 1)
    assert out.endswith("soup\n")
    assert out.count("soup") == 1
    _, whole, _ = run("write", model, "--until", "", "--length", 400)
    assert "\n<|end|>\n" in whole
    _, one, _ = run("write", model, "--until", "<|end|>")
    assert one.rstrip("\n") == whole.split("\n<|end|>\n", maxsplit=1)[0]


def test_an_end_that_does_not_come_is_said(run, model):
    code, out, messages = run("write", model, "--length", 5)
    assert (code, len(out)) == (0, 6)
    expected = "The text was cut off after 5 symbols, before {} came.\n"
    assert messages == expected.format("the end of the document")
    _, out, messages = run("write", model, "--until", "zebra", "--length", 300)
    assert messages == expected.format("“zebra”").replace("5", "300")
    assert run("write", model, "--until", "", "--length", 5)[2] == ""


def test_a_prompt_comes_from_a_file_with_any_line_ends(run, model, tmp_path):
    prompt = tmp_path / "prompt.txt"
    prompt.write_bytes(b"Brindle soup\r\n- 2\r\n")
    _, from_file, _ = run("write", model, "--prompt-file", prompt, "--seed", 2)
    _, given, _ = run("write", model, "--prompt", "Brindle soup\r\n- 2", "--seed", 2)
    assert from_file == given
    assert given.startswith("Brindle soup\n- 2")


def test_a_prompt_comes_from_the_standard_input(run, model, tmp_path, monkeypatch):
    def type_in(content):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    _, given, _ = run("write", model, "--prompt", "Brindle soup\n- 2", "--seed", 2)
    type_in(b"Brindle soup\r\n- 2\n")
    assert run("write", model, "--prompt-file", "-", "--seed", 2) == (0, given, "")
    written = tmp_path / "soup.txt"
    type_in(b"Brindle soup\n- 2")
    assert run("write", model, "--prompt-file", "-", "--seed", 2, "--output", written)[0] == 0
    assert written.read_text(encoding="utf-8") == given
    type_in(b"")
    assert run("write", model, "--prompt-file", "-") == run("write", model)
    type_in(b"Caf\xe9")
    code, _, messages = run("write", model, "--prompt-file", "-")
    assert (code, "“standard input” is not UTF-8" in messages) == (2, True)
    both = ("--prompt-file", "-", "--at", 2, "--data", "-")
    code, _, messages = run("write", model, *both)
    assert (code, "cannot be both the prompt and the data" in messages) == (2, True)
    monkeypatch.setattr(sys, "stdin", None)
    code, _, messages = run("write", model, "--prompt-file", "-")
    assert (code, "There is no standard input" in messages) == (2, True)


def test_what_cannot_be_a_prompt_is_refused(run, model, tmp_path):
    prompt = tmp_path / "prompt.txt"
    code, _, messages = run("write", model, "--prompt-file", prompt)
    assert (code, messages.startswith("--prompt-file: There is no file")) == (2, True)
    prompt.write_bytes(b"Caf\xe9")
    assert "not UTF-8" in run("write", model, "--prompt-file", prompt)[2]
    prompt.write_text("a\x1bb", encoding="utf-8")
    code, _, messages = run("write", model, "--prompt-file", prompt)
    assert "--prompt-file: The model has never seen U+001B, escape." in messages
    assert code == 2
    code, _, messages = run("write", model, "--prompt", "a", "--prompt-file", prompt)
    assert (code, "--prompt" in messages) == (2, True)


def test_greedy_top_k_and_top_p_choose_among_the_likeliest(run, model):
    kept = load_network(model)

    def text(**options):
        generator = TextGenerator(
            kept.parameters, kept.vocabulary, document_break="\n<|end|>\n", **options
        )
        return "".join((*generator.write_until(10_000), "\n"))

    assert run("write", model, "--greedy")[1] == text(greedy=True)
    assert run("write", model, "--greedy", "--seed", 7)[1] == text(greedy=True)
    assert run("write", model, "--top-k", 2, "--seed", 3)[1] == text(top_k=2, seed=3)
    assert run("write", model, "--top-p", 0.5, "--seed", 3)[1] == text(top_p=0.5, seed=3)


@pytest.mark.parametrize("command", ["write", "sample"])
@pytest.mark.parametrize("zero", ["0", "0.0", "-0"])
def test_a_temperature_of_zero_names_greedy(run, model, command, zero):
    code, _, messages = run(command, model, f"--temperature={zero}")
    assert code == 2
    assert messages.startswith(f"--temperature: “{zero}” is not a finite number above 0. ")
    assert "To always choose the likeliest, use --greedy." in messages
    assert "--greedy" not in run(command, model, "--temperature=-1")[2]


def test_a_text_is_written_to_a_file(run, model, tmp_path):
    path = tmp_path / "out.txt"
    _, shown, _ = run("write", model, "--seed", 5, "--prompt", "Delmar")
    write = ("write", model, "--seed", 5, "--prompt", "Delmar", "--output", path)
    assert run(*write) == (0, "", "")
    assert path.read_bytes() == shown.encode()
    code, _, messages = run(*write)
    assert (code, "exists already" in messages) == (2, True)
    path.write_text("old")
    assert run(*write, "--force")[0] == 0
    assert path.read_bytes() == shown.encode()
    code, _, messages = run("write", model, "--output", model, "--force")
    assert (code, "is read by this command" in messages) == (2, True)


def test_documents_are_measured_by_document(run, model, recipes):
    code, out, _ = run("evaluate", model, recipes)
    assert code == 0
    lines = out.splitlines()
    assert " ".join(lines[0].split()[-6:]) == "bits per symbol nats per document"
    row = next(line for line in lines if line.startswith("network, held-out documents"))
    nats, _, per_document = map(float, row.split()[-3:])
    saved = load_run(model)
    _, held_out = saved.corpus.split(saved.network.held_out, saved.network.seed)
    mean_length = len(held_out) / np.count_nonzero(held_out == 0)
    assert per_document == pytest.approx(nats * mean_length, abs=0.06)
    assert "5-gram, held-out documents" in out


def test_a_run_on_documents_is_resumed_and_replayed_also_without_its_data(run, recipes, tmp_path):
    runs = tmp_path / "whole.npz", tmp_path / "parts.npz"
    train = ("train", recipes, "--text", *TINY, "--separator", "<|end|>")
    run(*train, "--steps", "20", "--save", runs[0])
    run(*train, "--steps", "12", "--save", runs[1])
    assert run("resume", runs[1], "--steps", "8", "--save", runs[1], "--data", recipes)[0] == 0
    parameters = [load_network(path).parameters.flat for path in runs]
    np.testing.assert_array_equal(*parameters)
    code, out, _ = run("replay", runs[1])
    assert (code, "the same to the bit" in out) == (0, True)
    other = tmp_path / "text.npz"
    run("train", recipes, "--text", *TINY, "--layout", "text", "--steps", "5", "--save", other)
    code, out, messages = run("replay", other, "--data", recipes)
    assert (code, "the same to the bit" in out) == (0, True), messages


@pytest.mark.parametrize("name", ["cases/20-abc-tunes.txt", "data/abc/waltzes.abc"])
def test_tunes_are_documents_whose_case_is_kept(run, shared_file, tmp_path, name):
    path, saved = shared_file(name), tmp_path / "tunes.npz"
    code, _, messages = run("train", path, "--text", *TINY, "--steps", "2", "--save", saved)
    assert code == 0
    assert "documents, each a tune in ABC notation" in messages
    assert {"C", "c", "D", "d"} <= set(load_network(saved).vocabulary.symbols)


def test_the_sonnets_stay_one_text_unless_asked(run, shared_file):
    train = ("train", shared_file("data/shakespeare.txt"), "--text", *TINY, "--steps", "1")
    assert "is read as a running text" in run(*train)[2]
    assert "documents, separated by blank lines" in run(*train, "--separator", r"\n\n")[2]
