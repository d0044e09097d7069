"""exp, log, tanh and the sigmoid without branches, so that loops over them become vector code.

e^x = 2^n e^r, where n is the integer nearest to x / ln 2 and |r| <= ln(2) / 2. e^r - 1 is a Taylor
polynomial; of degree 13, its relative error is below 1e-16. The C library's functions are scalar
calls, which would take a third of a step.

ln 2 in two parts (the first has zeros at its end, so that n times it is exact): fdlibm's e_exp.c,
https://www.netlib.org/fdlibm/e_exp.c. The logarithm: its e_log.c.
"""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from engine.nn.fast.compiled.kernels.jit import inlined

_LN2_HIGH, _LN2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
_PER_LN2 = 1 / math.log(2)

_ROUNDING = 1.5 * 2.0**52
"""Added to a number below 2^51, it leaves the nearest integer in the lowest bits."""

_ROUNDING_BITS = int(np.array(_ROUNDING).view(np.int64))

_LEAST, _MOST = -708.0, 709.0
"""e^x is a normal number in between."""

_SATURATED = 20.0
"""tanh is 1 to the last bit from here on."""

_MANTISSA = 52
"""Bits of a float64 below its exponent."""

_ROOT_OF_HALF_BITS = 0x3FE6A09E << 32
"""Those of about sqrt(1/2), a little below it."""

_INTEGER, _INTEGER_BITS = 2.0**52, int(np.array(2.0**52).view(np.int64))
"""Integers from 0 below 2^52 are the lowest bits of a float64 that has these above them."""


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _bits(typing_context: Any, x: Any) -> Any:
    """Return the 64 bits of a float64 as an integer."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(64))

    return types.int64(types.float64), generate


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def float_of_bits(typing_context: Any, bits: Any) -> Any:
    """Return the float64 that 64 bits stand for."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.DoubleType())

    return types.float64(types.int64), generate


@inlined
def _power_and_rest(x: float) -> tuple[float, float]:
    """Return 2^n and e^r - 1, where e^x = 2^n e^r."""
    x = _LEAST if x < _LEAST else x  # written so that a NaN stays one
    x = _MOST if x > _MOST else x
    rounded = x * _PER_LN2 + _ROUNDING
    n = rounded - _ROUNDING
    r = (x - n * _LN2_HIGH) - n * _LN2_LOW
    power = float_of_bits((_bits(rounded) - _ROUNDING_BITS + 1023) << 52)
    p = 1 / 6227020800.0  # the coefficients are 1 / k!, from 13! down to 2!
    p = p * r + 1 / 479001600.0
    p = p * r + 1 / 39916800.0
    p = p * r + 1 / 3628800.0
    p = p * r + 1 / 362880.0
    p = p * r + 1 / 40320.0
    p = p * r + 1 / 5040.0
    p = p * r + 1 / 720.0
    p = p * r + 1 / 120.0
    p = p * r + 1 / 24.0
    p = p * r + 1 / 6.0
    p = p * r + 0.5
    return power, r + r * r * p


@inlined
def exp(x: float) -> float:
    """Return e^x, for x between -708 and 709; beyond, its value at the nearer end."""
    power, rest = _power_and_rest(x)
    return power + power * rest


@inlined
def log(x: float) -> float:
    """Return ln x, for a normal number above 0.

    x = 2^n (1 + f), where 1 + f is between sqrt(1/2) and sqrt(2); s = f / (2 + f), and ln(1 + f) =
    2 artanh(s), whose series in s^2 has minimax coefficients.
    """
    above = _bits(x) - _ROOT_OF_HALF_BITS + (1023 << _MANTISSA)  # n + 1023 in its highest bits
    power = np.uint64(above) >> np.uint64(_MANTISSA)
    n = float_of_bits(np.int64(power) | _INTEGER_BITS) - (_INTEGER + 1023.0)
    fraction = above & ((1 << _MANTISSA) - 1)
    f = float_of_bits(fraction + _ROOT_OF_HALF_BITS) - 1.0
    s = f / (2.0 + f)
    z = s * s
    p = 1.479819860511658591e-01
    p = p * z + 1.531383769920937332e-01
    p = p * z + 1.818357216161805012e-01
    p = p * z + 2.222219843214978396e-01
    p = p * z + 2.857142874366239149e-01
    p = p * z + 3.999999999940941908e-01
    p = p * z + 6.666666666666735130e-01
    half_square = 0.5 * f * f
    ln_x: float = n * _LN2_HIGH - ((half_square - (s * (half_square + z * p) + n * _LN2_LOW)) - f)
    return ln_x


@inlined
def tanh(x: float) -> float:
    """Return tanh(x) = (e^(2x) - 1) / (e^(2x) + 1), accurate near 0 as well."""
    x = -_SATURATED if x < -_SATURATED else x
    x = _SATURATED if x > _SATURATED else x
    power, rest = _power_and_rest(2 * x)
    exp_minus_1 = power * rest + (power - 1)
    return exp_minus_1 / (exp_minus_1 + 2)


@inlined
def sigmoid(x: float) -> float:
    """Return 1 / (1 + e^-x)."""
    return 1 / (1 + exp(-x))
