"""Products of vectors and matrices, for the small matrices of one name.

Four rows are taken at a time, so that a sum is read and written once for four products. The columns
``begin`` to ``end`` are those of a gate or of several neighbours. They are cut out first, as only
a loop that begins at 0 becomes vector code: elsewhere an index could be negative.
"""

from engine.nn.fast.compiled.kernels.jit import loops, sums
from engine.nn.fast.compiled.kernels.types import Matrix, Vector


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
