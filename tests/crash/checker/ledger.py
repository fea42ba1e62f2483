"""The store against the ledger of what was acknowledged: nothing lost, nothing made up.

The ledger is a line for each acknowledged call, then its bytes:

    CYCLE WORKER STEP METHOD CALLER REQUEST_ID REQUEST_BYTES ANSWER_BYTES
    <request><answer>
"""

import dataclasses
from collections import Counter

from omzien.storage.v1 import records_pb2
from omzien.v1 import (catalog_service_pb2, field_rules_pb2, referral_service_pb2,
                       signal_service_pb2)


@dataclasses.dataclass(frozen=True)
class Entry:
    where: str
    method: str
    caller: str
    request: bytes
    answer: bytes


def read(path):
    entries = []
    with open(path, "rb") as file:
        for line in file:
            cycle, worker, step, method, caller, _, request, answer = line.decode().split()
            entries.append(Entry(f"cycle {cycle} worker {worker} step {step} {method}", method,
                                 caller, file.read(int(request)), file.read(int(answer))))
            file.read(1)
    return entries


def check(entries, records, opened, in_doubt, findings):
    """`opened`: what sealed.open_all gave."""
    _check_answers(entries, records, in_doubt, findings)
    paths = list(identifying(signal_service_pb2.Signal.DESCRIPTOR))
    codes = {}
    for entry in entries:
        if entry.method == "SubmitSignal":
            _check_signal(entry, records, opened, paths, findings)
            answer = signal_service_pb2.SubmitSignalResponse.FromString(entry.answer)
            if answer.code:
                codes[answer.code] = answer.signal.name
    findings.counts["codes given"] = len(codes)
    _check_texts(entries, codes, opened, in_doubt, findings)
    _check_imports(entries, records, in_doubt, findings)
    findings.counts["acknowledged"] = len(entries)


def _check_answers(entries, records, in_doubt, findings):
    """Each acknowledged answer is stored, as often as it was given; beyond them at most what was
    under way when the server was killed."""
    given = Counter(_stored(entry) for entry in entries)
    stored = Counter(answer.answer for _, answer in records.answers.values())
    lost = given - stored
    for entry in entries:
        if _stored(entry) in lost:
            findings.add("acknowledged answer missing", entry.where)
    extra = (stored - given).total()
    if extra > in_doubt:
        findings.add("stored answer extra", f"{extra} that nobody got, {in_doubt} were under way")


def _stored(entry):
    """The answer as it rests: without the code, which opens what it is of."""
    if entry.method != "SubmitSignal":
        return entry.answer
    answer = signal_service_pb2.SubmitSignalResponse.FromString(entry.answer)
    answer.ClearField("code")
    return answer.SerializeToString()


def _check_signal(entry, records, opened, paths, findings):
    request = signal_service_pb2.SubmitSignalRequest.FromString(entry.request)
    answer = signal_service_pb2.SubmitSignalResponse.FromString(entry.answer)
    _, municipality, _, case_id = answer.signal.name.split("/")
    found = records.cases.get((municipality, (case_id,)))
    if found is None:
        findings.add("acknowledged signal missing", entry.where)
        return
    case = found[1]
    if not request.code_wanted == case.code_given == bool(answer.code):
        findings.add("acknowledged signal wrong", f"{entry.where}: whether it has a code")
    if case.caller != entry.caller or request.parent != f"municipalities/{municipality}":
        findings.add("acknowledged signal wrong", f"{entry.where}: it isn't the caller's")
    for field in ("relation", "person_knows", "age_band", "household", "language", "life_events"):
        if getattr(case.signal, field) != getattr(request.signal, field):
            findings.add("acknowledged signal wrong", f"{entry.where}: {field}")
    sealed = opened[(municipality, case_id)].get(0)
    if sealed is None or not sealed.HasField("signal"):
        findings.add("acknowledged signal wrong", f"{entry.where}: can't be opened")
        return
    findings.counts["signals opened"] += 1
    for path in paths:
        if _at(sealed.signal, path) != _at(request.signal, path):
            findings.add("acknowledged signal wrong", f"{entry.where}: {'.'.join(path)}")


