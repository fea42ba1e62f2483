"""Makes the table of tests/bench/run --offers: what a signal costs among many offers.

Usage: offers_report.py SAMPLES.csv --setting FILE --store FOLDER [--readme FILE]

As report.py: undisturbed samples only, and a ratio is of one round. Here it is of times, so that 1.2 is a
fifth longer. A second table has what a machine with other users still tells: disturbed samples too, the
best of each round. The report fails on any error in any sample, and when a wanted ratio was seen in too
few rounds; not when it is missed.
"""

import argparse
import collections
import re
import sys

import report

BEGIN = "<!-- begin of what tests/bench/run --offers --write wrote -->"
FEW = 10
WANTED = 1.2
ROUNDS_SHARE = 0.5


def name(what, offers):
    return f"{what}, {offers} offers"


def found(samples):
    """(what, in flight, offers) of all subjects."""
    for subject, in_flight in list(samples):
        what, offers = re.fullmatch(r"(.*), (\d+) offers", subject).groups()
        yield what, in_flight, int(offers)


def ratios(kept):
    """What, in flight, offers, and of each round by how much longer a call took than among few."""
    for what, in_flight, offers in sorted(found(kept)):
        if offers != FEW:
            yield what, in_flight, offers, report.ratios(
                kept, (name(what, FEW), in_flight), (name(what, offers), in_flight))


def ratios_table(kept):
    yield "| time of a call, round by round | rounds | median (least to most) | wanted, at most |"
    yield "|---|---|---|---|"
    for what, in_flight, offers, values in ratios(kept):
        call = f"{what} at {in_flight}, among {offers:,} offers / among {FEW}"
        if not values:
            yield f"| {call} | 0 | no undisturbed round | |"
            continue
        verdict = "met" if report.middle(values) <= WANTED else "not met"
        yield f"| {call} | {len(values)} | {report.spread(values, '.2f')} | {WANTED:.1f}: {verdict} |"


def best_ratios(rows, cost):
    """As ratios(), of all samples: of each round the least cost, of those that did anything."""
    least = collections.defaultdict(dict)
    for row in rows:
        if int(row["operations"]) > 0:
            of_round = least[row["subject"], int(row["in_flight"])]
            number = int(row["round"])
            of_round[number] = min(cost(row), of_round.get(number, float("inf")))
    for what, in_flight, offers in sorted(found(least)):
        few, many = least[name(what, FEW), in_flight], least[name(what, offers), in_flight]
        if offers != FEW:
            yield what, in_flight, offers, [many[n] / few[n] for n in sorted(few.keys() & many.keys())]


def best_table(rows):
    yield "| disturbed too, the best of each round | rounds | time of a call | the server's processor time of it |"
    yield "|---|---|---|---|"
    times = best_ratios(rows, lambda row: 1 / report.rate(row))
    processor = best_ratios(rows, lambda row: report.cpu_us(row, "server_cpu_s"))
    for (what, in_flight, offers, by_time), (*_, by_processor) in zip(times, processor):
        if by_time:
            yield (f"| {what} at {in_flight}, among {offers:,} offers / among {FEW} | {len(by_time)} | "
                   f"{report.spread(by_time, '.2f')} | {report.spread(by_processor, '.2f')} |")


def unseen(kept, rounds):
    return [f"{what} at {in_flight} among {offers} offers" for what, in_flight, offers, values in ratios(kept)
            if len(values) < max(1, ROUNDS_SHARE * rounds)]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("samples")
    parser.add_argument("--setting", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--readme")
    options = parser.parse_args()
    with open(options.samples, encoding="utf-8") as file:
        kept, rows, discarded = report.read_samples(file)
    errors = sum(int(row["errors"]) for row in rows)
    rounds = max((int(row["round"]) for row in rows), default=0)
    with open(options.setting, encoding="utf-8") as file:
        setting = [f"- {line.strip()}" for line in file if line.strip()]
    lines = [*report.machine(options.store), *setting,
             f"- {rounds} rounds, {len(rows)} measurements, {discarded} of them disturbed and discarded, "
             f"{errors} errors", "", *ratios_table(kept), "", *best_table(rows), "", *report.rates_table(kept)]
    print("\n".join(lines))
    if options.readme:
        report.write_between(options.readme, lines, BEGIN)
    too_few = unseen(kept, rounds)
    for call in too_few:
        print(f"too few undisturbed rounds to say anything of {call}", file=sys.stderr)
    return 0 if errors == 0 and kept and not too_few else 1


if __name__ == "__main__":
    sys.exit(main())
