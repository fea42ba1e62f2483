"""Checks of what is added up and of what was written together: figures, loads, the feed."""

from collections import Counter, defaultdict

import recount


def check_loads(records, findings):
    found = {(municipality, offer): (load.live_referrals, recount.exactly(load.last_assign_time),
                                     {one.target_group: one.live_referrals for one in load.groups})
             for (_, (municipality, offer)), (_, load) in records.loads.items()}
    findings.compare("load", recount.loads(records.all_cases()), found)
    findings.counts["offer loads"] = len(found)


def _flat(cells):
    """{(municipality, day, district, counter): value} without zeros."""
    return {(*cell, name): value
            for cell, counters in cells.items() for name, value in counters.items() if value}


def check_figures(records, findings, flushed):
    """The rows are the sum of the feed up to their position; with the rest of it, the recount."""
    position = records.figure_position()
    whole_feed = records.engine.facts.get("trimmed", 0) == 0
    stored = defaultdict(Counter)
    for (municipality, (day, district)), (_, cell) in records.cells.items():
        stored[(municipality, day, district)].update(dict(cell.counters))
        for name, value in cell.counters.items():
            if value == 0:
                findings.add("figure wrong", f"{municipality} {day} {district} {name}: stored as 0")
    before, after = defaultdict(Counter), defaultdict(Counter)
    for revision, change in records.changes.items():
        cells = before if revision <= position else after
        for case in change.cases:
            for delta in case.figures:
                cells[(case.municipality, delta.day, delta.district)][delta.counter] += delta.delta
    if whole_feed:
        findings.compare("figure", _flat(before), _flat(stored))
    now = defaultdict(Counter)
    for cells in (stored, after):
        for cell, counters in cells.items():
            for name, value in counters.items():
                now[cell][name] += value
    findings.compare("recounted figure", _flat(recount.figures(records.all_cases())), _flat(now))
    if flushed and any(after.values()):
        findings.add("figure missing", f"not flushed beyond revision {position} by a graceful stop")
    findings.counts["figures"] = len(_flat(stored))
    findings.counts["changes not flushed yet"] = sum(r > position for r in records.changes)


def check_feed(records, findings):
    """No half of a commit: what a change says was written in its revision, was; and each stored
    answer stands beside the one change that it answers for. Of a feed that was trimmed, that holds
    for what was written afterwards."""
    trimmed = records.engine.facts.get("trimmed", 0)
    if trimmed > records.figure_position():
        findings.add("feed wrong", f"trimmed up to {trimmed}, beyond the figures")
    last = {}
    revisions = defaultdict(set)
    mutations = Counter()
    for revision, change in records.changes.items():
        if revision <= trimmed:
            findings.add("feed wrong", f"revision {revision} is there, and trimmed")
        asked = [case for case in change.cases if not case.by_itself]
        mutations[revision] = len(asked) + len(change.catalogs)
        for case in change.cases:
            last[(case.municipality, (case.case_id,))] = (revision, case.version)
            revisions[(case.municipality, case.case_id)].add(revision)
    found = {key: (revision, case.version) for key, (revision, case) in records.cases.items()
             if revision > trimmed}
    findings.compare("changed case", last, found)
    answers = Counter(revision for revision, _ in records.answers.values() if revision > trimmed)
    for revision in sorted(mutations.keys() | answers.keys()):
        if mutations[revision] != answers[revision]:
            findings.add("answers wrong", f"revision {revision}: {mutations[revision]} changes, "
                                          f"{answers[revision]} stored answers")
    for (municipality, parts), (revision, _) in records.envelopes.items():
        if revision > trimmed and revision not in revisions[(municipality, parts[0])]:
            findings.add("half commit", f"sealed entry {municipality} {parts}, revision {revision}")
    _check_index_revisions(records, revisions, trimmed, findings)
    _check_catalog_changes(records, trimmed, findings)
    newest = records.engine.facts.get("last_revision", 0)
    findings.counts[f"changes (revisions {trimmed + 1} to {newest})"] = len(records.changes)
    findings.counts["stored answers"] = len(records.answers)


def _check_index_revisions(records, revisions, trimmed, findings):
    """An index row was written by a commit that changed its case."""
    case_id_at = {"t": 1, "o": 2, "r": 3, "w": 1, "d": 2, "q": 2, "f": 3}
    for table, at in case_id_at.items():
        for (municipality, parts), row in records.engine.table(table).items():
            if row.revision > trimmed and row.revision not in revisions[(municipality, parts[at])]:
                findings.add("half commit", f"index {table} {municipality} {parts}, "
                                            f"revision {row.revision}")


def _check_catalog_changes(records, trimmed, findings):
    last = {}
    for revision, change in records.changes.items():
        for catalog in change.catalogs:
            last[catalog.municipality] = (revision, catalog.generation)
    found = {municipality: (revision, head.generation)
             for (_, (municipality,)), (revision, head) in records.heads.items()
             if revision > trimmed}
    findings.compare("changed catalogue", last, found)
    # What is in force was written before the commit that says so.
    for (municipality, parts), (revision, _) in records.entries.items():
        flipped, generation = found.get(municipality, (None, None))
        if parts[0] == generation and revision > flipped:
            findings.add("half commit", f"catalogue entry {municipality} {parts}, "
                                        f"revision {revision}")
