"""--kind-title OLD=NEW: titles with equals signs in them, and kinds that the data do not have."""

import pytest

from engine.runs.run_file import load_run


@pytest.fixture
def kinds_after(command, tmp_path):
    """Return a function that trains on kinds of some titles, and returns the code and the kinds."""

    def train(found, *words):
        rows = "".join(f"{name}{i},{title}\n" for i, title in enumerate(found) for name in "abcd")
        (tmp_path / "table.csv").write_text(f"name,kind\n{rows}", encoding="utf-8")
        titles = [part for word in words for part in ("--kind-title", word)]
        path = tmp_path / "run.npz"
        code, _, said = command(
            *("train", tmp_path / "table.csv", "--kind-column", "kind", *titles),
            *("--steps", 1, "--hidden", 4, "--save", path, "--force"),
        )
        return code, load_run(path).network.kinds if code == 0 else said

    return train


@pytest.mark.parametrize(
    ("found", "word", "kinds"),
    [
        (["x=1", "x=2"], "x=1=one", ("one", "x=2")),
        (["x", "x=1", "y"], "x=1=one", ("x", "one", "y")),  # the longest that fits
        (["x", "y"], "x=1=one", ("1=one", "y")),
        (["x", "x=1", "y"], '"x"=1=one', ("1=one", "x=1", "y")),
        (["x", "x=1", "y"], "x=1=", ("x", "y")),
        (["X = 1", "y"], "x = 1=one", ("one", "y")),
        (["x", "y"], '"x" = one', ("one", "y")),
    ],
)
def test_the_longest_kind_before_an_equals_sign_is_meant(kinds_after, found, word, kinds):
    assert kinds_after(found, word) == (0, kinds)


def test_several_titles_may_begin_alike(kinds_after):
    found = ["x=1", "x=2", "y"]
    assert kinds_after(found, "x=1=one", "x=2=two") == (0, ("one", "two", "y"))
    code, said = kinds_after(found, "x=1=one", '"x=1"=two')
    assert code == 2
    assert "--kind-title gives the kind “x=1” several titles." in said


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("Grek=Hellenic", "--kind-title: The data have no kind “Grek”. Did you mean “Greek”?"),
        ("Zulu=Z", "--kind-title: The data have no kind “Zulu”."),
        ('"Greek=a"=b', "--kind-title: The data have no kind “Greek=a”."),
    ],
)
def test_a_kind_that_the_data_lack_is_refused(kinds_after, word, said):
    code, found = kinds_after(["Greek", "Irish"], word)
    assert code == 2
    assert said in found


def test_the_titles_of_a_run_hold_for_data_that_lack_a_kind(command, tmp_path, kinds_after):
    assert kinds_after(["x=1", "y", "z"], "x=1=one")[0] == 0
    other = tmp_path / "other.csv"
    other.write_text("name,kind\n" + "".join(f"{name}1,y\n" for name in "abcd"), encoding="utf-8")
    code, out, said = command("evaluate", tmp_path / "run.npz", other)
    assert code == 0, said
    assert "y" in out
