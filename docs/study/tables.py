#!/usr/bin/env python3
"""Puts the CSV files of `smoot faithfulness` together for the tables of docs/STUDY.md.

tables.py scores FOLDER... --run NAME...             means of the runs, methods by scores
tables.py differences FOLDER... --run A1 A2 --to B1 B2 [--gap]
    A minus B for each pair of runs (one pair a seed), each with the 95 % interval of two means; the mean over the
    pairs is printed, with + (better) or - (worse) only where every pair differs beyond its interval in the same
    direction; --gap takes each method minus the random control of the same run first
FOLDER is a job's folder, or a CSV file from one, such as docs/study/fashion.csv.
"""
import argparse
import csv
import math
import sys

SCORES = {
    "accuracy-drop": "accuracy drop ↓", "insertion-minus-deletion": "insertion - deletion ↑", "road": "ROAD ↑",
    "pixel-flipping": "pixel flipping ↓", "average-drop": "average drop ↓", "infidelity": "infidelity ↓",
    "relative-completeness-error": "completeness error ↓", "energy-in-object": "energy in object ↑",
    "sparseness": "sparseness ↑", "max-sensitivity": "max sensitivity ↓",
    "full-randomization": "full randomization ↓",
}
CONTROL = "random-control"


def load(folders):
    found = {}
    for folder in folders:
        with open(folder if folder.endswith(".csv") else f"{folder}/faithfulness.csv") as file:
            for row in csv.DictReader(file):
                if not row["mean"]:
                    continue
                mean = float(row["mean"])
                half = mean - float(row["lower"]) if row["lower"] else math.nan
                found[row["run"], row["method"], row["score"]] = (mean, half, row["better"])
    return found


def order(found):
    methods = list(dict.fromkeys(method for _, method, _ in found))
    return methods, [score for score in given.scores or SCORES if any(key[2] == score for key in found)]


def number(value):
    if value == 0 or 0.095 <= abs(value) < 9.95:
        return f"{value:.2f}"
    if 9.95 <= abs(value) < 10000:
        return f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}"
    return f"{value:.1g}".replace("e+0", "e").replace("e-0", "e-")


def table(head, rows):
    print("| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def scores(found, runs):
    methods, names = order(found)
    rows = []
    for method in methods:
        row = [method]
        for name in names:
            cells = [found[run, method, name] for run in runs if (run, method, name) in found]
            if not cells:
                row.append("-")
                continue
            mean = sum(cell[0] for cell in cells) / len(cells)
            half = math.sqrt(sum(cell[1] ** 2 for cell in cells)) / len(cells)
            row.append(f"{number(mean)} ± {number(half)}")
        rows.append(row)
    table(["method"] + [SCORES[name] for name in names], rows)


def value(found, run, method, name, gap):
    cell = found.get((run, method, name))
    if cell is None or not gap:
        return cell
    control = found[run, CONTROL, name]
    return cell[0] - control[0], math.hypot(cell[1], control[1]), cell[2]


def differences(found, ours, theirs, gap):
    methods, names = order(found)
    rows, counts = [], {name: [0, 0, 0] for name in names}
    for method in methods:
        row = [method]
        for name in names:
            cells = []
            for a, b in zip(ours, theirs):
                x, y = (value(found, run, method, name, gap) for run in (a, b))
                if x and y:
                    cells.append((x[0] - y[0], math.hypot(x[1], y[1]), x[2]))
            if not cells:
                row.append("-")
                continue
            mean = sum(cell[0] for cell in cells) / len(cells)
            half = max(cell[1] for cell in cells)
            sign = 1 if cells[0][2] == "higher" else -1
            isBetter = all(sign * cell[0] > cell[1] for cell in cells)
            isWorse = all(-sign * cell[0] > cell[1] for cell in cells)
            mark = " **+**" if isBetter else " **-**" if isWorse else ""
            if method != CONTROL:
                counts[name][0 if isBetter else 1 if isWorse else 2] += 1
            row.append(f"{number(mean)} ± {number(half)}{mark}")
        rows.append(row)
    table(["method"] + [SCORES[name] for name in names], rows)
    table(["of the methods"] + [SCORES[name] for name in names], [
        [word] + [str(counts[name][place]) for name in names]
        for place, word in enumerate(["better", "worse", "no difference"])])


parser = argparse.ArgumentParser()
parser.add_argument("what", choices=["scores", "differences"])
parser.add_argument("folders", nargs="+")
parser.add_argument("--run", nargs="+", required=True)
parser.add_argument("--to", nargs="+", default=[])
parser.add_argument("--gap", action="store_true")
parser.add_argument("--scores", nargs="+", choices=list(SCORES))
given = parser.parse_args()
data = load(given.folders)
if given.what == "scores":
    scores(data, given.run)
elif len(given.run) == len(given.to):
    differences(data, given.run, given.to, given.gap)
else:
    sys.exit("as many runs after --to as after --run")
