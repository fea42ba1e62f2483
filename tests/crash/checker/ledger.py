"""The store against the ledger of what was acknowledged: nothing lost, nothing made up.

The ledger is a line for each acknowledged call, then its bytes:

    CYCLE WORKER STEP METHOD CALLER REQUEST_ID REQUEST_BYTES ANSWER_BYTES
    <request><answer>
"""

import dataclasses
from collections import Counter

import nacl.bindings
import nacl.exceptions
from omzien.storage.v1 import records_pb2
from omzien.v1 import field_rules_pb2, signal_service_pb2


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


def check(entries, records, in_doubt, master_key, findings):
    _check_answers(entries, records, in_doubt, findings)
    opener = _Opener(master_key, records)
    paths = list(identifying(signal_service_pb2.Signal.DESCRIPTOR))
    for entry in entries:
        if entry.method == "SubmitSignal":
            _check_signal(entry, records, opener, paths, findings)
    findings.counts["acknowledged"] = len(entries)


def _check_answers(entries, records, in_doubt, findings):
    """Each acknowledged answer is stored, as often as it was given; beyond them at most what was
    under way when the server was killed."""
    given = Counter(entry.answer for entry in entries)
    stored = Counter(answer.answer for _, answer in records.answers.values())
    lost = given - stored
    for entry in entries:
        if entry.answer in lost:
            findings.add("acknowledged answer missing", entry.where)
    extra = (stored - given).total()
    if extra > in_doubt:
        findings.add("stored answer extra", f"{extra} that nobody got, {in_doubt} were under way")


def _check_signal(entry, records, opener, paths, findings):
    request = signal_service_pb2.SubmitSignalRequest.FromString(entry.request)
    answer = signal_service_pb2.SubmitSignalResponse.FromString(entry.answer)
    _, municipality, _, case_id = answer.signal.name.split("/")
    found = records.cases.get((municipality, (case_id,)))
    if found is None:
        findings.add("acknowledged signal missing", entry.where)
        return
    case = found[1]
    if case.caller != entry.caller or request.parent != f"municipalities/{municipality}":
        findings.add("acknowledged signal wrong", f"{entry.where}: it isn't the caller's")
    for field in ("relation", "person_knows", "age_band", "household", "language", "life_events"):
        if getattr(case.signal, field) != getattr(request.signal, field):
            findings.add("acknowledged signal wrong", f"{entry.where}: {field}")
    opened = opener.open(case, 0)
    if opened is None or not opened.HasField("signal"):
        findings.add("acknowledged signal wrong", f"{entry.where}: can't be opened")
        return
    findings.counts["signals opened"] += 1
    for path in paths:
        if _at(opened.signal, path) != _at(request.signal, path):
            findings.add("acknowledged signal wrong", f"{entry.where}: {'.'.join(path)}")


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


class _Opener:
    """Opens sealed entries with the operator's key, as server/crypto/README.md says they are
    sealed."""

    def __init__(self, master_key, records):
        self._master_key = master_key
        self._records = records

    def open(self, case, number):
        wrapped = self._records.wrapped.get(("", (case.case_key_id,)))
        entry = self._records.envelopes.get((case.municipality, (case.id, number)))
        if wrapped is None or entry is None:
            return None
        key = _unseal(self._master_key, _context("wrapped key", "case"), wrapped[1])
        if key is None:
            return None
        context = _context("sealed entry", case.municipality, case.id, str(number))
        plain = _unseal(key, context, entry[1])
        return None if plain is None else records_pb2.SealedEntry.FromString(plain)


def _context(*parts):
    return b"".join(b"%d:%s" % (len(part), part)
                    for part in (p.encode() if isinstance(p, str) else p for p in parts))


def _unseal(key, context, envelope):
    bound = _context("omzien/envelope/1", context, str(envelope.key_id), str(envelope.epoch))
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            envelope.ciphertext, bound, envelope.nonce, key)
    except nacl.exceptions.CryptoError:
        return None