def _check_imports(entries, records, in_doubt, findings):
    """Of each municipality the newest import that was acknowledged is in force, or a newer one that
    was under way; as many entries of each kind as was answered, and if it went in parts each offer
    as it was sent, in order."""
    newest = {}
    for entry in entries:
        if entry.method not in ("ImportCatalog", "ImportCatalogParts"):
            continue
        request = catalog_service_pb2.ImportCatalogRequest.FromString(entry.request)
        answer = catalog_service_pb2.ImportCatalogResponse.FromString(entry.answer)
        municipality = request.parent.split("/")[1]
        if municipality not in newest or answer.generation > newest[municipality][1].generation:
            newest[municipality] = (request, answer, entry)
    in_force = {municipality: head.generation
                for (_, (municipality,)), (_, head) in records.heads.items()}
    under_way = 0
    for municipality, (request, answer, entry) in sorted(newest.items()):
        generation = in_force.get(municipality, 0)
        if generation < answer.generation:
            findings.add("acknowledged catalogue missing", entry.where)
        under_way += generation > answer.generation
        if generation != answer.generation:
            continue
        found = [row for (of, (at, _)), (_, row) in sorted(records.entries.items())
                 if (of, at) == (municipality, generation)]
        for kind, count in (("district", answer.districts), ("postcode", answer.postcodes),
                            ("organisation", answer.organisations), ("offer", answer.offers)):
            if sum(row.WhichOneof("entry") == kind for row in found) != count:
                findings.add("acknowledged catalogue wrong", f"{entry.where}: each {kind}")
        offers = [row.offer for row in found if row.HasField("offer")]
        if entry.method == "ImportCatalogParts" and offers != list(request.catalog.offers):
            findings.add("acknowledged catalogue wrong", f"{entry.where}: its offers")
        findings.counts["catalogues in force"] += 1
    if under_way > in_doubt:
        findings.add("catalogue in force extra", "it is none that was acknowledged or under way")


# Method -> its request, and with which transition its text is sealed.
_TEXTS = {
    "WithdrawSignal": (signal_service_pb2.WithdrawSignalRequest, "reason",
                       records_pb2.SealedText.KIND_WITHDRAWAL),
    "DeclineReferral": (referral_service_pb2.DeclineReferralRequest, "text",
                        records_pb2.SealedText.KIND_DECLINE),
    "PlaceReferral": (referral_service_pb2.PlaceReferralRequest, "departure_reason",
                      records_pb2.SealedText.KIND_DEPARTURE),
    "CompleteReferral": (referral_service_pb2.CompleteReferralRequest, "note",
                         records_pb2.SealedText.KIND_COMPLETION),
    "FailReferral": (referral_service_pb2.FailReferralRequest, "text",
                     records_pb2.SealedText.KIND_FAILURE),
    "HandOverReferral": (referral_service_pb2.HandOverReferralRequest, "note",
                         records_pb2.SealedText.KIND_HAND_OVER),
    "TakeBackReferral": (referral_service_pb2.TakeBackReferralRequest, "reason",
                         records_pb2.SealedText.KIND_TAKING_BACK),
    "ReopenSignal": (signal_service_pb2.ReopenSignalRequest, "reason",
                     records_pb2.SealedText.KIND_REOPENING),
    "AskSignaller": (referral_service_pb2.AskSignallerRequest, "text",
                     records_pb2.SealedText.KIND_QUESTION),
    "RedirectSignal": (signal_service_pb2.RedirectSignalRequest, "taken_over_by",
                       records_pb2.SealedText.KIND_REDIRECTION),
}


_ANSWERS = {
    "AnswerQuestion": signal_service_pb2.AnswerQuestionRequest,
    "AnswerQuestionByCode": signal_service_pb2.AnswerQuestionByCodeRequest,
}


