"""What the tests of the course's blocks share."""

import numpy as np
import pytest


@pytest.fixture(scope="session")
def draw():
    """Return a function that draws an array for each of the shapes named."""

    def arrays(seed, **shapes):
        random = np.random.default_rng(seed)
        return {name: random.normal(scale=0.7, size=shape) for name, shape in shapes.items()}

    return arrays


@pytest.fixture(scope="session")
def assert_is_gradient():
    """Return a function that holds a gradient against finite differences, entry by entry."""

    def check(name, gradient, array, loss):
        assert gradient.shape == array.shape, name
        for entry in np.ndindex(array.shape):
            value, losses = array[entry], []
            for changed in (value + 1e-5, value - 1e-5):
                array[entry] = changed
                losses.append(loss())
            array[entry] = value
            numeric = (losses[0] - losses[1]) / 2e-5
            assert gradient[entry] == pytest.approx(numeric, rel=1e-6, abs=1e-8), (name, entry)

    return check


@pytest.fixture(scope="session")
def assert_refuses():
    """Return a function that calls with an array of another shape and reads the error."""

    def check(function, arguments, name, shape):
        parameters = arguments["parameters"]
        if name in parameters:
            changed = {**arguments, "parameters": {**parameters, name: np.ones(shape)}}
        else:
            changed = {**arguments, name: np.ones(shape)}
        with pytest.raises(ValueError, match=rf"\b{name}\b") as caught:
            function(**changed)
        assert str(shape) in str(caught.value) or " as in " in str(caught.value)

    return check
