"""A closed store directory, as Debian's `ldb` dumps it: nothing of the server's reads it here."""

import dataclasses
import subprocess
from collections import defaultdict
from pathlib import Path

import keys


@dataclasses.dataclass(frozen=True)
class Row:
    revision: int
    value: bytes


@dataclasses.dataclass
class Engine:
    """One RocksDB: its rows by table, its changes by revision, its facts."""
    # table -> {(municipality, parts): Row}
    tables: dict
    # revision -> bytes
    changes: dict
    facts: dict
    # Rows that could not be read: (hex of the key, why).
    unreadable: list

    def table(self, letter):
        return self.tables[letter]

    def only(self, letter):
        """The one row of a table that has but one, or None."""
        return self.tables[letter].get(("", ()))


class CannotDump(RuntimeError):
    pass


def dump(directory, family):
    """{key: value} of one column family. ldb opens the database for reading only."""
    command = ["ldb", f"--db={directory}", f"--column_family={family}", "scan", "--hex"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stderr.strip():
        raise CannotDump(f"{' '.join(command)}: {done.stdout[-500:]}{done.stderr[-500:]}")
    rows = {}
    for line in done.stdout.splitlines():
        key, separator, value = line.partition(" : ")
        if not separator or not key.startswith("0x") or not value.startswith("0x"):
            raise CannotDump(f"{' '.join(command)} printed {line[:80]!r}")
        rows[bytes.fromhex(key[2:])] = bytes.fromhex(value[2:])
    return rows


def read_engine(directory):
    directory = Path(directory)
    tables = defaultdict(dict)
    unreadable = []
    for key, value in dump(directory, "default").items():
        try:
            municipality, table, parts = keys.decode(key)
        except keys.BadKey as error:
            unreadable.append((key.hex(), str(error)))
            continue
        if len(value) < 8:
            unreadable.append((key.hex(), "its value is too short for a revision"))
            continue
        # A row's value is the revision that wrote it, then the bytes.
        row = Row(int.from_bytes(value[:8], "big"), value[8:])
        tables[table][(municipality, parts)] = row
    changes = {int.from_bytes(key, "big"): value
               for key, value in dump(directory, "changes").items()}
    facts = {key.decode(): int.from_bytes(value, "big")
             for key, value in dump(directory, "facts").items()}
    return Engine(tables, changes, facts, unreadable)
