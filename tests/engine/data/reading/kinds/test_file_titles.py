import pytest

from engine.data.reading.kinds.file_titles import file_titles


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (["names/Greek.txt", "names/Irish.txt"], ["Greek", "Irish"]),
        (["a.txt", "b.csv", "c"], ["a", "b", "c"]),
        (["n/boys/de.txt", "n/girls/de.txt", "n/fr.txt"], ["boys / de", "girls / de", "fr"]),
        (["n/a/x/de.txt", "n/b/x/de.txt"], ["a / x / de", "b / x / de"]),
        (["n/de.txt", "n/old/de.txt"], ["n / de", "old / de"]),
        (["n/a/DE.txt", "n/b/de.txt"], ["a / DE", "b / de"]),
        (["n/de.txt", "n/de.csv"], ["de", "de"]),
        (["x/de.txt", "y/de.txt", "y/de.csv"], ["x / de", "y / de", "y / de"]),
        (["de.txt", "de.txt"], ["de", "de"]),
        (["names.de.txt", "names.fr.txt"], ["names.de", "names.fr"]),
        (["n/Cafe\u0301\n.txt", "n/ .txt"], ["Caf\u00e9", "unnamed"]),
        (["n/" + "x" * 250 + ".txt"], ["x" * 200]),
        ([], []),
    ],
)
def test_a_title_has_as_much_of_the_path_as_is_needed(names, titles):
    assert file_titles(names) == titles
