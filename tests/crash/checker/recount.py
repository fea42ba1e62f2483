"""What follows from the case records: every index row, every counter of the figures, every load.

Written from storage/README.md, server/figures/README.md and the comments in proto/, so that it
shares nothing with the code that it checks but the messages.
"""

from collections import Counter, defaultdict

from omzien.v1 import common_pb2, referral_service_pb2, signal_service_pb2

LIVE = {referral_service_pb2.ReferralState.Value(f"REFERRAL_STATE_{name}")
        for name in ("ASSIGNED", "ACCEPTED", "IN_PROGRESS", "WAITLISTED")}
OPEN = {signal_service_pb2.SignalState.Value(f"SIGNAL_STATE_{name}")
        for name in ("RECEIVED", "NEEDS_INFO", "ROUTED", "UNMATCHED", "IN_CONTACT", "PLACED")}
NOT_COUNTED = {signal_service_pb2.SIGNAL_STATE_MERGED,
               signal_service_pb2.SIGNAL_STATE_ENTERED_IN_ERROR}


def milliseconds(time):
    return time.seconds * 1000 + time.nanos // 1_000_000


def exactly(time):
    return time.seconds, time.nanos


def last_segment(name):
    return name.rpartition("/")[2]


def is_live(referral):
    return referral.state in LIVE


def index_rows(case):
    """{(table, municipality, parts)}."""
    received = milliseconds(case.signal.receive_time)
    place = case.municipality
    rows = {
        ("t", place, (received, case.id)),
        ("o", place, (last_segment(case.signal.organisation), received, case.id)),
    }
    for record in case.referrals:
        referral = record.referral
        due = milliseconds(referral.contact_by)
        organisation = last_segment(referral.organisation)
        ended = 0 if is_live(referral) else 1
        rows.add(("r", place, (ended, organisation, due, case.id, record.number)))
        if is_live(referral) and not referral.HasField("contact_time"):
            rows.add(("w", place, (due, case.id, record.number)))
            rows.add(("d", place, (*deadline(referral), case.id, record.number)))
    if case.HasField("no_contact") and not case.no_contact.HasField("end_time"):
        rows.add(("n", place, (milliseconds(case.no_contact.expire_time), case.id)))
    if waits(case):
        order = 0 if case.signal.urgency == common_pb2.URGENCY_ACUTE else 1
        rows.add(("q", place, (order, received, case.id)))
        for offer in case.full_offers:
            rows.add(("f", place, (offer, order, received, case.id)))
    return rows


def no_contact_lists(cases):
    """{(municipality, hash): ids of the cases in which someone who is found by it wants no contact}."""
    lists = defaultdict(set)
    for case in cases:
        for found_by in case.no_contact.hashes:
            lists[(case.municipality, found_by)].add(case.id)
    return lists


def deadline(referral):
    """(0, the next one to keep), or (1, when it was escalated)."""
    if referral.HasField("escalate_time"):
        return 1, milliseconds(referral.escalate_time)
    due = milliseconds(referral.contact_by)
    if referral.state == referral_service_pb2.REFERRAL_STATE_ASSIGNED:
        due = min(due, milliseconds(referral.accept_by))
    return 0, due


def waits(case):
    """For something better: nobody covers the place, or what fits is missing or poor."""
    state = case.signal.state
    if state == signal_service_pb2.SIGNAL_STATE_UNMATCHED:
        return True
    helped = any(record.referral.offer and is_live(record.referral)
                 and record.referral.state != referral_service_pb2.REFERRAL_STATE_WAITLISTED
                 for record in case.referrals)
    return (state in OPEN and not helped
            and case.signal.unmet_degree > common_pb2.UNMET_DEGREE_NONE)


def district_of(case):
    """The certain wijk, or "": WK015006 of the buurt BU01500602."""
    wijken = set()
    for candidate in case.signal.districts:
        if candidate.certainty == common_pb2.CERTAINTY_STATED:
            wijken.add("WK" + last_segment(candidate.district)[2:8])
    return wijken.pop() if len(wijken) == 1 else ""


def counters_of(case):
    """The names of the counters to which a case adds one."""
    signal = case.signal
    if signal.state in NOT_COUNTED:
        return
    is_open = signal.state in OPEN
    yield "received"
    if case.HasField("pick_up_time"):
        yield "picked_up"
    if signal.HasField("contact_time"):
        yield "contact_made"
        if (case.HasField("first_contact_by")
                and exactly(signal.contact_time) <= exactly(case.first_contact_by)):
            yield "contact_in_time"
    if case.placed:
        yield "placed"
    if is_open:
        yield "open"
    if signal.state == signal_service_pb2.SIGNAL_STATE_WITHDRAWN:
        yield "withdrawn"
    if any(record.referral.HasField("escalate_time") for record in case.referrals):
        yield "escalated"
    if signal.state == signal_service_pb2.SIGNAL_STATE_CLOSED:
        yield "closed"
        if signal.outcome:
            yield f"outcome/{signal.outcome}"
    if signal.unmet_degree > common_pb2.UNMET_DEGREE_NONE:
        groups = ",".join(sorted(last_segment(group) for group in signal.target_groups))
        unmet = f"unmet/{signal.unmet_degree}/{signal.need}/{groups}"
        yield unmet
        if is_open:
            yield f"{unmet}/open"
        if waits(case):
            yield f"{unmet}/since/{case.unmet_since_day}"


def figures(cases):
    """{(municipality, day, district): Counter}."""
    cells = defaultdict(Counter)
    for case in cases:
        cell = cells[(case.municipality, case.receive_day, district_of(case))]
        cell.update(counters_of(case))
    return cells


def loads(cases):
    """{(municipality, offer): (live referrals, when it last got one, {group: live referrals})}."""
    live = Counter()
    groups = defaultdict(Counter)
    last = {}
    for case in cases:
        for record in case.referrals:
            referral = record.referral
            if not referral.offer:
                continue
            offer = (case.municipality, last_segment(referral.offer))
            live[offer] += is_live(referral)
            if is_live(referral):
                groups[offer].update(record.counted_groups)
            assigned = exactly(referral.assign_time)
            last[offer] = max(last.get(offer, assigned), assigned)
    return {offer: (live[offer], last[offer], dict(groups[offer])) for offer in last}
