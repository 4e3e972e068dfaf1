#!/usr/bin/env python3
"""An attacker on what left a country: reads released tables and nothing else, writes down every sum that an outsider can,
and bounds each hidden cell by linear programs of somebody else's solver (HiGHS).

    attacker.py folder FOLDER [--publish N]   NNNN.body: releases in the order in which they left; NNNN.truth: the figures
                                              behind them, which only say at the end whom an interval would have hurt
    attacker.py node DATABASE...              what left the nodes, from their databases

It shares no code with disclosure control. What it assumes, as a well-informed outsider would: hidden cells are at least 1,
because zeros are shown; what has not changed between two releases is the same (of hidden cells the truth says which those are,
where it is there; else what no release shows to have changed). A small cell that it can tell to within less
than the width is found. `--publish N` first shows the Nth cell that was hidden to protect others: then it must find something.
Exits with 1 and the cells where it finds any.
"""

import argparse
import random
import sqlite3
import sys
import tomllib
from collections import defaultdict
from pathlib import Path

import cbor2
import highspy
import numpy as np
import zstandard

CATALOGUE = Path(__file__).resolve().parents[2] / "protocol" / "catalogue"
TOTAL, OTHER, UNKNOWN, REST = "_T", "_O", "_U", "(rest)"
FAR = 1e7
NEAR = 1e-6


def catalogue():
    """Forms with counts, and lists."""
    forms, lists = {}, {}
    for file in sorted(CATALOGUE.glob("*.toml")):
        said = tomllib.loads(file.read_text())
        forms |= {form["code"]: form for form in said.get("form", []) if form["kind"] in ("number", "list", "cross")}
        lists |= {one["code"]: one for one in said.get("list", [])}
    return forms, lists


FORMS, LISTS = catalogue()


class Table:
    """A released table: cells by key; a count, or None with the most it can be where it is hidden."""

    def __init__(self, release, body):
        packed = body[9:9 + int.from_bytes(body[5:9], "big")]
        value = cbor2.loads(zstandard.ZstdDecompressor().decompress(packed, int.from_bytes(body[1:5], "big")))
        self.release, self.form, (day, months), metadata = release, value[0], value[1], value[2]
        self.period = int(day[:4]) * 12 + int(day[5:7]) - 1, months
        self.counts = self.form in FORMS
        self.complete = metadata.get(9, False)
        dimensions, states, counts, bounds, *_ = value[3]
        self.cells, counts, bounds = {}, iter(counts), iter(bounds)
        if not self.counts:
            return
        self.unit = metadata.get(0) or FORMS[self.form]["units"][0]
        for i, state in enumerate(states):
            key = tuple(codes[rows[i]] for codes, rows in dimensions)
            if state <= 7:
                self.cells[key] = next(counts)
            elif state == 16:
                self.cells[key] = None, next(bounds) - 1
            elif state == 21:
                self.cells[key] = None, None
            elif state in (19, 20):
                self.cells[key] = 0

    @property
    def table(self):
        return self.form, self.period

    @property
    def measure(self):
        return FORMS[self.form].get("total_of", self.form), self.unit

    def name(self, key):
        """One name for a cell in whatever table it stands: totals drop out, and a remainder belongs to its form."""
        dimensions = FORMS[self.form]["dimensions"]
        codes = frozenset((d["code"], code) for d, code in zip(dimensions, key) if code != TOTAL)
        lone = any(code == OTHER and LISTS[d["list"]]["growable"] for d, code in zip(dimensions, key))
        return self.measure, self.period, codes, self.form if lone else None


def at(name, period):
    return name[0], period, *name[2:]


def inside(period):
    start, months = period
    length = {12: 6, 6: 3, 3: 1, 1: 0}[months]
    return [(start + i, length) for i in range(0, months, length)] if length else []


def year(period):
    return period[0] // 12


# --- Every sum ------------------------------------------------------------------------------------------------------

def sums_of(tables):
    """(whole, parts) of names, and the names that are nobody, for tables that stand side by side."""
    rows = defaultdict(set)
    for table in tables:
        for place, d in enumerate(FORMS[table.form]["dimensions"]):
            if LISTS[d["list"]]["growable"]:
                rows[table.measure, year(table.period), d["code"]] |= {key[place] for key in table.cells} - {TOTAL, OTHER}
    sums, nobody = set(), set()
    for table in tables:
        if not FORMS[table.form].get("several"):
            for place in range(len(FORMS[table.form]["dimensions"])):
                lines_of(table, place, rows, sums, nobody)
    over_time(tables, sums)
    return sums, nobody