def _check_texts(entries, codes, opened, in_doubt, findings):
    """Each text that was sent with an acknowledged call stands sealed beside its case, where it
    belongs, as often as it was sent; beyond them at most what was under way. Texts are invented,
    and still not shown."""
    sent = Counter()
    senders = {}
    for entry in entries:
        text = _sent(entry, codes)
        if text is not None:
            sent[text] += 1
            senders[text] = entry.where
            findings.counts[f"texts of {entry.method}"] += 1
    found = Counter(_found(case, sealed) for case, of_the_case in opened.items()
                    for number, sealed in of_the_case.items()
                    # Traits are what the server wrote of what was sent (sealed.check_no_contact).
                    if number > 0 and not sealed.HasField("traits"))
    for text in sent - found:
        findings.add("acknowledged text missing", senders[text])
    extra = found - sent
    if extra.total() > in_doubt:
        findings.add("sealed text extra", f"{extra.total()} that nobody sent, {in_doubt} were under "
                                          f"way: {sorted({text[:4] for text in extra})[:20]}")
    findings.counts["texts opened"] = found.total()


def _sent(entry, codes):
    """(municipality, case id, referral number, what, the text), or None where none was sent.
    `codes`: code -> the name of its signal."""
    if entry.method == "RecordContactAttempt":
        request = referral_service_pb2.RecordContactAttemptRequest.FromString(entry.request)
        answer = referral_service_pb2.Referral.FromString(entry.answer)
        # The attempt that was recorded is the answer's last.
        what = f"attempt {len(answer.attempts) - 1}"
        text = _identifying_text(request.attempt)
    elif entry.method == "SubmitSignal":
        # The signal itself is compared elsewhere; beside it stands what was tried before.
        request = signal_service_pb2.SubmitSignalRequest.FromString(entry.request)
        answer = signal_service_pb2.SubmitSignalResponse.FromString(entry.answer)
        _, municipality, _, case_id = answer.signal.name.split("/")
        text = _identifying_text(request.first_attempt)
        return (municipality, case_id, 1, "attempt 0", text) if text else None
    elif entry.method in _ANSWERS:
        request = _ANSWERS[entry.method].FromString(entry.request)
        what = "answer"
        text = _answer_text(request)
    elif entry.method in _TEXTS:
        message_type, field, kind = _TEXTS[entry.method]
        request = message_type.FromString(entry.request)
        what = f"text {kind}"
        text = getattr(request, field)
    else:
        return None
    # municipalities/GM0150/referrals/<case id>-<number>, or /signals/<case id>
    if entry.method == "AnswerQuestionByCode":
        name = codes[request.code]
    elif entry.method == "HandOverReferral":
        # The note stands with the one who gets it.
        name = referral_service_pb2.Referral.FromString(entry.answer).handed_over_to
    else:
        name = request.name
    _, municipality, _, name = name.split("/")
    case_id, _, number = name.partition("-")
    return (municipality, case_id, int(number or 0), what, text) if text else None


def _found(case, sealed):
    if sealed.HasField("attempt"):
        what = f"attempt {sealed.attempt.index}"
        text = _identifying_text(sealed.attempt.attempt)
    elif sealed.HasField("answer"):
        what = "answer"
        text = _answer_text(sealed.answer)
    else:
        what = f"text {sealed.text.kind}" if sealed.HasField("text") else "no text"
        text = sealed.text.text
    return (*case, sealed.referral_number, what, text)


def _answer_text(message):
    return (message.text, *_identifying_text(message.reach), *_identifying_text(message.place))


def _identifying_text(attempt):
    return tuple((path, _at(attempt, path)) for path in identifying(attempt.DESCRIPTOR)
                 if _at(attempt, path))


def identifying(descriptor):
    """The paths of the fields of a message that the contract calls identifying."""
    for field in descriptor.fields:
        rules = field.GetOptions().Extensions[field_rules_pb2.rules]
        if rules.privacy == field_rules_pb2.PRIVACY_CLASS_IDENTIFYING:
            yield (field.name,)
        elif field.message_type is not None and field.message_type.file.package == "omzien.v1":
            for path in identifying(field.message_type):
                yield (field.name, *path)


def _at(message, path):
    for name in path:
        message = getattr(message, name)
    return message
