import pytest

from engine.cli.terminal.messages import print_message


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("“\x1b[31mred.txt”", r"“\x1b[31mred.txt”"),
        ("a\x9b2J", r"a\x9b2J"),
        ("Zoë 恐龙\n\tb", "Zoë 恐龙\n\tb"),
    ],
)
def test_a_message_does_not_command_the_terminal(capsys, written, shown):
    print_message(written)
    assert capsys.readouterr().err == f"{shown}\n"
