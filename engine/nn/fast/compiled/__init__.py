"""The compiled step: kernels that compute single names and batches without the interpreter.

It is optional: ``pip install '.[fast]'`` brings Numba, which compiles the functions in `kernels`
once for each machine. `kernel_store` says where they are kept and whether they are ready;
`engine.nn.compiled_path` is what a learner calls for single names, `engine.nn.layers` has what
calls the kernels of batches, and `engine.sampling.name_writers` what samples with them. A kernel
computes what NumPy does, in another order, so that the two differ in the last bits;
`engine.nn.backends` names the two.

Only `kernels` imports Numba, and only `kernel_store` imports `kernels`. Begin with
`kernels.scalars`, and then read a cell, such as `kernels.rnn`, beside its NumPy step.
"""
