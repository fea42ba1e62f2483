#!/usr/bin/env python3
"""Shows that the checker can fail: plants one damage after the other in copies of a good store.

    checker_test.py --python BUILD/tests/crash/python --store STORE --ledger FILE --key FILE

Each damage is written with `ldb`, so that the bytes are as RocksDB holds them, and must be reported
by its kind; the store as it was must be reported as good.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "checker"))

import check as checker  # noqa: E402  pylint: disable=wrong-import-position
import keys  # noqa: E402  pylint: disable=wrong-import-position
import store as stores  # noqa: E402  pylint: disable=wrong-import-position

GIVEN = argparse.Namespace()


def ldb(engine, *command, family="default"):
    subprocess.run(["ldb", f"--db={engine}", f"--column_family={family}", "--hex", *command],
                   check=True, capture_output=True)


class Copy:
    """A store of its own to be damaged: raw rows in, raw rows out."""

    def __init__(self, folder):
        self.path = Path(folder) / "store"
        shutil.copytree(GIVEN.store, self.path)

    def rows(self, table, engine="cases"):
        """[(key, revision as bytes, value)] of one table, in order."""
        return [(key, value[:8], value[8:])
                for key, value in sorted(stores.dump(self.path / engine, "default").items())
                if keys.decode(key)[1] == table]

    def put(self, key, revision, value, engine="cases"):
        ldb(self.path / engine, "put", "0x" + key.hex(), "0x" + (revision + value).hex())

    def delete(self, key, engine="cases", family="default"):
        ldb(self.path / engine, "delete", "0x" + key.hex(), family=family)

    def trim(self, through):
        """Forgets the feed up to a revision, as bytes: the changes, and how far they went."""
        beyond = int.from_bytes(through, "big") + 1
        ldb(self.path / "cases", "deleterange", "0x" + bytes(8).hex(),
            "0x" + beyond.to_bytes(8, "big").hex(), family="changes")
        ldb(self.path / "cases", "put", "0x" + b"trimmed".hex(), "0x" + through.hex(),
            family="facts")

    def delete_one(self, table, engine="cases", at=0):
        self.delete(self.rows(table, engine)[at][0], engine)

    def edit(self, table, message_type, change, at=0, engine="cases"):
        """Changes one record; its revision stays."""
        key, revision, value = self.rows(table, engine)[at]
        message = message_type.FromString(value)
        change(message)
        self.put(key, revision, message.SerializeToString(), engine)

    def sealed(self, numbered):
        """Which of the sealed rows have such a number in their case."""
        return [at for at, (key, _, _) in enumerate(self.rows("S"))
                if numbered(keys.decode(key)[2][1])]

    def arguments(self):
        return [f"--python={GIVEN.python}", f"--ledger={GIVEN.ledger}", f"--key={GIVEN.key}",
                "--flushed", str(self.path)]

    def run_check(self):
        """(exit code, what the checker printed), as a program of its own."""
        done = subprocess.run([sys.executable, "-B", str(HERE / "checker" / "check.py"),
                               *self.arguments()], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def lines(self):
        """What it finds, without the second that a program of its own takes to start."""
        return list(checker.check(checker.parse_arguments(self.arguments())).lines())


class CheckerTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.copy = Copy(folder.name)

    def finds(self, *kinds):
        lines = self.copy.lines()
        for kind in kinds:
            self.assertTrue(any(line.startswith(f"{kind}: ") for line in lines), lines)

    def last_asked(self):
        """The last change that a caller asked for: beside others stands no stored answer."""
        changes = stores.dump(self.copy.path / "cases", "changes")
        return max(key for key, value in changes.items()
                   if any(not case.by_itself
                          for case in self.records.Change.FromString(value).cases))

    def test_a_good_store_agrees(self):
        code, printed = self.copy.run_check()
        self.assertEqual(code, 0, printed)
        for counted in ("cases", "index rows", "figures", "sealed entries", "sealed entries opened",
                        "signals opened", "codes given", "texts opened", "stored answers", "acknowledged",
                        "offer loads", "changes", "catalogues in force"):
            self.assertRegex(printed, rf"\b[1-9]\d* {counted}\b")

    def test_index_rows(self):
        for table in keys.INDEXES:
            # Whether anyone waits for an offer that is full depends on the load.
            for row in self.copy.rows(table)[:1]:
                with self.subTest(table):
                    self.copy.delete(row[0])
                    self.finds("index missing")
                    self.copy.put(*row)
        key, revision, value = self.copy.rows("q")[0]
        # Nobody waits for an offer that isn't there.
        municipality, rest = key.split(b"q", 1)
        for_offer = municipality + b"fnergens\x00\x01" + rest
        self.copy.put(for_offer, revision, value)
        self.finds("index extra")
        self.copy.delete(for_offer)
        key, revision, value = self.copy.rows("t")[0]
        # Of a case that isn't there.
        self.copy.put(key[:-3] + b"Z\x00\x01", revision, value)
        self.finds("index extra", "half commit")

    def test_figures(self):
        def one_more(cell):
            cell.counters["received"] += 1
        self.copy.edit("F", self.records.FigureCell, one_more)
        self.finds("figure wrong", "recounted figure wrong")

    def test_a_lost_cell(self):
        self.copy.delete_one("F")
        self.finds("figure missing", "recounted figure missing")

    def test_figures_that_were_not_flushed(self):
        # Far enough that something counted since: not every change counts.
        def back(position):
            position.revision = 1
        self.copy.edit("P", self.records.FigurePosition, back)
        self.finds("figure missing")

    def test_loads(self):
        def busier(load):
            load.live_referrals += 1
        self.copy.edit("L", self.records.OfferLoad, busier)
        self.finds("load wrong")

    def test_loads_of_groups(self):
        def busier(load):
            load.groups.add(target_group="nobodys", live_referrals=1)
        self.copy.edit("L", self.records.OfferLoad, busier)
        self.finds("load wrong")

    def test_a_lost_sealed_entry(self):
        self.copy.delete_one("S")
        self.finds("sealed missing", "acknowledged signal wrong")

    def test_a_sealed_entry_of_another(self):
        # Entry 0 of each case, with all that was submitted.
        first, second = [row for row in self.copy.rows("S") if keys.decode(row[0])[2][1] == 0][:2]
        self.copy.put(first[0], first[1], second[2])
        self.finds("sealed wrong", "acknowledged signal wrong")

    def texts(self, numbered=lambda number: number > 0):
        """Where texts stand among the sealed rows: of cases in which nobody said no, whose traits
        are sealed too."""
        rows = self.copy.rows("S")
        said_no = set()
        for key, _, value in self.copy.rows("C"):
            if self.records.Case.FromString(value).HasField("no_contact"):
                said_no.add(keys.decode(key)[2][0])
        return [at for at in self.copy.sealed(numbered)
                if keys.decode(rows[at][0])[2][0] not in said_no]

    def test_a_flipped_bit_in_a_sealed_entry(self):
        def flip(envelope):
            envelope.ciphertext = bytes([envelope.ciphertext[0] ^ 1]) + envelope.ciphertext[1:]
        # Entry 0 is the signal, the others what was said of it afterwards.
        for numbered, kind in ((lambda number: number == 0, "acknowledged signal wrong"),
                               (lambda number: number > 0, "acknowledged text missing")):
            with self.subTest(kind):
                at = self.texts(numbered)[0]
                row = self.copy.rows("S")[at]
                self.copy.edit("S", self.records.Envelope, flip, at)
                self.finds("sealed wrong", kind)
                self.copy.put(*row)

    def test_two_sealed_entries_of_one_case_in_each_others_place(self):
        # One key opens both: only what they are bound to tells them apart.
        rows = self.copy.rows("S")
        at = self.texts(lambda number: number == 2)[0]
        first, second = rows[at - 1], rows[at]
        self.copy.put(first[0], first[1], second[2])
        self.copy.put(second[0], second[1], first[2])
        self.finds("sealed wrong", "acknowledged text missing")

    def test_a_text_that_was_never_sealed(self):
        # The newest of its case, which doesn't count it either: by itself the store is whole.
        rows = self.copy.rows("S")
        at = self.texts()[0]
        case_id, number = keys.decode(rows[at][0])[2]
        while keys.decode(rows[at + 1][0])[2] == (case_id, number + 1):
            at, number = at + 1, number + 1
        self.copy.delete(rows[at][0])

        def without(case):
            case.sealed_entries -= 1
        cases = [keys.decode(key)[2][0] for key, _, _ in self.copy.rows("C")]
        self.copy.edit("C", self.records.Case, without, cases.index(case_id))
        lines = self.copy.lines()
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith("acknowledged text missing: "), lines)

    def test_lists_of_who_wants_no_contact(self):
        self.copy.delete_one("N")
        self.finds("no contact missing")

    def test_a_list_that_names_another_case(self):
        def another(row):
            row.case_ids[0] = "0000000000000000"
        self.copy.edit("N", self.records.NoContactCases, another)
        self.finds("no contact wrong")

    def test_who_is_found_by_what_was_never_said(self):
        def other(case):
            case.no_contact.sealed_entry = 0
        cases = [self.records.Case.FromString(row[2]) for row in self.copy.rows("C")]
        at = next(i for i, case in enumerate(cases) if case.no_contact.hashes)
        self.copy.edit("C", self.records.Case, other, at)
        self.finds("no contact wrong")

    def test_a_code_that_opens_nothing(self):
        def not_given(case):
            case.code_given = False
        cases = [self.records.Case.FromString(row[2]) for row in self.copy.rows("C")]
        at = next(i for i, case in enumerate(cases) if case.code_given)
        self.copy.edit("C", self.records.Case, not_given, at)
        self.finds("acknowledged signal wrong")

    def test_a_destroyed_case_key(self):
        self.copy.delete_one("k", "keys")
        self.finds("case key missing")

    def test_a_case_key_handed_out_twice(self):
        other = self.records.Case.FromString(self.copy.rows("C")[1][2]).case_key_id

        def take(case):
            case.case_key_id = other
        self.copy.edit("C", self.records.Case, take)
        self.finds("case key twice", "sealed wrong")

    def test_case_keys_that_would_be_handed_out_again(self):
        key, revision, value = self.copy.rows("K")[0]
        self.copy.put(key, revision, str(int(value) - 1).encode())
        self.finds("case key wrong")

    def test_a_lost_answer(self):
        self.copy.delete_one("A")
        self.finds("answers wrong", "acknowledged answer missing")

    def test_a_lost_case(self):
        self.copy.delete_one("C")
        self.finds("acknowledged signal missing", "index extra", "changed case missing")

    def test_a_case_that_was_not_written_with_its_change(self):
        def back(case):
            case.version -= 1
        self.copy.edit("C", self.records.Case, back)
        self.finds("changed case wrong")

    def test_a_change_that_was_not_written_with_its_case(self):
        self.copy.delete(self.last_asked(), family="changes")
        self.finds("answers wrong")

    def test_what_was_written_after_the_feed_was_trimmed(self):
        changes = stores.dump(self.copy.path / "cases", "changes")
        trimmed = sorted(changes)[len(changes) // 2]
        self.copy.trim(trimmed)
        self.assertEqual(self.copy.lines(), [])
        _, printed = self.copy.run_check()
        first = int.from_bytes(trimmed, "big") + 1
        self.assertRegex(printed, rf"\b[1-9]\d* changes \(revisions {first} to [1-9]\d*\)")
        # Of a case that was changed since, the row as it was before.
        at, row = next((at, row) for at, row in enumerate(self.copy.rows("C")) if row[1] > trimmed)

        def back(case):
            case.version -= 1
        self.copy.edit("C", self.records.Case, back, at)
        self.finds("changed case wrong")
        self.copy.put(*row)
        self.copy.delete(self.last_asked(), family="changes")
        self.finds("answers wrong")

    def test_a_feed_that_was_trimmed_too_far(self):
        def back(position):
            position.revision = 1
        self.copy.edit("P", self.records.FigurePosition, back)
        trimmed = sorted(stores.dump(self.copy.path / "cases", "changes"))[1]
        self.copy.trim(trimmed)
        self.finds("feed wrong")

    def test_a_hole_in_a_catalogue(self):
        self.copy.delete_one("E", at=1)
        self.finds("catalogue wrong")

    def test_a_catalogue_that_was_not_imported(self):
        head = self.copy.rows("H")[0]
        at = len(self.copy.rows("E")[0][0]) - 16
        generation = (self.records.CatalogHead.FromString(head[2]).generation + (1 << 63)) \
            .to_bytes(8, "big")
        municipality = head[0][3:-2]
        last = max(row for row in self.copy.rows("E")
                   if row[0].startswith(municipality) and row[0][at:at + 8] == generation)
        index = int.from_bytes(last[0][at + 8:], "big") + 1
        self.copy.put(last[0][:at + 8] + index.to_bytes(8, "big"), *last[1:])
        self.finds("acknowledged catalogue wrong")

    def test_an_acknowledged_import_that_was_undone(self):
        def back(head):
            head.generation -= 1
        self.copy.edit("H", self.records.CatalogHead, back)
        self.finds("acknowledged catalogue missing")

    def test_a_catalogue_that_nobody_imported(self):
        def on(head):
            head.generation += 1
        self.copy.edit("H", self.records.CatalogHead, on)
        self.finds("catalogue in force extra")

    def test_entries_of_a_generation_that_is_not_listed(self):
        key, revision, value = self.copy.rows("E")[0]
        at = len(key) - 16  # the generation; the entry's index follows
        other = key[:at] + (int.from_bytes(key[at:at + 8], "big") + 40).to_bytes(8, "big")
        self.copy.put(other + key[at + 8:], revision, value)
        self.finds("catalogue extra")
        stages = self.records.CatalogStages()
        stages.stages.add().generation = int.from_bytes(other[at:], "big") - (1 << 63)
        head = self.copy.rows("H")[0][0]
        listed = head.replace(b"\x00\x01H", b"\x00\x01G", 1)
        self.copy.put(listed, revision, stages.SerializeToString())
        self.assertFalse([line for line in self.copy.lines() if line.startswith("catalogue")])
        stages.stages.add().generation = stages.stages[0].generation
        self.copy.put(listed, revision, stages.SerializeToString())
        self.finds("stage wrong")

    def test_cases_and_keys_of_two_stores(self):
        key, revision, _ = self.copy.rows("I", "keys")[0]
        self.copy.put(key, revision, b"0" * 32, "keys")
        self.finds("facts wrong")

    def test_what_is_no_row(self):
        key = self.copy.rows("C")[0][0]
        self.copy.put(key, b"\0" * 8, b"\xff\xff")
        self.copy.put(b"GM0150\x00\x01C", b"\0" * 8, b"")
        code, printed = self.copy.run_check()
        self.assertEqual(code, 1)
        self.assertEqual(printed.count("\nrow unreadable: "), 2, printed)


def main():
    parser = argparse.ArgumentParser()
    for name in ("python", "store", "ledger", "key"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    _, rest = parser.parse_known_args(namespace=GIVEN)
    checker.find_messages(GIVEN.python)
    from omzien.storage.v1 import records_pb2  # pylint: disable=import-outside-toplevel
    CheckerTest.records = records_pb2
    unittest.main(argv=[sys.argv[0], *rest])


if __name__ == "__main__":
    main()
