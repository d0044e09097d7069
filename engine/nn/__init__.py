"""The network: its parameters, its forward and backward pass, and the rules that update it.

Begin with `architecture` (what a network is made of), `parameters` (one vector and its views),
`network` (it writes; loss and gradients of a batch) and `classifier` (it tells the kind of a name).
`layers/` holds what these two have in common. `cells/` and `optimizers` hold registries: to add a
cell or an optimiser, read `cell_protocol` or `optimizers.Optimizer`. `resizing/` changes the width
of a network that has learned something; `fast/` holds the optimisations for speed. `memory` says
how much memory is free, and `machine` on which machine the network computes.

May be imported by everything in `engine` but `engine.storage`, `engine.data` and
`engine.reference`. Inside, each module imports only what comes before it: `packing` and
`functions`, `fast`, `cell_protocol` and `gate_views`, `cells`, `architecture`, `parameters`,
`layers`, then the rest, and `resizing` last. So `fast_path`, which needs the registry of the cells,
lies here and not in `fast/`, which the cells import.
"""