def lines_of(table, place, rows, sums, nobody):
    form = FORMS[table.form]
    dimension = form["dimensions"][place]
    entries = LISTS[dimension["list"]]
    lines = {key[:place] + (TOTAL,) + key[place + 1:] for key in table.cells}
    # Lines of rows that the table does not write are parts of what it writes.
    for other, d in enumerate(form["dimensions"]):
        if other != place and LISTS[d["list"]]["growable"]:
            known = rows[table.measure, year(table.period), d["code"]] | {REST}
            lines |= {line[:other] + (row,) + line[other + 1:] for line in list(lines) for row in known if line[other] != OTHER}
    for line in lines:
        put = lambda code: line[:place] + (code,) + line[place + 1:]
        lone_row = all(code != TOTAL for at, code in enumerate(line) if at != place)
        complete = form["kind"] == "list" and table.complete and lone_row
        if entries["growable"]:
            if any(line[other] == OTHER for other, d in enumerate(form["dimensions"]) if other != place and LISTS[d["list"]]["growable"]):
                continue
            known = rows[table.measure, year(table.period), dimension["code"]]
            written = [code for code in known if put(code) in table.cells]
            other = put(OTHER) in table.cells
            if not written and not other:
                continue
            left = [table.name(put(code)) for code in sorted(known - set(written)) + [REST]]
            if complete:
                nobody |= set(left) if not other else set(left[:-1])
            add(sums, table.name(line), [table.name(put(code)) for code in written] + left)
            if other:
                add(sums, table.name(put(OTHER)), left)
        else:
            parents = {entry.get("parent") for entry in entries["entry"]} | {None}
            for parent in parents:
                codes = [entry["id"] for entry in entries["entry"] if entry.get("parent") == parent]
                reserved = [code for code in (OTHER, UNKNOWN) if parent is None and code in entries["reserved"]]
                if not any(put(code) in table.cells for code in codes + reserved):
                    continue
                every = all(put(code) in table.cells for code in codes)
                for code in codes + reserved:
                    if put(code) not in table.cells and (complete or code in reserved and every and form.get("exhaustive")):
                        nobody.add(table.name(put(code)))
                add(sums, table.name(put(parent) if parent else line), [table.name(put(code)) for code in codes + reserved])


def over_time(tables, sums):
    series = defaultdict(set)
    for table in tables:
        if FORMS[table.form].get("adds_over_time"):
            for key in table.cells:
                name = table.name(key)
                if name[3] is None:
                    series[at(name, None), year(table.period)].add(table.period)
    for (name, when), periods in series.items():
        def down(whole, within):
            parts = inside(whole)
            any_below = any([down(part, within or whole in periods) for part in parts])
            if any_below and (whole in periods or within):
                add(sums, at(name, whole), [at(name, part) for part in parts])
            return whole in periods or any_below and within
        down((when * 12, 12), False)


def add(sums, whole, parts):
    parts = frozenset(parts)
    if parts and parts != {whole}:
        sums.add((whole, parts))


# --- What is seen ---------------------------------------------------------------------------------------------------

class Seen:
    """Names with what is known of each, and sums, for releases in their order."""

    def __init__(self, tables, truth):
        self.low, self.high, self.sums, self.of_hidden = {}, {}, set(), defaultdict(set)
        self.vintage, self.moved = defaultdict(int), defaultdict(int)
        known, shown = {}, {}
        state, bundles = {}, defaultdict(list)
        for table in tables:
            bundles[table.release].append(table)
        for release in sorted(bundles):
            changed = set()
            for table in bundles[release]:
                for key, cell in table.cells.items():
                    name = table.name(key)
                    behind = cell if isinstance(cell, int) else truth.get((release, table.table, key))
                    # Whoever is told which hidden cells changed reasons from what is true; nobody concludes from a mistake.
                    if isinstance(cell, int) and shown.get(name, cell) != cell or known.get(name, behind) != behind:
                        changed.add(name)
            if changed:
                self.take(state)
            for name in changed:
                self.vintage[name] += 1
                self.moved[name[:2]] += 1
            for table in bundles[release]:
                state[table.table] = table
                for key, cell in table.cells.items():
                    behind = cell if isinstance(cell, int) else truth.get((release, table.table, key))
                    if isinstance(cell, int):
                        shown[table.name(key)] = cell
                    if behind is not None:
                        known[table.name(key)] = behind
        self.take(state)

    def dated(self, name, written):
        return name, self.vintage[name] if name in written else ("unwritten", self.moved[name[:2]])

    def take(self, state):
        """The sums of the tables that stand, and what they show."""
        tables = list(state.values())
        written = {table.name(key) for table in tables for key in table.cells}
        for table in tables:
            for key, cell in table.cells.items():
                dated = self.dated(table.name(key), written)
                if isinstance(cell, int):
                    self.low[dated] = self.high[dated] = cell
                else:
                    if self.low.get(dated, 0) == 0 or dated not in self.high:
                        self.low.setdefault(dated, 1)
                        if cell[1] is not None:
                            self.high[dated] = cell[1]
                    self.of_hidden[dated].add((table.release, table.table, key))
        sums, nobody = sums_of(tables)
        for name in nobody - written:
            dated = self.dated(name, written)
            self.low[dated] = self.high[dated] = 0
        for whole, parts in sums:
            self.sums.add((self.dated(whole, written), frozenset(self.dated(part, written) for part in parts)))


