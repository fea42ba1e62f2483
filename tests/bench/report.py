"""Makes the table of a benchmark's samples: rates, ratios of the same round, processor time.

Usage: report.py SAMPLES.csv --setting FILE --store FOLDER [--part] [--readme FILE --plot-data FILE]

Only undisturbed samples count. A ratio is that of two subjects in one round, and its median, least and
most are taken over the rounds that have both. The report fails on any error in any sample, and when a
ratio that has a target was seen in too few rounds to say anything; not when a target is missed.
"""

import argparse
import collections
import csv
import os
import statistics
import subprocess
import sys

CALL_QUEUE = "empty call, completion queue"
CALL_CALLBACK = "empty call, callback API"
SUBMIT = "SubmitSignal"
STREAM = "SubmitSignals"
GROUP_SIGNAL = "RocksDB group commit, a signal's rows"
GROUP_PLAIN = "RocksDB group commit, 7 plain rows"
LARGE_PLAIN = "RocksDB, one writer, 64 x 7 plain rows"

# (what, its in flight, over what, its in flight, at least); None: no target.
RATIOS = [
    *[(SUBMIT, n, CALL_QUEUE, n, 0.30 if n == 64 else None) for n in (1, 16, 64, 256)],
    *[(SUBMIT, n, CALL_CALLBACK, n, None) for n in (1, 16, 64, 256)],
    (STREAM, 256, GROUP_PLAIN, 64, 0.60),
    (STREAM, 256, GROUP_SIGNAL, 64, None),
    (STREAM, 256, LARGE_PLAIN, 1, None),
    (STREAM, 256, SUBMIT, 256, None),
]
# Of the rounds there were, so many must have both sides of a ratio that has a target.
ROUNDS_SHARE = 0.5
BEGIN = "<!-- begin of what tests/bench/run --write wrote -->"
END = "<!-- end of it -->"
PACKAGES = ("libgrpc++1.51", "librocksdb7.8", "libprotobuf32", "libmimalloc2.0", "g++-12")


def read_samples(lines):
    """(subject, in flight) -> {round: row}, of the kept; all rows; how many were discarded."""
    kept = collections.defaultdict(dict)
    rows = list(csv.DictReader(lines))
    for row in rows:
        if row["kept"] == "1":
            kept[row["subject"], int(row["in_flight"])][int(row["round"])] = row
    return kept, rows, sum(row["kept"] != "1" for row in rows)


def rate(row):
    return int(row["operations"]) / float(row["seconds"])


def ratios(kept, above, below):
    """Of each round that has both."""
    return [
        rate(row) / rate(kept[below][number])
        for number, row in sorted(kept.get(above, {}).items())
        if number in kept.get(below, {}) and rate(kept[below][number]) > 0
    ]


def middle(values):
    return statistics.median(values)


def spread(values, form):
    return f"{middle(values):{form}} ({min(values):{form}} to {max(values):{form}})"


def cpu_us(row, side):
    return 1e6 * float(row[side]) / max(1, int(row["operations"]))


def rates_table(kept):
    yield "| subject | in flight | a second: median (least to most) | p50, p99 in ms | processor us each: client, server |"
    yield "|---|---|---|---|---|"
    for (subject, in_flight), rounds in sorted(kept.items()):
        rows = rounds.values()
        latency = " ".join(
            f"{middle([float(row[p]) for row in rows]) / 1000:.2f}" for p in ("p50_us", "p99_us"))
        server = middle([cpu_us(row, "server_cpu_s") for row in rows])
        yield (f"| {subject} | {in_flight} | {spread([rate(row) for row in rows], ',.0f')} | {latency} | "
               f"{middle([cpu_us(row, 'client_cpu_s') for row in rows]):.0f}"
               f"{f', {server:.0f}' if server > 0 else ''} |")


def unseen(kept, rounds):
    """The ratios with a target that too few rounds have."""
    return [f"{what} at {at} / {peer} at {peer_at}" for what, at, peer, peer_at, wanted in RATIOS
            if wanted is not None
            and len(ratios(kept, (what, at), (peer, peer_at))) < max(1, ROUNDS_SHARE * rounds)]


def ratios_table(kept):
    yield "| ratio, round by round | rounds | median (least to most) | wanted |"
    yield "|---|---|---|---|"
    for what, at, peer, peer_at, wanted in RATIOS:
        found = ratios(kept, (what, at), (peer, peer_at))
        if not found:
            yield f"| {what} at {at} / {peer} at {peer_at} | 0 | no undisturbed round | |"
            continue
        verdict = ""
        if wanted is not None:
            verdict = f"{wanted:.2f}: {'met' if middle(found) >= wanted else 'not met'}"
        yield (f"| {what} at {at} / {peer} at {peer_at} | {len(found)} | {spread(found, '.2f')} | "
               f"{verdict} |")


def output(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def machine(store):
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        model = next((line.split(":")[1].strip() for line in info if line.startswith("model name")), "?")
    versions = [f"{package} {output('dpkg-query', '-W', '-f=${Version}', package)}" for package in PACKAGES]
    yield f"- {output('date', '+%Y-%m-%d')}, {os.cpu_count()} processors ({model}), {output('uname', '-sr')}"
    yield f"- the store's file system: {output('findmnt', '-n', '-o', 'FSTYPE,OPTIONS', '--target', store)}"
    yield f"- {', '.join(versions)}; built with -O3"


def plot_lines(kept):
    yield "subject\tmedian\tleast\tmost"
    for (subject, in_flight), rounds in sorted(kept.items()):
        values = [rate(row) for row in rounds.values()]
        yield f"{subject}, {in_flight} at once\t{middle(values):.1f}\t{min(values):.1f}\t{max(values):.1f}"


def write_between(path, lines, begin=BEGIN):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    before, rest = text.split(begin)
    _, after = rest.split(END, 1)
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + begin + "\n\n" + "\n".join(lines) + "\n\n" + END + after)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("samples")
    parser.add_argument("--setting", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--readme")
    parser.add_argument("--plot-data")
    parser.add_argument("--part", action="store_true", help="only some subjects were measured")
    options = parser.parse_args()
    with open(options.samples, encoding="utf-8") as file:
        kept, rows, discarded = read_samples(file)
    errors = sum(int(row["errors"]) for row in rows)
    with open(options.setting, encoding="utf-8") as file:
        setting = [f"- {line.strip()}" for line in file if line.strip()]
    rounds = max((int(row["round"]) for row in rows), default=0)
    lines = [*machine(options.store), *setting,
             f"- {rounds} rounds, {len(rows)} measurements, {discarded} of them disturbed and discarded, "
             f"{errors} errors", "", *ratios_table(kept), "", *rates_table(kept)]
    print("\n".join(lines))
    if options.readme:
        write_between(options.readme, lines)
    if options.plot_data:
        with open(options.plot_data, "w", encoding="utf-8") as file:
            file.write("\n".join(plot_lines(kept)) + "\n")
    too_few = [] if options.part else unseen(kept, rounds)
    for ratio in too_few:
        print(f"too few undisturbed rounds to say anything of {ratio}", file=sys.stderr)
    return 0 if errors == 0 and kept and not too_few else 1


if __name__ == "__main__":
    sys.exit(main())
