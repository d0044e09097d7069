"""Checks the README and the handbook: links, commands, options and examples."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

from dinogui.handbook.pages import all_pages, anchor_of
from dinogui.options import parse as parse_window_options
from engine.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "resources" / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
FILES = [ROOT / "README.md", ROOT / "tests" / "benchmarks" / "RESULTS.md", *PAGES]

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^]]*\]\((?P<target>[^)\s]+)\)")
_OPTION = re.compile(r"(?<![\w-])--[a-z][a-z0-9-]*")
_COMMANDS = (
    *("train", "resume", "replay", "race", "compare"),
    *("sample", "tell", "write", "evaluate", "compile"),
)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def blocks(path, language):
    text = path.read_text(encoding="utf-8")
    return [found["code"] for found in _BLOCK.finditer(text) if found["language"] == language]


def prose(path):
    return _BLOCK.sub("", path.read_text(encoding="utf-8"))


def anchors(path):
    return {anchor_of(line.lstrip("#")) for line in prose(path).splitlines() if line[:1] == "#"}


def engine_lines(path):
    """Return every command that begins with "python -m engine", in blocks and in the prose."""
    lines = "\n".join(blocks(path, "sh") + blocks(path, "")).splitlines()
    inline = re.findall(r"`(python -m engine [^`]+)`", prose(path))
    return [line for line in (*lines, *inline) if line.startswith("python -m engine")]


def help_of(capsys, *words):
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    return capsys.readouterr().out


def test_every_page_is_in_the_contents():
    assert set(all_pages()) == {page.relative_to(DOCS).as_posix() for page in PAGES}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_links_and_images_exist(path):
    for found in _LINK.finditer(prose(path)):
        target, _, anchor = found["target"].partition("#")
        if target.startswith(("http://", "https://")):
            continue
        there = (path.parent / target).resolve() if target else path
        assert there.is_file(), found["target"]
        assert not anchor or anchor in anchors(there), found["target"]


def test_every_picture_is_shown_and_made_by_the_script():
    pictures = {path.stem for path in (ROOT / "resources").rglob("*.png")}
    script = (ROOT / ".ci" / "pictures").read_text(encoding="utf-8")
    assert set(re.findall(r"^take (\S+)", script, re.MULTILINE)) == pictures
    targets = {found["target"] for path in FILES for found in _LINK.finditer(prose(path))}
    assert {Path(target).stem for target in targets if target.endswith(".png")} == pictures


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_has_one_title_and_stays_in_the_basic_plane(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert sum(line.startswith("# ") for line in prose(path).splitlines()) == 1
    assert max(map(ord, text)) < 0x10000
    assert text.endswith("\n")


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_commands_shown_exist(path, capsys):
    for line in engine_lines(path):
        words = shlex.split(line)[3:]
        if words[0] in ("COMMAND", "--version", "--help"):
            continue
        assert words[0] in _COMMANDS, line
        assert set(_OPTION.findall(line)) <= set(_OPTION.findall(help_of(capsys, words[0]))), line


def test_benchmarks_shown_exist():
    text = (ROOT / "tests" / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    lines = re.findall(r"python (tests/benchmarks/\w+\.py)([^`\n]*)", " ".join(text.split()))
    assert len(lines) >= 4
    for script, words in lines:
        source = (ROOT / script).read_text(encoding="utf-8")
        for option in _OPTION.findall(words.partition(" python ")[0]):
            assert f'"{option}"' in source, f"{script} {option}"


def test_the_page_has_every_option(capsys):
    page = (DOCS / "command-line.md").read_text(encoding="utf-8")
    real = set()
    for command in _COMMANDS:
        assert f"| `{command}` |" in page
        real |= set(_OPTION.findall(help_of(capsys, command)))
    with pytest.raises(SystemExit):
        parse_window_options(["--help"])
    real |= set(_OPTION.findall(capsys.readouterr().out))
    assert set(_OPTION.findall(page)) == real


def test_the_readmes_commands_run(tmp_path, monkeypatch, capsys):
    copytree(ROOT / "resources" / "names", tmp_path / "resources" / "names")
    monkeypatch.chdir(tmp_path)
    lines = [line for line in engine_lines(ROOT / "README.md") if " " in line]
    assert len(lines) >= 5
    for line in lines:
        assert main(shlex.split(line)[3:]) == 0, capsys.readouterr().err


@pytest.mark.parametrize("path", [path for path in FILES if blocks(path, "python")], ids=name_of)
def test_python_examples_run(path, tmp_path):
    """Run all blocks of a page as one program, in a process of its own."""
    program = tmp_path / "example.py"
    program.write_text("\n".join(blocks(path, "python")), encoding="utf-8")
    copytree(ROOT / "resources" / "names", tmp_path / "resources" / "names")
    environment = os.environ | {"PYTHONPATH": str(ROOT), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-W", "error", program],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
