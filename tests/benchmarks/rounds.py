"""Timing several ways of doing the same in turns, and the resulting figures."""

import gc
import statistics
import time


def interleave(ways, rounds):
    """Time every way once per round, so that a slower machine affects all ways alike.

    Parameters
    ----------
    ways : dict of str to callable
        Each does the work of one round, and continues from there in the next.
    rounds : int

    Returns
    -------
    dict of str to list of float
        The seconds of every round, by way.
    """
    seconds = {way: [] for way in ways}
    for attempt in range(rounds):
        # Every other round backwards, so that no way always follows the same other way.
        for way in list(ways) if attempt % 2 == 0 else reversed(list(ways)):
            gc.collect()  # no way pays for what another has left
            start = time.perf_counter()
            ways[way]()
            seconds[way].append(time.perf_counter() - start)
    return seconds


def spread(values):
    """Return median, minimum and maximum."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def rates(seconds, work):
    """Return the spread of the work done per second."""
    return spread([work / each for each in seconds])


def ratio(ours, theirs):
    """Return the spread over rounds of how many times longer theirs took than ours."""
    return spread([their / our for our, their in zip(ours, theirs, strict=True)])


def verdict(value, goal, *, at_least=True):
    """Return a figure with its goal and whether the goal is met."""
    is_met = value["median"] >= goal if at_least else value["median"] <= goal
    return {**value, "goal": goal, "at_least": at_least, "met": is_met}


def write_spread(figure, digits=None):
    """Format median (min–max) with about three digits, or with this many after the point."""
    return "{} ({}–{})".format(*(number(figure[key], digits) for key in ("median", "min", "max")))


def write_goal(figure):
    """Format the goal and whether it is met."""
    sign = "≥" if figure["at_least"] else "≤"
    return f"goal {sign} {figure['goal']:.3g}: {'met' if figure['met'] else 'NOT MET'}"


def number(value, digits=None):
    """Format a number with about three digits, or with this many after the point."""
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"
