"""Pickles in which nearly every byte is an opcode or belongs to a short one: results that jobs keep, as Python writes them."""
import pickle
import random

import numpy

draw = random.Random(7)


def runs(count):
    """Results of runs: dicts with the same keys."""
    return [{"run": at, "site": draw.choice(["north", "south", "east"]), "auc": draw.random(), "converged": True,
             "folds": [draw.random() for _ in range(3)]} for at in range(count)]


def rows(count):
    """Tuples of a text, whole numbers and floats."""
    return [(f"term{at}", draw.randrange(70_000), draw.randrange(200), draw.random()) for at in range(count)]


def numbers(count):
    """A list of lists of floats and whole numbers."""
    return [[draw.random() if place % 2 else draw.randrange(1 << 20) for place in range(20)] for _ in range(count)]


def vocabulary(count):
    """A dict from words to places."""
    return {f"word{at * 7}": at for at in range(count)}


def scalars(count):
    """A list of numpy's own floats, as most measures are."""
    return list(numpy.random.default_rng(7).random(count))


for make, count in [(runs, 400_000), (rows, 800_000), (numbers, 200_000), (vocabulary, 1_500_000), (scalars, 1_500_000)]:
    # The short one is for who is slow.
    for name, part in [("", 1), ("-short", 32)]:
        with open(f"{make.__name__}{name}.pkl", "wb") as file:
            pickle.dump(make(count // part), file)
