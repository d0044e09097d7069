"""The functions that Numba compiles, and nothing else: importing them imports Numba.

`jit` says how they are compiled; `scalars`, `blas` and `updates` are what the others share;
`rnn`, `gru` and `lstm` are the cells on one name; `names` trains on a chunk of names in one call.
`batches` has the passes of a batch, in the precision of its arrays: `functions` chooses between
`scalars` and `scalars_float32`. `choice` chooses the letters of names.
Every array is C-contiguous. A matrix is written as in NumPy, and loops run over its rows.
"""
