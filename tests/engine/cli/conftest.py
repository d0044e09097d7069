import pytest

from engine.cli.main import main


@pytest.fixture
def command(capsys):
    """Return a function that runs a command in here: its exit code, output and messages."""

    def run(*words):
        try:
            code = main([str(word) for word in words])
        except SystemExit as end:
            code = end.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run
