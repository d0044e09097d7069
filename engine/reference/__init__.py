"""The course's own functions, under its own names: written to be read, and slow on purpose.

The tests compare the rest of the engine with them. They import nothing of `engine` outside this
package, and only tests import them. Begin with `rnn`; `dinosaurus` is a whole training program.
"""