# --- The linear programs --------------------------------------------------------------------------------------------

class Programs:
    """One connected part of the system; bounds of its unknown cells."""

    def __init__(self, seen, names, sums, elastic=False):
        self.place = {name: i for i, name in enumerate(names)}
        self.names, self.solver = names, highspy.Highs()
        self.solver.setOptionValue("output_flag", False)
        self.solver.setOptionValue("presolve", "off")
        self.solver.setOptionValue("threads", 1)
        lp = highspy.HighsLp()
        columns, rows = len(names) + (2 * len(sums) if elastic else 0), len(sums)
        lp.num_col_, lp.num_row_ = columns, rows
        lower = [seen.low.get(name, 0) for name in names] + [0] * (columns - len(names))
        upper = [seen.high.get(name, FAR) for name in names] + [FAR] * (columns - len(names))
        lp.col_lower_, lp.col_upper_ = np.array(lower, float), np.array(upper, float)
        lp.col_cost_ = np.array([0.0] * len(names) + [1.0] * (columns - len(names)))
        starts, index, value, sides = [0], [], [], []
        for i, (whole, parts) in enumerate(sums):
            known = 0
            for name, sign in [(whole, -1.0)] + [(part, 1.0) for part in parts]:
                if name in self.place:
                    index.append(self.place[name])
                    value.append(sign)
                else:
                    known += sign * seen.low[name]
            if elastic:
                index += [len(names) + 2 * i, len(names) + 2 * i + 1]
                value += [1.0, -1.0]
            sides.append(-known)
            starts.append(len(index))
        lp.row_lower_ = lp.row_upper_ = np.array(sides, float)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_, lp.a_matrix_.index_ = np.array(starts), np.array(index)
        lp.a_matrix_.value_ = np.array(value)
        self.solver.passModel(lp)
        self.lowest, self.highest = {}, {}

    def solve(self):
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return self.solver.getSolution().col_value

    def costs(self, costs):
        for column, cost in costs:
            self.solver.changeColCost(column, cost)

    def take(self, values, wanted):
        for name in wanted:
            value = values[self.place[name]]
            self.lowest[name] = min(self.lowest.get(name, value), value)
            self.highest[name] = max(self.highest.get(name, value), value)

    def width(self, name):
        return self.highest.get(name, 0) - self.lowest.get(name, 0)

    def attack(self, wanted, width, dice):
        """Intervals of the wanted cells that are narrower than the width; None where the sums contradict each other."""
        if self.solve() is None:
            return None
        wanted = list(wanted)
        open_ = wanted
        for _ in range(12):
            costs = [(self.place[name], dice.uniform(-1, 1)) for name in open_]
            for sign in (1, -1):
                self.costs((column, sign * cost) for column, cost in costs)
                values = self.solve()
                if values is not None:
                    self.take(values, open_)
            self.costs((column, 0.0) for column, _ in costs)
            open_ = [name for name in open_ if self.width(name) < width - NEAR]
        narrow = {}
        for name in open_:
            ends = []
            for sign in (1.0, -1.0):
                self.costs([(self.place[name], sign)])
                values = self.solve()
                self.costs([(self.place[name], 0.0)])
                if values is None:
                    break
                self.take(values, wanted)
                ends.append(values[self.place[name]])
            if len(ends) == 2 and ends[1] - ends[0] < width - NEAR:
                narrow[name] = round(ends[0], 3), round(ends[1], 3)
        return narrow


def parts_of(seen):
    """The unknown cells that hang together, each with its sums."""
    parent = {}

    def root(name):
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    fixed = {name for name, high in seen.high.items() if seen.low.get(name) == high}
    unknown_of = {}
    for sum_ in seen.sums:
        unknown = [name for name in [sum_[0], *sum_[1]] if name not in fixed]
        unknown_of[sum_] = unknown
        for other in unknown[1:]:
            parent[root(other)] = root(unknown[0])
    groups = defaultdict(lambda: (set(), []))
    for sum_, unknown in unknown_of.items():
        if unknown:
            names, sums = groups[root(unknown[0])]
            names |= set(unknown)
            sums.append(sum_)
    return [(sorted(names, key=str), sums) for names, sums in groups.values()]


