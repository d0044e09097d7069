"""Matrix products in kernels, by the function `gemm` of BLAS.

A kernel is given the address of the function, so that it can be kept on the disk.
"""

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.core.cgutils import unpack_tuple
from numba.extending import intrinsic

from engine.nn.fast.compiled.kernels.jit import loops

_ROW_MAJOR, _AS_IT_IS = 101, 111
"""In CBLAS: rows are contiguous, and a matrix is not transposed."""


@intrinsic  # type: ignore[untyped-decorator, unused-ignore]
def _call_gemm(typing_context: Any, gemm: Any, x: Any, W: Any, z: Any) -> Any:
    """Set z = x W, by the function at the address `gemm`; rows may be parts of longer ones."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        of_x, of_W, of_z = (
            context.make_array(kind)(context, builder, value)
            for kind, value in zip(signature.args[1:], given[1:], strict=True)
        )
        whole, index, pointer = ir.IntType(32), ir.IntType(64), ir.IntType(8).as_pointer()
        real = context.get_value_type(x.dtype)
        itemsize = ir.Constant(index, context.get_abi_sizeof(real))

        def matrix(array: Any) -> tuple[Any, Any]:
            """Return where a matrix begins, and how many numbers a row of memory has."""
            row_bytes, _ = unpack_tuple(builder, array.strides)
            return builder.bitcast(array.data, pointer), builder.sdiv(row_bytes, itemsize)

        m, k = unpack_tuple(builder, of_x.shape)
        _, n = unpack_tuple(builder, of_W.shape)
        arguments = [
            *(ir.Constant(whole, each) for each in (_ROW_MAJOR, _AS_IT_IS, _AS_IT_IS)),
            *(m, n, k, ir.Constant(real, 1.0), *matrix(of_x), *matrix(of_W)),
            *(ir.Constant(real, 0.0), *matrix(of_z)),
        ]
        kind = ir.FunctionType(ir.VoidType(), [each.type for each in arguments])
        builder.call(builder.inttoptr(given[0], kind.as_pointer()), arguments)
        return context.get_dummy_value()

    return types.void(gemm, x, W, z), generate


@loops
def set_product(gemm: int, x: Any, W: Any, z: Any) -> None:
    """Set z = x W: z (m, n), x (m, k), W (k, n), of one type.

    Parameters
    ----------
    gemm : int
        See `engine.nn.fast.compiled.blas_functions.gemm_address`.
    """
    _call_gemm(gemm, x, W, z)
