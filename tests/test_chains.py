"""Chains: whatever is done to their records, the hashes or the head tell."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from screener.chains import Head, Link, chain_problems, genesis, link_hash, sign_head

STUDY, CHAIN, KEY = "s" * 32, "ada", b"key"

bodies = st.lists(
    st.dictionaries(st.text(max_size=5), st.one_of(st.none(), st.integers(), st.text(max_size=9))),
    min_size=1,
    max_size=8,
)


def chained(records: list[dict[str, object]]) -> tuple[Head, list[Link]]:
    hash_, links = genesis(STUDY, CHAIN), []
    for position, body in enumerate(records, start=1):
        links.append(Link(position, hash_, link_hash(hash_, body), body))
        hash_ = links[-1].hash
    n = len(links)
    return Head(CHAIN, n, hash_, n, sign_head(KEY, STUDY, CHAIN, n, hash_)), links


def problems(head: Head, links: list[Link], key: bytes | None = KEY) -> tuple[str, ...]:
    return chain_problems(STUDY, head, links, key)


@given(bodies)
def test_a_chain_as_it_was_written_has_no_problem(records: list[dict[str, object]]) -> None:
    assert problems(*chained(records)) == ()


@given(bodies, st.data())
def test_a_changed_record_is_found(records: list[dict[str, object]], data: st.DataObject) -> None:
    head, links = chained(records)
    place = data.draw(st.integers(0, len(links) - 1))
    links[place] = replace(links[place], body={**links[place].body, "changed": 1})
    assert problems(head, links)


@given(bodies, st.data())
def test_a_removed_record_is_found_also_the_last(
    records: list[dict[str, object]], data: st.DataObject
) -> None:
    head, links = chained(records)
    del links[data.draw(st.integers(0, len(links) - 1))]
    assert problems(head, links)
    last = links[-1].hash if links else genesis(STUDY, CHAIN)
    cut_back = replace(head, n=len(links), hash=last)
    assert problems(cut_back, links)


@given(bodies.filter(lambda records: len(records) > 1), st.data())
def test_two_records_that_changed_places_are_found(
    records: list[dict[str, object]], data: st.DataObject
) -> None:
    head, links = chained(records)
    one = data.draw(st.integers(0, len(links) - 2))
    links[one], links[one + 1] = (
        replace(links[one + 1], position=links[one].position),
        replace(links[one], position=links[one + 1].position),
    )
    assert problems(head, links)


@given(bodies)
def test_a_chain_that_was_written_anew_does_not_bear_the_signature(
    records: list[dict[str, object]],
) -> None:
    head, _ = chained(records)
    other, links = chained([*records, {"added": True}])
    forged = replace(other, signature=head.signature)
    assert problems(forged, links) != ()
    assert problems(forged, links, key=None) == ()  # it takes the key to tell


def test_a_chain_of_another_study_or_reader_does_not_fit() -> None:
    head, links = chained([{"a": 1}])
    assert chain_problems("t" * 32, head, links, None)
    assert problems(replace(head, chain="ben"), links, None)
