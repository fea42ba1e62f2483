"""Makes the table of tests/bench/run --offers: what a signal costs among many offers.

Usage: offers_report.py SAMPLES.csv --setting FILE --store FOLDER [--readme FILE]

A ratio is of one round, in which what is compared was measured by turns, and of times, so that 1.2 is a
fifth longer. Rounds in which the machine disturbed one of them more than another don't count. The report
fails on any error in any sample, and when a wanted ratio was seen in too few rounds; not when it is missed.
"""

import argparse
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


def ratios(kept, ratio):
    """What, in flight, offers, and of each round by how much more a call cost than among few."""
    for what, in_flight, offers in sorted(found(kept)):
        if offers == FEW:
            continue
        few, many = kept[name(what, FEW), in_flight], kept[name(what, offers), in_flight]
        yield what, in_flight, offers, [ratio(few[n], many[n]) for n in sorted(few.keys() & many.keys())
                                        if int(few[n]["operations"]) and int(many[n]["operations"])]


def of_time(few, many):
    return report.rate(few) / report.rate(many)


def of_processor(few, many):
    return report.cpu_us(many, "server_cpu_s") / report.cpu_us(few, "server_cpu_s")


def ratios_table(kept):
    yield ("| a call, round by round | rounds | its time: median (least to most) | wanted, at most "
           "| the server's processor time |")
    yield "|---|---|---|---|---|"
    for (what, in_flight, offers, times), (*_, processor) in zip(ratios(kept, of_time), ratios(kept, of_processor)):
        call = f"{what} at {in_flight}, among {offers:,} offers / among {FEW}"
        if not times:
            yield f"| {call} | 0 | no round in which all were disturbed alike | | |"
            continue
        verdict = "met" if report.middle(times) <= WANTED else "not met"
        yield (f"| {call} | {len(times)} | {report.spread(times, '.2f')} | {WANTED:.1f}: {verdict} | "
               f"{report.spread(processor, '.2f')} |")


def unseen(kept, rounds):
    return [f"{what} at {in_flight} among {offers} offers" for what, in_flight, offers, values in ratios(kept, of_time)
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
    others = [float(row["elsewhere"]) for row in rows] or [0.0]
    errors = sum(int(row["errors"]) for row in rows)
    rounds = max((int(row["round"]) for row in rows), default=0)
    with open(options.setting, encoding="utf-8") as file:
        setting = [f"- {line.strip()}" for line in file if line.strip()]
    lines = [*report.machine(options.store), *setting,
             f"- {rounds} rounds, {len(rows)} measurements, {discarded} of them discarded since the machine didn't "
             f"disturb all alike, {errors} errors", f"- of its processors' time it gave others {report.spread(others, '.0%')}",
             "", *ratios_table(kept), "", *report.rates_table(kept)]
    print("\n".join(lines))
    if options.readme:
        report.write_between(options.readme, lines, BEGIN)
    too_few = unseen(kept, rounds)
    for call in too_few:
        print(f"too few rounds in which all were disturbed alike to say anything of {call}", file=sys.stderr)
    return 0 if errors == 0 and kept and not too_few else 1


if __name__ == "__main__":
    sys.exit(main())
