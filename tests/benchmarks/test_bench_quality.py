import json
import math


def test_kinds_are_told_and_written(run_script, tmp_path):
    folder = tmp_path / "kinds"
    folder.mkdir()
    for kind, vowel in (("Ana", "a"), ("Ono", "o")):
        names = [f"{first}{vowel}{last}{vowel}" for first in "bdgklm" for last in "nrst"]
        (folder / f"{kind}.txt").write_text("\n".join(names), encoding="utf-8")
    figures = tmp_path / "figures.json"
    ended = run_script(
        *("bench_quality.py", folder, "--only", "kinds", "--seeds", "3"),
        *("--steps", "5", "--tell-steps", "30", "--json", figures),
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    found = json.loads(figures.read_text(encoding="utf-8"))["kinds"]["3"]
    telling, writing = found["telling"], found["writing"]
    assert list(telling) == [
        "always the largest kind",
        *(f"{order}-grams by Bayes' rule" for order in range(1, 6)),
        "preset tell",
        "the same, balance 0.5",
    ]
    assert telling["always the largest kind"]["accuracy"] == 0.5
    assert telling["preset tell"]["accuracy"] == telling["preset tell"]["mean_recall"] == 1
    assert math.isfinite(writing["nats per character"])
    assert list(writing["gains"]) == list(writing["told of each kind"]) == ["Ana", "Ono"]
    below = sum(gain > 0 for gain in writing["gains"].values())
    assert writing["kinds below their n-grams"] == below
    told = list(writing["told of each kind"].values())
    assert math.isclose(writing["written, told as their kind, kinds counted evenly"], sum(told) / 2)
    assert writing["real, weighted by size"] == 1
    for title in (*telling, *(key for key in writing if key != "kinds")):
        assert title in ended.stdout
