"""exp, tanh and the logistic sigmoid of a float64 or a float32, in the precision of their argument.

A loop calls them like any function; Numba chooses as it compiles the loop.
"""

from collections.abc import Callable
from typing import Any

from numba import types
from numba.extending import overload

from engine.nn.fast.compiled.kernels import scalars, scalars_float32

_RULES = {"fastmath": {"contract"}, "error_model": "numpy", "forceinline": True}


def exp(x: float) -> float:
    """Return e^x. Only kernels can call it."""
    raise NotImplementedError


def tanh(x: float) -> float:
    """Return tanh(x). Only kernels can call it."""
    raise NotImplementedError


def sigmoid(x: float) -> float:
    """Return 1 / (1 + e^-x). Only kernels can call it."""
    raise NotImplementedError


@overload(exp, jit_options=_RULES, strict=False)  # type: ignore[untyped-decorator, unused-ignore]
def _exp_of(x: Any) -> Callable[[Any], Any]:
    chosen: Any = scalars_float32.exp if x is types.float32 else scalars.exp
    return lambda x: chosen(x)


@overload(tanh, jit_options=_RULES, strict=False)  # type: ignore[untyped-decorator, unused-ignore]
def _tanh_of(x: Any) -> Callable[[Any], Any]:
    chosen: Any = scalars_float32.tanh if x is types.float32 else scalars.tanh
    return lambda x: chosen(x)


@overload(sigmoid, jit_options=_RULES, strict=False)  # type: ignore[untyped-decorator, unused-ignore]
def _sigmoid_of(x: Any) -> Callable[[Any], Any]:
    chosen: Any = scalars_float32.sigmoid if x is types.float32 else scalars.sigmoid
    return lambda x: chosen(x)
