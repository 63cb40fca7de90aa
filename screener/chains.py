"""Chains of records: each is bound by a hash to the one before it, and the end by a signature.

Contract: a record cannot be changed, moved or taken out of a chain without a hash that no longer
fits. Taking away the last records leaves every hash right; that is what the head is for: the count
and hash of the end, signed with the study's key, which is not in the store. Whoever holds both the
store and the key can write a new history; hold an earlier head against it (``verify --against``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

STUDY_CHAIN = ""
"""Name of the chain of what was done to the study; the others are named for their readers."""


@dataclass(frozen=True, slots=True)
class Link:
    """One record of a chain.

    Attributes
    ----------
    position
        From 1, without gaps.
    previous
        Hash of the record before, or of the `genesis`.
    hash
        Of this record and `previous`.
    body
        What the record says: plain JSON values.
    """

    position: int
    previous: str
    hash: str
    body: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain ends, and up to where that was signed.

    Attributes
    ----------
    chain
        Its name.
    n
        Records in it.
    hash
        Of the last one, or of the `genesis`.
    n_signed
        Records in it when it was last signed; those after it came from a session without the key.
    signature
        Of the chain's name, `n_signed` and the hash there; empty where it was never signed.
    """

    chain: str
    n: int
    hash: str
    n_signed: int = 0
    signature: str = ""


def genesis(study_id: str, chain: str) -> str:
    """Return what the first record of a chain is bound to, so that no chain fits elsewhere."""
    return _digest({"study_id": study_id, "chain": chain})


def link_hash(previous: str, body: Mapping[str, object]) -> str:
    """Return the hash that binds a record to the one before: SHA-256 of canonical JSON.

    >>> link_hash("0" * 64, {"a": 1, "b": 2.0}) == link_hash("0" * 64, {"b": 2.0, "a": 1})
    True
    """
    return _digest({"previous": previous, "body": body})


def sign_head(key: bytes, study_id: str, chain: str, n: int, hash_: str) -> str:
    """Return the signature of a chain's end: HMAC-SHA-256 (RFC 2104)."""
    said = _canonical({"study_id": study_id, "chain": chain, "n": n, "hash": hash_})
    return hmac.new(key, said, hashlib.sha256).hexdigest()


def chain_problems(
    study_id: str,
    head: Head,
    links: Sequence[Link],
    key: bytes | None,
    *,
    first: tuple[int, str] | None = None,
) -> tuple[str, ...]:
    """Tell where a chain is not as it was written.

    Parameters
    ----------
    study_id
        Of the study that the chain belongs to.
    head
        Where the store says that it ends.
    links
        Its records in order of position.
    key
        The study's key; without it signatures are not looked at.
    first
        Count and hash of what came before, where the chain goes on elsewhere (a packet).

    Returns
    -------
    tuple of str
        Empty where all is well.
    """
    n, hash_ = first or (0, genesis(study_id, head.chain))
    hashes = {n: hash_}
    problems: list[str] = []
    for link in links:
        n += 1
        problems += _link_problems(link, n, hash_)
        n, hash_ = link.position, link.hash
        hashes[n] = hash_
    if (n, hash_) != (head.n, head.hash):
        problems.append(f"it ends at record {n}, but its head says {head.n}: records were removed")
    if key is not None:
        problems += _signature_problems(key, study_id, head, hashes)
    return tuple(problems)


def _link_problems(link: Link, position: int, previous: str) -> list[str]:
    problems = []
    if link.position != position:
        problems.append(f"record {position} is missing or out of order")
    if link.previous != previous:
        problems.append(f"record {link.position} does not follow the one before it")
    if link.hash != link_hash(link.previous, link.body):
        problems.append(f"record {link.position} was changed")
    return problems


def _signature_problems(
    key: bytes, study_id: str, head: Head, hashes: Mapping[int, str]
) -> list[str]:
    signed = hashes.get(head.n_signed)
    if signed is None:
        return [f"it was signed at record {head.n_signed}, which is gone"]
    right = sign_head(key, study_id, head.chain, head.n_signed, signed)
    if not hmac.compare_digest(right, head.signature):
        return [f"the signature of its head at record {head.n_signed} is not right"]
    return []


def _digest(value: Mapping[str, object]) -> str:
    return hashlib.sha256(_canonical(value)).hexdigest()


def _canonical(value: Mapping[str, object]) -> bytes:
    """Keys sorted, no spaces, ASCII only: the same bytes for the same values everywhere."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()
