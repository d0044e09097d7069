"""Matrix products in kernels, by functions of BLAS.

A kernel is given their addresses, so that it can be kept on the disk.

Why not loops of our own: with a row, they took 0 to 25 % longer, at all widths from 8 to 512 units;
the outer products of a name took twice as long. A step of RNN-50 takes 15 µs in place of 22.
"""

from collections.abc import Sequence
from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import unpack_tuple
from numba.extending import intrinsic

from engine.nn.fast.compiled.blas_functions import AS_IT_IS, ROW_MAJOR, TRANSPOSED, BlasFunctions
from engine.nn.fast.compiled.kernels.jit import loops

_WHOLE, _INDEX, _POINTER = ir.IntType(32), ir.IntType(64), ir.IntType(8).as_pointer()
"""The types of CBLAS: int, the 64-bit integer of sizes, and a pointer."""


@loops
def set_product(blas: BlasFunctions, x: Any, W: Any, z: Any) -> None:
    """Set z = x W: z (m, n), x (m, k), W (k, n), of one type; rows may be parts of longer ones."""
    if len(x) == 1:  # for wide layers, it takes half as long
        _call_gemv(blas.gemv, TRANSPOSED, 0, x, W, z)
    else:
        _call_gemm(blas.gemm, AS_IT_IS, AS_IT_IS, x, W, z)


@loops
def set_product_back(blas: BlasFunctions, dz: Any, U: Any, U_T: Any, da: Any) -> None:
    """Set da = dz U^T: da (m, n), dz (m, k), U (n, k).

    Parameters
    ----------
    U_T : (k, n) array
        A copy of U^T, with which many rows are quicker. It is not read if m is 1, where making the
        copy would take a quarter of the time.
    """
    if len(dz) == 1:
        _call_gemv(blas.gemv, AS_IT_IS, 0, dz, U, da)
    else:
        _call_gemm(blas.gemm, AS_IT_IS, AS_IT_IS, dz, U_T, da)


@loops
def add_product(blas: BlasFunctions, x: Any, W: Any, z: Any) -> None:
    """Add x W to z: z (1, n), x (1, k), W (k, n)."""
    _call_gemv(blas.gemv, TRANSPOSED, 1, x, W, z)


@loops
def add_product_back(blas: BlasFunctions, dz: Any, U: Any, da: Any) -> None:
    """Add dz U^T to da: da (1, n), dz (1, k), U (n, k)."""
    _call_gemv(blas.gemv, AS_IT_IS, 1, dz, U, da)


@loops
def set_product_of_rows(blas: BlasFunctions, x: Any, W: Any, z: Any) -> None:
    """Set z = x W^T, the products of rows with rows: z (m, n), x (m, k), W (n, k)."""
    _call_gemm(blas.gemm, AS_IT_IS, TRANSPOSED, x, W, z)


@loops
def set_outer_products(blas: BlasFunctions, x: Any, z: Any, D: Any) -> None:
    """Set D = x^T z, the sum of the outer products of rows: D (m, n), x (k, m), z (k, n)."""
    _call_gemm(blas.gemm, TRANSPOSED, AS_IT_IS, x, z, D)


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _call_gemm(
    typing_context: Any, gemm: Any, how_x: Any, how_W: Any, x: Any, W: Any, z: Any
) -> Any:
    """Set z = x W, with x^T or W^T instead if `how_x` or `how_W` is `TRANSPOSED`."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        of_x, of_W, of_z = (
            _Matrix(context, builder, kind, value)
            for kind, value in zip(signature.args[3:], given[3:], strict=True)
        )
        how_x, how_W = (builder.trunc(each, _WHOLE) for each in given[1:3])
        is_transposed = builder.icmp_signed("==", how_x, ir.Constant(_WHOLE, TRANSPOSED))
        arguments = [
            *(ir.Constant(_WHOLE, ROW_MAJOR), how_x, how_W),
            *(of_z.m, of_z.n, builder.select(is_transposed, of_x.m, of_x.n)),
            *(of_x.number(1.0), of_x.begin, of_x.row, of_W.begin, of_W.row),
            *(of_x.number(0.0), of_z.begin, of_z.row),
        ]
        _call(builder, given[0], arguments)
        return context.get_dummy_value()

    return types.void(gemm, types.int64, types.int64, x, W, z), generate


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _call_gemv(
    typing_context: Any, gemv: Any, how: Any, is_added: Any, x: Any, W: Any, z: Any
) -> Any:
    """Set z = W x, or W^T x if `how` is `TRANSPOSED`; x and z are matrices of one row.

    If `is_added` is 1 instead of 0, the product is added to z.
    """

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        of_x, of_W, of_z = (
            _Matrix(context, builder, kind, value)
            for kind, value in zip(signature.args[3:], given[3:], strict=True)
        )
        kept = builder.sitofp(given[2], of_z.real)
        one = ir.Constant(_INDEX, 1)  # from one number of a vector to the next
        arguments = [
            *(ir.Constant(_WHOLE, ROW_MAJOR), builder.trunc(given[1], _WHOLE)),
            *(of_W.m, of_W.n, of_x.number(1.0), of_W.begin, of_W.row),
            *(of_x.begin, one, kept, of_z.begin, one),
        ]
        _call(builder, given[0], arguments)
        return context.get_dummy_value()

    return types.void(gemv, types.int64, types.int64, x, W, z), generate


class _Matrix:
    """What BLAS is told of a matrix: its shape, its first number, and how far apart rows are."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        array = context.make_array(kind)(context, builder, value)
        self.real = context.get_value_type(kind.dtype)
        itemsize = ir.Constant(_INDEX, context.get_abi_sizeof(self.real))
        self.m, self.n = unpack_tuple(builder, array.shape)
        row_bytes, _ = unpack_tuple(builder, array.strides)
        self.begin = builder.bitcast(array.data, _POINTER)
        row = builder.sdiv(row_bytes, itemsize)
        # The only row of a matrix may have any distance to the next, and BLAS wants it to end.
        self.row = builder.select(builder.icmp_signed("<", row, self.n), self.n, row)

    def number(self, value: float) -> Any:
        """Return a constant of the type of its entries."""
        return ir.Constant(self.real, value)


def _call(builder: Any, address: Any, arguments: Sequence[Any]) -> None:
    kind = ir.FunctionType(ir.VoidType(), [each.type for each in arguments])
    builder.call(builder.inttoptr(address, kind.as_pointer()), arguments)
