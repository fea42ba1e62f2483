"""Checks of single rows: that all can be read, that each case is whole, its entries and keys are
there, and that its index rows are those that follow from it and no others."""

import datetime
import zoneinfo
from collections import Counter

from omzien.storage.v1 import records_pb2

import keys
import recount

FORMAT = b"2"


class Records:
    """The rows of a store, parsed. What doesn't parse is a finding and is left out."""

    def __init__(self, cases_engine, keys_engine, findings):
        self.engine = cases_engine
        self.keys_engine = keys_engine
        self._findings = findings
        for name, engine in (("cases", cases_engine), ("keys", keys_engine)):
            for key, why in engine.unreadable:
                findings.add("row unreadable", f"{name} {key}: {why}")
        self.cases = self._parse("C", records_pb2.Case)
        self.envelopes = self._parse("S", records_pb2.Envelope)
        self.answers = self._parse("A", records_pb2.StoredAnswer)
        self.loads = self._parse("L", records_pb2.OfferLoad)
        self.cells = self._parse("F", records_pb2.FigureCell)
        self.audits = self._parse("U", records_pb2.AuditEntry)
        self.heads = self._parse("H", records_pb2.CatalogHead)
        self.stages = self._parse("G", records_pb2.CatalogStages)
        self.no_contact = self._parse("N", records_pb2.NoContactCases)
        self.entries = self._parse("E", records_pb2.CatalogEntry)
        self.wrapped = self._parse("k", records_pb2.Envelope, keys_engine)
        self.hash_keys = self._parse("h", records_pb2.Envelope, keys_engine)
        self.changes = {}
        for revision, value in sorted(cases_engine.changes.items()):
            change = self._message(records_pb2.Change, value, f"change {revision}")
            if change is not None:
                self.changes[revision] = change

    def _parse(self, table, message_type, engine=None):
        parsed = {}
        for (municipality, parts), row in (engine or self.engine).table(table).items():
            message = self._message(message_type, row.value,
                                    keys.shown((municipality, table, parts)))
            if message is not None:
                parsed[(municipality, parts)] = (row.revision, message)
        return parsed

    def _message(self, message_type, value, where):
        try:
            return message_type.FromString(value)
        except Exception as error:  # Each implementation of protobuf raises one of its own.
            self._findings.add("row unreadable", f"{where}: {type(error).__name__}")
            return None

    def all_cases(self):
        return [case for _, case in self.cases.values()]

    def figure_position(self):
        row = self.engine.only("P")
        return records_pb2.FigurePosition.FromString(row.value).revision if row else 0


def check_facts(records, findings):
    """Both engines say the same of the store, and no row is newer than the last revision."""
    incarnations = []
    for name, engine in (("cases", records.engine), ("keys", records.keys_engine)):
        form = engine.only("V")
        if form is None or form.value != FORMAT:
            findings.add("facts wrong", f"{name} doesn't say format {FORMAT.decode()}")
        incarnation = engine.only("I")
        incarnations.append(incarnation.value if incarnation else None)
        last = engine.facts.get("last_revision", 0)
        newest = max((row.revision for table in engine.tables.values() for row in table.values()),
                     default=0)
        newest = max(newest, max(engine.changes, default=0))
        if newest > last:
            findings.add("facts wrong", f"{name}: a row of revision {newest} after the last, {last}")
        findings.counts[f"rows in {name}"] = sum(len(table) for table in engine.tables.values())
    if None in incarnations or incarnations[0] != incarnations[1]:
        findings.add("facts wrong", "cases and keys don't carry one incarnation")
    if records.figure_position() > records.engine.facts.get("last_revision", 0):
        findings.add("facts wrong", "the figures are further than the last revision")


def check_cases(records, findings):
    """A case stands under its own key, its referrals are numbered, its day is that of receipt."""
    zones = _time_zones(records)
    findings.counts["cases"] = len(records.cases)
    for (municipality, (case_id,)), (_, case) in records.cases.items():
        where = f"{municipality} {case_id}"
        if (case.municipality, case.id) != (municipality, case_id):
            findings.add("case wrong", f"{where}: says that it is another")
        numbers = [record.number for record in case.referrals]
        if numbers != list(range(1, len(numbers) + 1)):
            findings.add("case wrong", f"{where}: its referrals are numbered {numbers}")
        findings.counts["referrals"] += len(numbers)
        zone = zones.get(municipality)
        if zone is None:
            findings.add("case wrong", f"{where}: no catalogue tells its time zone")
            continue
        received = datetime.datetime.fromtimestamp(case.signal.receive_time.seconds, zone).date()
        day = (received - datetime.date(1970, 1, 1)).days
        if case.receive_day != day:
            findings.add("case wrong", f"{where}: day {case.receive_day} of receipt, not {day}")
    for (municipality, (case_id, _, _)) in records.audits:
        if (municipality, (case_id,)) not in records.cases:
            findings.add("audit extra", f"{municipality} {case_id}: of no case")
    findings.counts["audit entries"] = len(records.audits)


