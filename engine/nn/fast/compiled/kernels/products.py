"""Products of vectors and matrices, for the small matrices of one name.

Four rows are taken at a time, so that a sum is read and written once for four products. The columns
``begin`` to ``end`` are those of a gate or of several neighbours. They are cut out first, as only
a loop that begins at 0 becomes vector code: elsewhere an index could be negative.
"""

from engine.nn.fast.compiled.kernels.jit import loops, sums
from engine.nn.fast.compiled.kernels.rows import fill
from engine.nn.fast.compiled.kernels.types import Matrix, Vector

BLOCK = 4
"""Rows that `set_outer_products` takes at a time; its arguments need room for whole blocks."""


@loops
def add_product(z: Vector, a: Vector, U: Matrix, begin: int, end: int) -> None:
    """Add a U to z, in its columns from `begin` to `end`: z (m,), a (n,), U (n, m)."""
    n, z = len(a), z[begin:end]
    k = 0
    while k + 3 < n:
        a0, a1, a2, a3 = a[k], a[k + 1], a[k + 2], a[k + 3]
        u0, u1 = U[k][begin:end], U[k + 1][begin:end]
        u2, u3 = U[k + 2][begin:end], U[k + 3][begin:end]
        for j in range(len(z)):
            z[j] += (a0 * u0[j] + a1 * u1[j]) + (a2 * u2[j] + a3 * u3[j])
        k += 4
    while k < n:
        a0, u0 = a[k], U[k][begin:end]
        for j in range(len(z)):
            z[j] += a0 * u0[j]
        k += 1


@sums
def add_row_products(d: Vector, U: Matrix, z: Vector, begin: int, end: int) -> None:
    """Add U z to d, of the columns from `begin` to `end`: d (n,), U (n, m), z (m,)."""
    n, z = len(d), z[begin:end]
    i = 0
    while i + 3 < n:
        u0, u1 = U[i][begin:end], U[i + 1][begin:end]
        u2, u3 = U[i + 2][begin:end], U[i + 3][begin:end]
        s0 = s1 = s2 = s3 = 0.0
        for j in range(len(z)):
            s0 += u0[j] * z[j]
            s1 += u1[j] * z[j]
            s2 += u2[j] * z[j]
            s3 += u3[j] * z[j]
        d[i] += s0
        d[i + 1] += s1
        d[i + 2] += s2
        d[i + 3] += s3
        i += 4
    while i < n:
        u0 = U[i][begin:end]
        s0 = 0.0
        for j in range(len(z)):
            s0 += u0[j] * z[j]
        d[i] += s0
        i += 1


@loops
def set_outer_products(D: Matrix, A: Matrix, Z: Matrix, T_x: int, begin: int, end: int) -> None:
    """Set D to the sum over t of a<t>^T z<t>, in the columns from `begin` to `end`.

    Sixteen products for four rows of D and of Z that are read: a third faster than one row of D.

    Parameters
    ----------
    D : (n, m) array
    A : (rows, n) array
        Finite in all its rows, of which there are at least as many as in the blocks of Z.
    Z : (rows, m) array
        Rows are taken in blocks of `BLOCK`. Those from `T_x` to the end of the last block are set
        to zero.
    """
    end_of_blocks = (T_x + BLOCK - 1) // BLOCK * BLOCK
    for t in range(T_x, end_of_blocks):
        fill(Z[t], 0.0)
    for i in range(len(D)):
        fill(D[i][begin:end], 0.0)
    for t in range(0, end_of_blocks, BLOCK):
        z0, z1 = Z[t][begin:end], Z[t + 1][begin:end]
        z2, z3 = Z[t + 2][begin:end], Z[t + 3][begin:end]
        i = 0
        while i + 3 < len(D):
            d0, d1 = D[i][begin:end], D[i + 1][begin:end]
            d2, d3 = D[i + 2][begin:end], D[i + 3][begin:end]
            a00, a01, a02, a03 = A[t, i], A[t, i + 1], A[t, i + 2], A[t, i + 3]
            a10, a11, a12, a13 = A[t + 1, i], A[t + 1, i + 1], A[t + 1, i + 2], A[t + 1, i + 3]
            a20, a21, a22, a23 = A[t + 2, i], A[t + 2, i + 1], A[t + 2, i + 2], A[t + 2, i + 3]
            a30, a31, a32, a33 = A[t + 3, i], A[t + 3, i + 1], A[t + 3, i + 2], A[t + 3, i + 3]
            for j in range(len(d0)):
                d0[j] += (a00 * z0[j] + a10 * z1[j]) + (a20 * z2[j] + a30 * z3[j])
                d1[j] += (a01 * z0[j] + a11 * z1[j]) + (a21 * z2[j] + a31 * z3[j])
                d2[j] += (a02 * z0[j] + a12 * z1[j]) + (a22 * z2[j] + a32 * z3[j])
                d3[j] += (a03 * z0[j] + a13 * z1[j]) + (a23 * z2[j] + a33 * z3[j])
            i += 4
        while i < len(D):
            d0 = D[i][begin:end]
            a0, a1, a2, a3 = A[t, i], A[t + 1, i], A[t + 2, i], A[t + 3, i]
            for j in range(len(d0)):
                d0[j] += (a0 * z0[j] + a1 * z1[j]) + (a2 * z2[j] + a3 * z3[j])
            i += 1
