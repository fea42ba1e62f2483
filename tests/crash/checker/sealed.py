"""Opens sealed entries with the operator's key, as server/crypto/README.md says they are sealed:
every entry of every case, under its own case key and bound to where it stands."""

import hashlib

import nacl.bindings
import nacl.exceptions
from omzien.storage.v1 import records_pb2

import keys


def open_all(records, master_key, findings):
    """{(municipality, case id): {number: SealedEntry}}; what doesn't open is a finding."""
    opened = {}
    for (municipality, (case_id,)), (_, case) in records.cases.items():
        of_the_case = opened[(municipality, case_id)] = {}
        wrapped = records.wrapped.get(("", (case.case_key_id,)))
        if wrapped is None:
            continue  # check_sealed says so.
        key = _unseal(master_key, _context("wrapped key", "case"), wrapped[1])
        if key is None:
            findings.add("case key wrong", f"{case.case_key_id} of {municipality} {case_id}: "
                                           "can't be unwrapped")
            continue
        for number in range(case.sealed_entries):
            entry = _open(records, key, (municipality, (case_id, number)), findings)
            if entry is not None:
                of_the_case[number] = entry
    findings.counts["sealed entries opened"] = sum(len(entries) for entries in opened.values())
    return opened


def check_no_contact(records, opened, master_key, findings):
    """Who wants no contact is found by what was sealed of them when they said so, and nothing else."""
    hash_keys = [_unseal(master_key, _context("wrapped key", "hash"), envelope)
                 for _, envelope in records.hash_keys.values()]
    for (municipality, (case_id,)), (_, case) in records.cases.items():
        if not case.no_contact.hashes:
            continue
        entry = opened[(municipality, case_id)].get(case.no_contact.sealed_entry)
        traits = entry.traits if entry else records_pb2.PersonTraits()
        by = ([("phone", phone) for phone in traits.phones]
              + [("email", email) for email in traits.emails]
              + [("address", traits.address)])
        hashes = {_hash(key, "no contact", municipality, *what) for key in hash_keys for what in by}
        if not hashes.issuperset(case.no_contact.hashes):
            findings.add("no contact wrong", f"{municipality} {case_id}: found by what it doesn't say")
        findings.counts["hashes recomputed"] += len(case.no_contact.hashes)


def _hash(key, purpose, *parts):
    return hashlib.blake2b(_context(purpose, _context(*parts)), key=key, digest_size=32).digest()


def _open(records, key, place, findings):
    if place not in records.envelopes:
        return None  # check_sealed says so.
    municipality, (case_id, number) = place
    context = _context("sealed entry", municipality, case_id, str(number))
    plain = _unseal(key, context, records.envelopes[place][1])
    if plain is not None:
        try:
            return records_pb2.SealedEntry.FromString(plain)
        except Exception:  # Each implementation of protobuf raises one of its own.
            pass
    findings.add("sealed wrong", f"{keys.shown((municipality, 'S', place[1]))}: can't be opened")
    return None


def _context(*parts):
    return b"".join(b"%d:%s" % (len(part), part)
                    for part in (p.encode() if isinstance(p, str) else p for p in parts))


def _unseal(key, context, envelope):
    bound = _context("omzien/envelope/1", context, str(envelope.key_id), str(envelope.epoch))
    try:
        return nacl.bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
            envelope.ciphertext, bound, envelope.nonce, key)
    except (nacl.exceptions.CryptoError, nacl.exceptions.TypeError):
        return None
