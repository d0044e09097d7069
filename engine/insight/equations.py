"""The course's equations of each cell, forward and backward, as text with a place for the layer.

{l} stands for the layer, "" where there is only one and "[2]" for the second; {x} for what it
reads, {above} for what the gradient brings from above. ∗ is element by element, σ the sigmoid.

As in the course, the gradient of a gate is that before its sigmoid or tanh.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Equation:
    """One equation of a step.

    Attributes
    ----------
    quantity : str
        The key of its result, in `LayerReading.quantities` or, with a d before it, of a gradient.
    left, right : str
        Its sides, to be filled by ``str.format``.
    """

    quantity: str
    left: str
    right: str


@dataclass(frozen=True)
class CellEquations:
    """The equations of a cell.

    Attributes
    ----------
    forward, backward : tuple of Equation
        In the order in which they are computed.
    to_below : str
        What a layer adds to the gradient of what it reads.
    gradients : dict of str to str
        Of each parameter, summed over all steps.
    """

    forward: tuple[Equation, ...]
    backward: tuple[Equation, ...]
    to_below: str
    gradients: dict[str, str]


_RNN = CellEquations(
    forward=(Equation("a", "a{l}⟨t⟩", "tanh(Wax{l} {x} + Waa{l} a{l}⟨t−1⟩ + ba{l})"),),
    backward=(
        Equation("da", "da{l}⟨t⟩", "{above} + Waa{l}ᵀ dz{l}⟨t+1⟩"),
        Equation("dz", "dz{l}⟨t⟩", "(1 − a{l}⟨t⟩²) ∗ da{l}⟨t⟩"),
    ),
    to_below="Wax{l}ᵀ dz{l}⟨t⟩",
    gradients={
        "Wax": "Σ dz{l}⟨t⟩ {x}ᵀ",
        "Waa": "Σ dz{l}⟨t⟩ a{l}⟨t−1⟩ᵀ",
        "ba": "Σ dz{l}⟨t⟩",
    },
)

_GRU = CellEquations(
    forward=(
        Equation("Gamma_u", "Γu{l}⟨t⟩", "σ(Wu{l} [c{l}⟨t−1⟩; {x}] + bu{l})"),
        Equation("Gamma_r", "Γr{l}⟨t⟩", "σ(Wr{l} [c{l}⟨t−1⟩; {x}] + br{l})"),
        Equation("c_tilde", "c̃{l}⟨t⟩", "tanh(Wc{l} [Γr{l}⟨t⟩ ∗ c{l}⟨t−1⟩; {x}] + bc{l})"),
        Equation("a", "c{l}⟨t⟩", "Γu{l}⟨t⟩ ∗ c̃{l}⟨t⟩ + (1 − Γu{l}⟨t⟩) ∗ c{l}⟨t−1⟩"),
        Equation("a", "a{l}⟨t⟩", "c{l}⟨t⟩"),
    ),
    backward=(
        Equation(
            "da",
            "dc{l}⟨t⟩",
            "{above} + (1 − Γu{l}⟨t+1⟩) ∗ dc{l}⟨t+1⟩ + Wu{l}[:, :n_a]ᵀ dΓu{l}⟨t+1⟩"
            " + Wr{l}[:, :n_a]ᵀ dΓr{l}⟨t+1⟩ + Γr{l}⟨t+1⟩ ∗ (Wc{l}[:, :n_a]ᵀ dc̃{l}⟨t+1⟩)",
        ),
        Equation("dc_tilde", "dc̃{l}⟨t⟩", "dc{l}⟨t⟩ ∗ Γu{l}⟨t⟩ ∗ (1 − c̃{l}⟨t⟩²)"),
        Equation(
            "dGamma_u",
            "dΓu{l}⟨t⟩",
            "dc{l}⟨t⟩ ∗ (c̃{l}⟨t⟩ − c{l}⟨t−1⟩) ∗ Γu{l}⟨t⟩ ∗ (1 − Γu{l}⟨t⟩)",
        ),
        Equation(
            "dGamma_r",
            "dΓr{l}⟨t⟩",
            "(Wc{l}[:, :n_a]ᵀ dc̃{l}⟨t⟩) ∗ c{l}⟨t−1⟩ ∗ Γr{l}⟨t⟩ ∗ (1 − Γr{l}⟨t⟩)",
        ),
    ),
    to_below="Wu{l}[:, n_a:]ᵀ dΓu{l}⟨t⟩ + Wr{l}[:, n_a:]ᵀ dΓr{l}⟨t⟩ + Wc{l}[:, n_a:]ᵀ dc̃{l}⟨t⟩",
    gradients={
        "Wu": "Σ dΓu{l}⟨t⟩ [c{l}⟨t−1⟩; {x}]ᵀ",
        "bu": "Σ dΓu{l}⟨t⟩",
        "Wr": "Σ dΓr{l}⟨t⟩ [c{l}⟨t−1⟩; {x}]ᵀ",
        "br": "Σ dΓr{l}⟨t⟩",
        "Wc": "Σ dc̃{l}⟨t⟩ [Γr{l}⟨t⟩ ∗ c{l}⟨t−1⟩; {x}]ᵀ",
        "bc": "Σ dc̃{l}⟨t⟩",
    },
)

_LSTM = CellEquations(
    forward=(
        Equation("Gamma_f", "Γf{l}⟨t⟩", "σ(Wf{l} [a{l}⟨t−1⟩; {x}] + bf{l})"),
        Equation("Gamma_i", "Γi{l}⟨t⟩", "σ(Wi{l} [a{l}⟨t−1⟩; {x}] + bi{l})"),
        Equation("c_tilde", "c̃{l}⟨t⟩", "tanh(Wc{l} [a{l}⟨t−1⟩; {x}] + bc{l})"),
        Equation("c", "c{l}⟨t⟩", "Γf{l}⟨t⟩ ∗ c{l}⟨t−1⟩ + Γi{l}⟨t⟩ ∗ c̃{l}⟨t⟩"),
        Equation("Gamma_o", "Γo{l}⟨t⟩", "σ(Wo{l} [a{l}⟨t−1⟩; {x}] + bo{l})"),
        Equation("a", "a{l}⟨t⟩", "Γo{l}⟨t⟩ ∗ tanh(c{l}⟨t⟩)"),
    ),
    backward=(
        Equation(
            "da",
            "da{l}⟨t⟩",
            "{above} + Wf{l}[:, :n_a]ᵀ dΓf{l}⟨t+1⟩ + Wi{l}[:, :n_a]ᵀ dΓi{l}⟨t+1⟩"
            " + Wc{l}[:, :n_a]ᵀ dc̃{l}⟨t+1⟩ + Wo{l}[:, :n_a]ᵀ dΓo{l}⟨t+1⟩",
        ),
        Equation(
            "dc",
            "dc{l}⟨t⟩",
            "da{l}⟨t⟩ ∗ Γo{l}⟨t⟩ ∗ (1 − tanh(c{l}⟨t⟩)²) + Γf{l}⟨t+1⟩ ∗ dc{l}⟨t+1⟩",
        ),
        Equation(
            "dGamma_o",
            "dΓo{l}⟨t⟩",
            "da{l}⟨t⟩ ∗ tanh(c{l}⟨t⟩) ∗ Γo{l}⟨t⟩ ∗ (1 − Γo{l}⟨t⟩)",
        ),
        Equation("dc_tilde", "dc̃{l}⟨t⟩", "dc{l}⟨t⟩ ∗ Γi{l}⟨t⟩ ∗ (1 − c̃{l}⟨t⟩²)"),
        Equation("dGamma_i", "dΓi{l}⟨t⟩", "dc{l}⟨t⟩ ∗ c̃{l}⟨t⟩ ∗ Γi{l}⟨t⟩ ∗ (1 − Γi{l}⟨t⟩)"),
        Equation("dGamma_f", "dΓf{l}⟨t⟩", "dc{l}⟨t⟩ ∗ c{l}⟨t−1⟩ ∗ Γf{l}⟨t⟩ ∗ (1 − Γf{l}⟨t⟩)"),
    ),
    to_below="Wf{l}[:, n_a:]ᵀ dΓf{l}⟨t⟩ + Wi{l}[:, n_a:]ᵀ dΓi{l}⟨t⟩"
    " + Wc{l}[:, n_a:]ᵀ dc̃{l}⟨t⟩ + Wo{l}[:, n_a:]ᵀ dΓo{l}⟨t⟩",
    gradients={
        "Wf": "Σ dΓf{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bf": "Σ dΓf{l}⟨t⟩",
        "Wi": "Σ dΓi{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bi": "Σ dΓi{l}⟨t⟩",
        "Wc": "Σ dc̃{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bc": "Σ dc̃{l}⟨t⟩",
        "Wo": "Σ dΓo{l}⟨t⟩ [a{l}⟨t−1⟩; {x}]ᵀ",
        "bo": "Σ dΓo{l}⟨t⟩",
    },
)

CELL_EQUATIONS = {"rnn": _RNN, "gru": _GRU, "lstm": _LSTM}
"""By the names of `engine.nn.cells.CELLS`."""

UPDATES = {
    "sgd": "{W} − α d{W}",
    "momentum": "{W} − α v, where v = 0.9 v + d{W}",
    "rmsprop": "{W} − α d{W} / (√s + 1e−8), where s = 0.9 s + 0.1 d{W}²",
    "adagrad": "{W} − α d{W} / (√s + 1e−8), where s = s + d{W}²",
    "adam": "{W} − α v̂ / (√ŝ + 1e−8), where v = 0.9 v + 0.1 d{W}, s = 0.999 s + 0.001 d{W}², "
    "v̂ = v / (1 − 0.9ᵏ), ŝ = s / (1 − 0.999ᵏ) at its k-th step",
}
UPDATES["adamw"] = UPDATES["adam"]
"""By the names of `engine.nn.optimizers.OPTIMIZERS`: what becomes of a parameter."""
