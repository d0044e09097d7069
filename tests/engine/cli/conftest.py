from types import SimpleNamespace

import pytest

from engine.cli.main import main


def end_of(words, capsys):
    """Run a command in here: its exit code, output and messages."""
    try:
        code = main([str(word) for word in words])
    except SystemExit as end:
        code = end.code
    printed = capsys.readouterr()
    return code, printed.out, printed.err


@pytest.fixture
def command(capsys):
    """Return a function that runs a command in here: its exit code, output and messages."""
    return lambda *words: end_of(words, capsys)


@pytest.fixture
def run_engine(capsys):
    """Return a function that runs a command in here, and returns its end as that of a process."""

    def run(*words):
        code, output, messages = end_of(words, capsys)
        return SimpleNamespace(returncode=code, stdout=output, stderr=messages)

    return run
