"""Each line is named beside the plot; no name lies on another one, nor on its neighbour's line."""

import numpy as np

from dinogui.widgets.line_names import LineNames


def test_no_name_lies_on_another_or_on_a_line_of_its_neighbour(plot, qtbot):
    names = LineNames(plot, lambda numbers: " ".join(map(str, numbers)))
    plot.getViewBox().setRange(xRange=(0, 1), yRange=(0, 1), padding=0)
    random, shared = np.random.default_rng(0), 0
    for _ in range(300):
        positions = np.sort(random.uniform(0, 1, int(random.integers(1, 9))) ** 3)[::-1]
        names.show_lines(dict(enumerate(positions.tolist())), "0 1 2 3 4 5 6 7 8")
        depths = (1 - positions) * names.height()
        named = [[int(number) for number in text.split()] for text in names.names]
        assert sorted(number for group in named for number in group) == list(range(len(positions)))
        end = 0
        for place, numbers in zip(names.places, named, strict=True):
            assert end <= place.top()
            end = place.top() + place.height()
            assert end <= names.height()
            for number, depth in enumerate(depths):
                assert number in numbers or not place.top() < depth < end
            shared += len(numbers) > 1
    assert shared > 50
