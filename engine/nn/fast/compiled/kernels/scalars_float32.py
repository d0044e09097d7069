"""exp, tanh and the logistic sigmoid in single precision: `scalars` with fewer terms.

e^r - 1 is a Taylor polynomial of degree 7, whose relative error for |r| <= ln(2) / 2 is below 2e-8,
a third of the last bit. Every constant is a float32: one float64 among them would make the whole
loop compute in double precision, at half the rate.

ln 2 in two parts, as in `scalars`: Cephes's expf, https://www.netlib.org/cephes/.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.nn.fast.compiled.kernels.jit import inlined

_LN2_HIGH, _LN2_LOW = np.float32(0.693359375), np.float32(-2.12194440e-4)
_PER_LN2 = np.float32(1 / math.log(2))

_ROUNDING = np.float32(1.5 * 2.0**23)
"""Added to a number below 2^22, it leaves the nearest integer in the lowest bits."""

_BIAS = np.int32(_ROUNDING.view(np.int32) - 127)
_MANTISSA_BITS = np.int32(23)

_LEAST, _MOST = np.float32(-87.0), np.float32(88.0)
"""e^x is a normal number in between."""

_SATURATED = np.float32(10.0)
"""tanh is 1 to the last bit from here on."""

_ONE, _TWO = np.float32(1), np.float32(2)
_2, _3, _4, _5, _6, _7 = (np.float32(1 / math.factorial(k)) for k in range(2, 8))


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _bits(typing_context: Any, x: Any) -> Any:
    """Return the 32 bits of a float32 as an integer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(32))

    return types.int32(types.float32), generate


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _float(typing_context: Any, bits: Any) -> Any:
    """Return the float32 that 32 bits stand for."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), generate


@inlined
def _power_and_rest(x: np.float32) -> tuple[np.float32, np.float32]:
    """Return 2^n and e^r - 1, where e^x = 2^n e^r."""
    x = _LEAST if x < _LEAST else x  # written so that a NaN stays one
    x = _MOST if x > _MOST else x
    rounded = x * _PER_LN2 + _ROUNDING
    n = rounded - _ROUNDING
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    power = _float((_bits(rounded) - _BIAS) << _MANTISSA_BITS)
    p = _7 * r + _6
    p = p * r + _5
    p = p * r + _4
    p = p * r + _3
    p = p * r + _2
    return power, r + r * r * p


@inlined
def exp(x: np.float32) -> np.float32:
    """Return e^x, for x between -87 and 88; beyond, its value at the nearer end."""
    power, rest = _power_and_rest(x)
    return power + power * rest


@inlined
def tanh(x: np.float32) -> np.float32:
    """Return tanh(x) = (e^(2x) - 1) / (e^(2x) + 1), accurate near 0 as well."""
    x = -_SATURATED if x < -_SATURATED else x
    x = _SATURATED if x > _SATURATED else x
    power, rest = _power_and_rest(_TWO * x)
    exp_minus_1 = power * rest + (power - _ONE)
    return exp_minus_1 / (exp_minus_1 + _TWO)


@inlined
def sigmoid(x: np.float32) -> np.float32:
    """Return 1 / (1 + e^-x), as e^x / (1 + e^x)."""
    exp_x = exp(x)
    return exp_x / (_ONE + exp_x)
