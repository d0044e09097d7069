"""The options about kinds of names: what is done with them, and the kind or the blend to write."""

import argparse
from collections.abc import Collection, Sequence

from engine.cli.options.arguments import OptionError, blaming, one_of, share_of_one
from engine.nn.architecture import TASKS
from engine.nn.kinds import Blend, blend_of
from engine.sampling.blend_text import text_of_weights, weights_of_text

KIND_SETTINGS = ("task", "both_directions")
"""Fields of `RunSettings` that only a run on names or tunes with kinds may change."""

KIND_HYPERPARAMETERS = ("balance",)
"""Fields of `Hyperparameters` of the same sort."""

_ASKS_FOR_KINDS = frozenset(("kinds", "kind_column"))


def add_kind_settings(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what a run does with kinds; their defaults are set elsewhere."""
    group = parser.add_argument_group("names or tunes with kinds (--kinds, --kind-column)")
    group.add_argument(
        "--task",
        type=one_of(TASKS),
        metavar=f"{{{','.join(TASKS)}}}",
        help="write: the network is told a kind, and writes names or plays tunes of it; tell: it "
        "reads a name, or eight bars of a tune, and tells its kind (default: write)",
    )
    group.add_argument(
        "--both-directions",
        action="store_true",
        help="with --task tell, read names or tunes from right to left too",
    )
    add_balance(group, "default: 0")


def add_balance(parser: argparse._ActionsContainer, default: str) -> None:
    """Add the option that says how evenly kinds are drawn; `default` says what it is without."""
    parser.add_argument(
        "--balance",
        type=share_of_one,
        metavar="B",
        help=f"how evenly kinds are drawn, from 0, by their size, to 1, all alike ({default})",
    )


def has_kinds(given: Collection[str]) -> bool:
    """Tell whether the options that are given ask for kinds."""
    return not _ASKS_FOR_KINDS.isdisjoint(given)


def add_blend_options(parser: argparse.ArgumentParser, *, plays: bool = False) -> None:
    """Add the options that choose the kind of the names to write, or of the tune to play."""
    act, weights = "write names", "Greek=0.6,Irish=0.4"
    if plays:
        act, weights = "play a tune", "jig=0.6,waltz=0.4"
    default = "" if plays else " (default: names of all kinds in turn, if the network knows kinds)"
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--kind", metavar="TITLE", help=f"{act} of this kind{default}")
    which.add_argument(
        "--blend",
        metavar="BLEND",
        help=f"{act} between kinds, each with its weight, such as {weights}; a title with a comma "
        "or an equals sign stands in quotation marks",
    )


def chosen_blend(options: argparse.Namespace, titles: Sequence[str]) -> tuple[str, Blend] | None:
    """Return what the blend that was chosen is called, and the blend; None if none was chosen.

    Parameters
    ----------
    options : Namespace
    titles : sequence of str
        The kinds that the network knows.

    Raises
    ------
    OptionError
        If the network knows no such kinds, or the weights cannot be used.
    """
    if options.kind is not None:
        with blaming("--kind"):
            blend = blend_of(titles, {options.kind: 1.0})
        return titles[int(blend.argmax())], blend
    if options.blend is None:
        return None
    with blaming("--blend"):
        blend = blend_of(titles, weights_of_text(options.blend))
    weights = dict(zip(titles, blend.tolist(), strict=True))
    alone = [title for title, weight in weights.items() if weight == 1]
    return (alone[0] if alone else text_of_weights(weights)), blend


def check_kind_settings(options: argparse.Namespace) -> None:
    """Check that the settings of kinds go together.

    Raises
    ------
    OptionError
        If a network that writes is to read in both directions.
    """
    if options.both_directions and options.task == "write":
        raise OptionError(
            "--both-directions needs --task tell: a network that writes cannot read letters that "
            "are not written yet."
        )