def without_contradictions(seen, names, sums):
    """Sums that the figures contradict bind nobody: those with the least that must give way are left out."""
    programs = Programs(seen, names, sums, elastic=True)
    values = programs.solve()
    if values is None:
        return []
    return [sum_ for i, sum_ in enumerate(sums) if max(values[len(names) + 2 * i:len(names) + 2 * i + 2]) < NEAR]


def attack(tables, width, threshold, truth, dice):
    """What is found: cells with their intervals; and how many hidden cells were attacked."""
    found, hidden = {}, set()
    by_topic = defaultdict(list)
    for table in tables:
        if table.counts:
            by_topic[FORMS[table.form]["topic"], year(table.period)].append(table)
    for (topic, _), of_topic in sorted(by_topic.items()):
        k, w = threshold(topic), width(topic)
        seen = Seen(of_topic, truth)
        for names, sums in parts_of(seen):
            wanted = {name for name in names if name in seen.of_hidden}
            if truth:
                wanted = {name for name in wanted if any(0 < truth.get(where, 0) < k for where in seen.of_hidden[name])}
            hidden |= wanted
            if not wanted:
                continue
            narrow = Programs(seen, names, sums).attack(wanted, w, dice)
            if narrow is None:
                kept = without_contradictions(seen, names, sums)
                narrow = Programs(seen, names, kept).attack(wanted, w, dice) or {}
            for name, (low, high) in narrow.items():
                where = sorted(seen.of_hidden[name])[0]
                # Without the truth: an interval that lies above the threshold hurts nobody.
                hurt = low < k if not truth else low - NEAR <= truth[where] <= high + NEAR
                if hurt:
                    found[where] = low, high
        # A hidden cell that no sum binds is as wide as it can be, unless "fewer than" says less; that is the releaser's word.
    return found, len(hidden)


# --- Where releases come from ---------------------------------------------------------------------------------------

def of_folder(folder):
    tables, truth = [], {}
    for file in sorted(Path(folder).glob("*.body")):
        table = Table(int(file.stem.split("-")[0]), file.read_bytes())
        tables.append(table)
        behind = file.with_suffix(".truth")
        if behind.exists():
            for key, cell in Table(table.release, behind.read_bytes()).cells.items():
                if isinstance(cell, int):
                    truth[table.release, table.table, key] = cell
    return tables, truth


def of_node(database):
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        rows = connection.execute(
            "SELECT r.id, r.bundle, r.body, n.figures FROM release r LEFT JOIN national_behind n ON n.release = r.id"
            " WHERE r.body IS NOT NULL AND (r.sent_at IS NOT NULL OR r.line IS NOT NULL) ORDER BY r.id").fetchall()
    tables, truth = [], {}
    for _, bundle, body, behind in rows:
        table = Table(bundle, body)
        tables.append(table)
        if behind:
            for key, cell in Table(bundle, behind).cells.items():
                if isinstance(cell, int):
                    truth[bundle, table.table, key] = cell
    return tables, truth


def publish(tables, truth, number, k):
    """Shows one cell that was hidden to protect others."""
    protecting = [(table, key) for table in tables if table.counts for key, cell in sorted(table.cells.items())
                  if not isinstance(cell, int) and truth.get((table.release, table.table, key), 0) >= k]
    table, key = protecting[number % len(protecting)]
    table.cells[key] = truth[table.release, table.table, key]
    return f"{table.form} {key}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kind", choices=["folder", "node"])
    parser.add_argument("places", nargs="+")
    parser.add_argument("--publish", type=int)
    parser.add_argument("--until", type=int, help="only the releases up to this number")
    parser.add_argument("--below", type=int, help="the threshold in all topics; else 5, and 11 in those of smugglers")
    parser.add_argument("--width", type=int, help="else one less than the threshold")
    asked = parser.parse_args()
    threshold = lambda topic: asked.below or (11 if topic in ("MS", "CS") else 5)
    width = lambda topic: asked.width or threshold(topic) - 1
    bad = False
    for place in asked.places:
        tables, truth = (of_folder if asked.kind == "folder" else of_node)(place)
        if asked.until is not None:
            tables = [table for table in tables if table.release <= asked.until]
        said = ""
        if asked.publish is not None:
            said = f", {publish(tables, truth, asked.publish, threshold(''))} shown"
        found, attacked = attack(tables, width, threshold, truth, random.Random(1))
        releases = len({table.release for table in tables})
        print(f"{place}: {len(tables)} tables of {releases} releases{said}, {attacked} small cells attacked, {len(found)} found")
        for (_, (form, (start, months)), key), (low, high) in sorted(found.items(), key=str)[:20]:
            print(f"  {form} {start // 12}-{start % 12 + 1:02}/{months} {'/'.join(key) or 'total'}: {low} to {high}")
        bad |= bool(found) or not tables
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
