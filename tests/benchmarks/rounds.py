"""Ways of doing the same, timed in turns, and what comes of it."""

import statistics
import time


def interleave(ways, rounds):
    """Time every way once a round, so that a machine that slows down slows all.

    Parameters
    ----------
    ways : dict of str to callable
        Each does one round's work and goes on from there the next time.
    rounds : int

    Returns
    -------
    dict of str to list of float
        Seconds of every round, by way.
    """
    seconds = {way: [] for way in ways}
    for attempt in range(rounds):
        # To and fro, so that nobody always comes first after somebody else's cache.
        for way in list(ways) if attempt % 2 == 0 else reversed(list(ways)):
            start = time.perf_counter()
            ways[way]()
            seconds[way].append(time.perf_counter() - start)
    return seconds


def spread(values):
    """Return median, lowest and highest."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def rates(seconds, work):
    """Return the spread of the work done a second."""
    return spread([work / each for each in seconds])


def ratio(ours, theirs):
    """Return the spread over rounds of how many times as long they took as we did."""
    return spread([their / our for our, their in zip(ours, theirs, strict=True)])


def verdict(value, goal, *, at_least=True):
    """Return a figure with its goal and whether it is met."""
    is_met = value["median"] >= goal if at_least else value["median"] <= goal
    return {**value, "goal": goal, "at_least": at_least, "met": is_met}


def write_spread(figure, digits=None):
    """Write median (lowest–highest), in three digits or in so many after the point."""
    return "{} ({}–{})".format(*(number(figure[key], digits) for key in ("median", "min", "max")))


def write_goal(figure):
    """Write the goal, and whether it is met."""
    sign = "≥" if figure["at_least"] else "≤"
    return f"goal {sign} {figure['goal']:g}: {'met' if figure['met'] else 'NOT MET'}"


def number(value, digits=None):
    """Write a number, in about three digits or in so many after the point."""
    if digits is None:
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}"