def _time_zones(records):
    return {municipality: zoneinfo.ZoneInfo(entry.municipality.time_zone)
            for (municipality, _), (_, entry) in records.entries.items()
            if entry.HasField("municipality")}


def check_sealed(records, findings):
    """Each case has the sealed entries that it counts, under its own key, which no other has."""
    expected = {}
    owners = {}
    for (municipality, (case_id,)), (_, case) in records.cases.items():
        where = f"{municipality} {case_id}"
        if case.sealed_entries == 0:
            findings.add("sealed missing", f"{where}: counts none")
        for number in range(case.sealed_entries):
            expected[(municipality, (case_id, number))] = case.case_key_id
        other = owners.setdefault(case.case_key_id, where)
        if other != where:
            findings.add("case key twice", f"{case.case_key_id}: of {other} and of {where}")
        if ("", (case.case_key_id,)) not in records.wrapped:
            findings.add("case key missing", f"{case.case_key_id} of {where}")
    found = {key: envelope.key_id for key, (_, envelope) in records.envelopes.items()}
    findings.compare("sealed", expected, found, lambda key: keys.shown((key[0], "S", key[1])))
    for (municipality, parts), (_, envelope) in records.envelopes.items():
        if len(envelope.nonce) != 24 or len(envelope.ciphertext) < 16:
            findings.add("sealed wrong", f"{keys.shown((municipality, 'S', parts))}: cut short")
    for (_, (key_id,)), (_, envelope) in records.wrapped.items():
        if envelope.key_id != key_id:
            findings.add("case key wrong", f"{key_id} says that it is {envelope.key_id}")
    used = records.engine.only("K")
    if int(used.value if used else b"0") < max(owners, default=0):
        findings.add("case key wrong", f"{max(owners)} is used, and would be handed out again")
    findings.counts["sealed entries"] = len(found)
    findings.counts["case keys"] = len(records.wrapped)


def check_indexes(records, findings):
    expected = set()
    for case in records.all_cases():
        expected |= recount.index_rows(case)
    found = set()
    for table in keys.INDEXES:
        for (municipality, parts), row in records.engine.table(table).items():
            found.add((table, municipality, parts))
            if row.value:
                findings.add("index wrong", f"{keys.shown((municipality, table, parts))}: has a value")
    for table, municipality, parts in sorted(expected - found):
        findings.add("index missing", keys.shown((municipality, table, parts)))
    for table, municipality, parts in sorted(found - expected):
        findings.add("index extra", keys.shown((municipality, table, parts)))
    findings.counts["index rows"] = len(found)


def check_no_contact(records, findings):
    """Who wants no contact is listed by hash, for as long as it may hold, and for no longer."""
    expected = recount.no_contact_lists(records.all_cases())
    found = {(municipality, part.encode("utf-8", "surrogateescape")): set(row.case_ids)
             for (municipality, (part,)), (_, row) in records.no_contact.items()}
    findings.compare("no contact", expected, found, lambda key: f"{key[0]} N {key[1].hex()}")
    findings.counts["hashes of who wants no contact"] = len(found)


def check_catalogues(records, findings):
    """Of each municipality the entries of the generation in force, from 0 without a gap; beside it
    only of such as are listed: what an import was writing, and what is being cleared."""
    indexes = {}
    for (municipality, (generation, index)) in records.entries:
        indexes.setdefault((municipality, generation), []).append(index)
    heads = {(municipality, head.generation)
             for (_, (municipality,)), (_, head) in records.heads.items()}
    staged = Counter((municipality, stage.generation)
                     for (_, (municipality,)), (_, stages) in records.stages.items()
                     for stage in stages.stages)
    for (municipality, generation), times in sorted(staged.items()):
        if times > 1 or (municipality, generation) in heads:
            findings.add("stage wrong", f"{municipality} generation {generation}")
    for (_, (municipality,)), (_, stages) in sorted(records.stages.items()):
        if not stages.stages:
            findings.add("stage wrong", f"{municipality} lists none")
    for municipality, generation in sorted(heads - indexes.keys()):
        findings.add("catalogue missing", f"{municipality} generation {generation}")
    for municipality, generation in sorted(indexes.keys() - heads - staged.keys()):
        findings.add("catalogue extra", f"{municipality} generation {generation}")
    for (municipality, generation), found in sorted(indexes.items()):
        # In order, one commit after the other: a stretch, that is written or cleared from its start.
        first = min(found) if (municipality, generation) in staged else 0
        if sorted(found) != list(range(first, first + len(found))):
            findings.add("catalogue wrong", f"{municipality} generation {generation} has gaps")
    findings.counts["catalogue entries"] = len(records.entries)
    findings.counts["generations not in force"] = len(staged)
