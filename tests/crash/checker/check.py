#!/usr/bin/env python3
"""Checks a store directory that no server has open, by another reading of its format.

    check.py --python BUILD/tests/crash/python STORE [--ledger FILE --key FILE] [--in-doubt N]
             [--flushed]

Prints what it counted and each difference. Exit code 0 when there is none, 1 when there is, 2 when
it can't be checked. It shares no code with the server: rows come from Debian's `ldb`, messages from
protoc's Python.
"""

import argparse
import sys
from pathlib import Path


def find_messages(folder):
    """Makes the messages that protoc wrote importable; `google` is a package of Debian's, too."""
    sys.path.insert(0, str(folder))
    import google.protobuf  # pylint: disable=import-outside-toplevel,unused-import
    google = sys.modules["google"]
    google.__path__ = [*google.__path__, str(Path(folder) / "google")]


def parse_arguments(arguments):
    parser = argparse.ArgumentParser(description="Checks a store that no server has open.")
    parser.add_argument("store", type=Path)
    parser.add_argument("--python", type=Path, required=True, help="where protoc's Python stands")
    parser.add_argument("--ledger", type=Path, help="what was acknowledged")
    parser.add_argument("--key", type=Path, help="the master key file, to open sealed entries")
    parser.add_argument("--in-doubt", type=int, default=0,
                        help="calls that were under way and are not in the ledger")
    parser.add_argument("--flushed", action="store_true",
                        help="the server was stopped, not killed: figures must be flushed")
    return parser.parse_args(arguments)


def check(arguments):
    # After find_messages.
    # pylint: disable=import-outside-toplevel
    import findings as findings_module
    import ledger
    import rows
    import sealed
    import store
    import sums
    findings = findings_module.Findings()
    records = rows.Records(store.read_engine(arguments.store / "cases"),
                           store.read_engine(arguments.store / "keys"), findings)
    rows.check_facts(records, findings)
    rows.check_cases(records, findings)
    rows.check_sealed(records, findings)
    rows.check_indexes(records, findings)
    rows.check_no_contact(records, findings)
    rows.check_catalogues(records, findings)
    sums.check_loads(records, findings)
    sums.check_figures(records, findings, arguments.flushed)
    sums.check_feed(records, findings)
    if arguments.ledger:
        master_key = bytes.fromhex(arguments.key.read_text(encoding="ascii").strip())
        opened = sealed.open_all(records, master_key, findings)
        sealed.check_no_contact(records, opened, master_key, findings)
        ledger.check(ledger.read(arguments.ledger), records, opened, arguments.in_doubt, findings)
    return findings


def main():
    arguments = parse_arguments(sys.argv[1:])
    find_messages(arguments.python)
    try:
        found = check(arguments)
    except (OSError, RuntimeError) as error:
        print(f"check: can't be checked: {error}", file=sys.stderr)
        return 2
    print("check:", ", ".join(f"{count} {what}" for what, count in sorted(found.counts.items())))
    for line in found.lines():
        print(line)
    print("check:", f"{found.total()} differences" if found.total() else "no difference")
    return 1 if found.total() else 0


if __name__ == "__main__":
    sys.exit(main())
