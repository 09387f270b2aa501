#!/usr/bin/env python3
"""Differences between two methods over the same images, from the journal of one `smoot faithfulness` job of one run.

paired.py FOLDER --methods A,B,... --score SCORE --pairs A:B ...
--methods as in the job, in its order, without the control. A job with one measure writes one line for each method and
batch, so that the n-th lines belong to the methods in turn. Prints the mean difference with its 95 % interval, and the
share of images on which the first of the pair is better (ties count half).
"""
import argparse
import json
import math


def values(folder, methods, score):
    pieces = [json.loads(line) for line in open(f"{folder}/journal.jsonl") if line.strip()]
    pieces = [piece for piece in pieces if score in piece["scores"]["scores"]]
    keys = list(dict.fromkeys(piece["key"] for piece in pieces))
    sources = methods + ["random-control"][:len(keys) - len(methods)]
    assert len(keys) == len(sources), f"{len(keys)} sources in the journal, {len(methods)} methods"
    found = {}
    for key, method in zip(keys, sources):
        mine = sorted((piece for piece in pieces if piece["key"] == key), key=lambda piece: piece["start"])
        found[method] = [value for piece in mine for value in piece["scores"]["scores"][score]]
    return found


parser = argparse.ArgumentParser()
parser.add_argument("folder")
parser.add_argument("--methods", required=True)
parser.add_argument("--score", default="insertion-minus-deletion")
parser.add_argument("--pairs", nargs="+", required=True)
given = parser.parse_args()
found = values(given.folder, given.methods.split(","), given.score)
for pair in given.pairs:
    first, second = pair.split(":")
    both = [(a, b) for a, b in zip(found[first], found[second]) if a is not None and b is not None]
    differences = [a - b for a, b in both]
    n = len(differences)
    mean = sum(differences) / n
    deviation = math.sqrt(sum((d - mean) ** 2 for d in differences) / (n - 1))
    wins = sum((d > 0) + 0.5 * (d == 0) for d in differences) / n
    print(f"{given.folder} {first} - {second}: {mean:+.4f} ± {1.96 * deviation / math.sqrt(n):.4f}, "
          f"first is greater on {100 * wins:.1f} % of {n} images")
