import re

import pytest


@pytest.fixture
def run_engine(run_python):
    return lambda *arguments: run_python("-m", "engine", *arguments)


@pytest.fixture
def names_path(tmp_path, corpus):
    path = tmp_path / "names.txt"
    path.write_text("\n".join(corpus.names), encoding="utf-8")
    return path


def steps_a_second(output):
    found = re.search(
        r"^([\d,]+) steps in [\d.]+ s: ([\d,]+) steps a second\.$", output, re.MULTILINE
    )
    return [int(number.replace(",", "")) for number in found.groups()]


def test_repeats_the_course(run_engine, dinos_path, course):
    ended = run_engine("train", dinos_path, "--recipe", "notebook", "--steps", "2001")
    assert ended.returncode == 0, ended.stderr
    lines = [line for line in ended.stdout.splitlines() if line]
    place = lines.index("Iteration: 2000, Loss: 27.884160")
    assert lines[place + 1 : place + 8] == course["model"]["names"]["2000"]
    assert lines[0] == "Iteration: 0, Loss: 23.087336"
    assert lines[1:8] == course["model"]["names"]["0"]
    steps, rate = steps_a_second(ended.stdout)
    assert steps == 2001
    assert rate > 0
    for told in ("dinos.txt", "1,536 names", "1,524 distinct", "27 symbols", "12 repeats"):
        assert told in ended.stderr


def test_the_default_recipe_tells_the_held_out_loss(run_engine, names_path):
    ended = run_engine("train", names_path, "--steps", "30", "--hidden", "8")
    assert ended.returncode == 0, ended.stderr
    held_out = re.search(r"^Held out: ([\d.]+) nats a name, ([\d.]+) nats", ended.stdout, re.M)
    assert 1 < float(held_out[2]) < float(held_out[1]) < 100
    assert steps_a_second(ended.stdout)[0] == 30


def test_the_knobs_are_taken(run_engine, names_path):
    def log(*knobs):
        ended = run_engine("train", names_path, "--steps", "2001", "--hidden", "6", *knobs)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout.partition(" steps in ")[0]

    plain = log()
    assert log("--seed", "0") == plain
    for knobs in (("--seed", "1"), ("--learning-rate", "0.05"), ("--clip", "0.01")):
        assert log(*knobs) != plain, knobs


def test_clip_may_be_off(run_engine, names_path):
    assert run_engine("train", names_path, "--steps", "5", "--clip", "off").returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--help",), ["python -m engine", "train", "without a window"]),
        (
            ("train", "--help"),
            ["NAMES.txt", "--recipe", "--steps", "--hidden", "--learning-rate", "--clip", "--seed"],
        ),
    ],
)
def test_help_explains_itself(run_engine, arguments, told):
    ended = run_engine(*arguments)
    assert (ended.returncode, ended.stderr) == (0, "")
    for word in told:
        assert word in ended.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--steps", "many"], "“many” is not a whole number of 1 or more."),
        (["--steps", "0"], "“0” is not a whole number of 1 or more."),
        (["--steps", "2.5"], "“2.5” is not a whole number of 1 or more."),
        (["--recipe", "secret"], "invalid choice: 'secret'"),
        (["--hidden", "3"], "“3” is not a whole number from 4 to 512."),
        (["--hidden", "513"], "“513” is not a whole number from 4 to 512."),
        (["--learning-rate", "fast"], "“fast” is not a finite number above 0."),
        (["--learning-rate", "nan"], "“nan” is not a finite number above 0."),
        (["--clip", "-1"], "“-1” is not a finite number above 0, and not “off”."),
        (["--seed", "-1"], "“-1” is not a whole number from 0 to 4294967294."),
    ],
    ids=" ".join,
)
def test_a_bad_option_is_told_in_words(run_engine, names_path, arguments, told):
    ended = run_engine("train", names_path, *arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert told in ended.stderr
    assert "Traceback" not in ended.stderr


def test_without_a_command_the_usage_is_shown(run_engine):
    ended = run_engine()
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: python -m engine")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "There is no file “{path}”. Check the name and the folder."),
        (b"", "“bad.txt” is empty: it holds no name. Write one name a line into it."),
        (b"r\xe9x\n", "“bad.txt” is not UTF-8 text: byte 1 (0xe9), in line 1, does not fit."),
        (b"\x00\x01", "“bad.txt” is not a text file: byte 0 is a zero."),
    ],
    ids=["missing", "empty", "not UTF-8", "binary"],
)
def test_a_bad_file_is_told_in_words(run_engine, tmp_path, content, told):
    path = tmp_path / "bad.txt"
    if content is not None:
        path.write_bytes(content)
    ended = run_engine("train", path)
    assert ended.returncode == 1
    assert ended.stdout == ""
    assert ended.stderr.startswith(told.format(path=path))
    assert "Traceback" not in ended.stderr


def test_a_lost_run_says_what_to_do(run_engine, names_path):
    ended = run_engine(
        "train", names_path, "--steps", "50", "--learning-rate", "1e300", "--clip", "off"
    )
    assert ended.returncode == 1
    assert "Train again with a learning rate below 1e+300" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert "Warning" not in ended.stderr
