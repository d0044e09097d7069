"""Lanes as somebody types them."""

import pytest

from engine.racing.lane_text import LaneTextError, lanes_of_text, sets_widths


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cell=rnn;cell=gru;cell=lstm", [{"cell": "rnn"}, {"cell": "gru"}, {"cell": "lstm"}]),
        (
            "cell=rnn;cell=gru;hidden=80,80;learning_rate=0.01,optimizer=adam",
            [
                {"cell": "rnn"},
                {"cell": "gru"},
                {"widths": (80, 80)},
                {"learning_rate": 0.01, "optimizer": "adam"},
            ],
        ),
        (
            " hidden = 80, 40, learning-rate=1e-3  Cell=GRU ; clip=off ; ",
            [{"widths": (80, 40), "learning_rate": 1e-3, "cell": "gru"}, {"clip": None}],
        ),
        ("embedding=none; embedding=4", [{"embedding": None}, {"embedding": 4}]),
    ],
)
def test_what_is_typed_is_set_and_the_rest_stays(base, text, expected):
    lanes = lanes_of_text(text, base)
    assert [lane.values for lane in lanes] == [base.values | values for values in expected]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cell=rnn;;cell=gru", "Lane 2 is empty. Write what it sets, such as cell=gru."),
        ("", "Lane 1 is empty. Write what it sets, such as cell=gru."),
        (
            "cell=rnn;gru",
            "In lane 2, “gru” sets nothing. Write a name, = and a value, such as cell=gru.",
        ),
        (
            "5 cell=rnn",
            "In lane 1, “5” sets nothing. Write a name, = and a value, such as cell=gru.",
        ),
        ("cell=rnn;cel=gru", "In lane 2, nothing is called cel. Did you mean cell?"),
        ("cell=rnn;cell=gru cell=rnn", "Lane 2 sets cell twice. Leave one out."),
        ("seed=3", "Lane 1 sets seed, which must be the same in all lanes."),
        ("batch=2.5", "In lane 1, batch must be a whole number, got “2.5”."),
        ("hidden=a,b", "In lane 1, hidden must be whole numbers, such as 80 or 80,40, got “a,b”."),
        ("learning_rate=", "In lane 1, learning_rate must be a number, got “”."),
        ("cell=rnn;hidden=2", "In lane 2, hidden must be whole numbers from 4 to 512, got (2,)."),
        ("cell=tree", "In lane 1, cell must be one of rnn, gru, lstm, got 'tree'."),
        (
            "learning_rate=nan",
            "In lane 1, learning_rate must be a number above 0 and at most 1e+20, got nan.",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_a_sentence(base, text, said):
    with pytest.raises(LaneTextError) as refused:
        lanes_of_text(text, base)
    assert str(refused.value) == said


def test_a_name_like_no_other_is_answered_with_all_names(base):
    with pytest.raises(LaneTextError, match=r"nothing is called xyz\. There are cell, optimizer, "):
        lanes_of_text("xyz=1", base)


def test_whether_the_widths_are_set():
    assert sets_widths("cell=rnn; hidden = 8")
    assert not sets_widths("cell=rnn; batch=8")
