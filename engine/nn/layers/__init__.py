"""What a network that writes and one that tells the kind have in common.

Begin with `layer_stack` (the recurrent layers, in one direction or in both) and `softmax_network`
(layers below a softmax layer: loss and gradients of a batch). `inputs` holds what the lowest layer
does with symbols. `compiled_batches` and `compiled_steps` call the compiled kernels.

May be imported by `engine.nn.network` and `engine.nn.classifier`, and by what computes single steps
with the same functions. Imports `engine.nn.parameters` and what that imports.
"""
