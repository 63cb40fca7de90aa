"""What is wrong with a pack is told all at once, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_packs import CONTEXT, PACK, SECTIONS, TARGETS, write_pack

from screener.errors import PackError
from screener.packs import MAX_PHRASES, known_packs, load_pack
from screener.phrases import MAX_WORDINGS


def problems_of(folder: Path) -> list[tuple[str, int, str]]:
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    return [(problem.file, problem.line, problem.message) for problem in caught.value.problems]


def only_problem(folder: Path) -> tuple[str, int, str]:
    (problem,) = problems_of(folder)
    return problem


def with_line(text: str, after: str, line: str) -> str:
    """`text` with a line put in after the one that begins with `after`."""
    lines = text.splitlines()
    place = next(n for n, own in enumerate(lines) if own.startswith(after))
    return "\n".join([*lines[: place + 1], line, *lines[place + 1 :]]) + "\n"


def test_a_sound_pack_in_a_folder_loads(tmp_path: Path) -> None:
    pack = load_pack(write_pack(tmp_path))
    assert (pack.name, pack.version, pack.organ) == ("spleen_burden", "0.1.0", "spleen")
    assert [concept.name for concept in pack.concepts] == [
        "spleen",
        "lung",
        "metastases",
        "uncountable",
    ]
    assert pack.burden.lowest == "none"
    assert pack.section["addendum"].rank == 9


def test_the_hash_of_a_pack_is_of_its_rules_and_not_of_its_cases(tmp_path: Path) -> None:
    first = load_pack(write_pack(tmp_path / "a")).sha256
    assert len(first) == 64
    assert load_pack(write_pack(tmp_path / "b", cases="cases: []")).sha256 == first
    assert load_pack(write_pack(tmp_path / "c", context=CONTEXT + "\n")).sha256 != first


def test_a_name_that_is_no_pack_lists_the_packs_there_are() -> None:
    with pytest.raises(PackError, match=r"No pack named 'livr'.*'liver_tumor_burden'"):
        load_pack("livr")


def test_every_shipped_pack_is_in_a_folder_of_its_name() -> None:
    assert "liver_tumor_burden" in known_packs()
    assert {name: load_pack(name).name for name in known_packs()} == {n: n for n in known_packs()}


@pytest.mark.parametrize("file", ["pack", "targets", "context", "sections"])
def test_a_missing_file_is_told(tmp_path: Path, file: str) -> None:
    folder = write_pack(tmp_path, **{file: None})
    told = only_problem(folder)
    assert told == (f"{file}.yaml", 1, f"the pack has no readable {file}.yaml")


def test_all_missing_files_are_told_at_once(tmp_path: Path) -> None:
    told = problems_of(write_pack(tmp_path, pack=None, context=None))
    assert [file for file, _, _ in told] == ["pack.yaml", "context.yaml"]


def test_bytes_that_are_not_utf8_are_told(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, targets="# L\u00e4sion\n".encode("cp1252"))
    assert only_problem(folder) == ("targets.yaml", 1, "not UTF-8")


def test_bad_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    spoilt = CONTEXT.replace("    direction: both", "    direction: [both")
    file, line, _ = only_problem(write_pack(tmp_path, context=spoilt))
    assert file == "context.yaml"
    # the bracket opens on the line of "direction:"; the parser stops at the next line's colon
    opened = spoilt.splitlines().index("    direction: [both") + 1
    assert line == opened + 1


def test_bad_yaml_of_several_files_is_told_at_once(tmp_path: Path) -> None:
    told = problems_of(write_pack(tmp_path, context="cues: [", sections="- {a: b"))
    assert [file for file, _, _ in told] == ["context.yaml", "sections.yaml"]


def test_a_file_that_is_a_list_is_told(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, sections="- findings\n")
    assert only_problem(folder) == ("sections.yaml", 1, "the file must be a mapping of keys")


def test_a_repeated_key_is_told_with_its_line(tmp_path: Path) -> None:
    spoilt = with_line(PACK, "organ:", "organ: liver")
    assert only_problem(write_pack(tmp_path, pack=spoilt)) == (
        "pack.yaml",
        5,
        "the key 'organ' stands twice",
    )


def test_a_yaml_tag_that_would_build_an_object_is_refused(tmp_path: Path) -> None:
    spoilt = PACK.replace("organ: spleen", "organ: !!python/name:os.system spleen")
    file, line, message = only_problem(write_pack(tmp_path, pack=spoilt))
    assert (file, line) == ("pack.yaml", 4)
    assert "tag" in message


def test_an_unknown_key_is_told_with_its_line(tmp_path: Path) -> None:
    spoilt = with_line(CONTEXT, "  - name: kin", "    reech: 3")
    file, line, message = only_problem(write_pack(tmp_path, context=spoilt))
    assert (file, line) == ("context.yaml", spoilt.splitlines().index("    reech: 3") + 1)
    assert "reech" in message


def test_a_key_of_another_file_is_told(tmp_path: Path) -> None:
    folder = write_pack(tmp_path, sections=SECTIONS + "cues: []\n")
    told = ("sections.yaml", 6, "'cues' does not belong here")
    assert told in problems_of(folder)


def test_an_unknown_role_is_told_with_its_line(tmp_path: Path) -> None:
    spoilt = TARGETS.replace("role: extent", "role: amount")
    file, line, message = only_problem(write_pack(tmp_path, targets=spoilt))
    assert (file, line) == ("targets.yaml", 5)
    assert "'extent'" in message  # the roles there are


def test_an_unknown_category_of_a_cue_is_told_with_its_line(tmp_path: Path) -> None:
    spoilt = CONTEXT.replace("category: family", "category: kinship")
    file, line, _ = only_problem(write_pack(tmp_path, context=spoilt))
    assert (file, line) == ("context.yaml", spoilt.splitlines().index("    category: kinship") + 1)


def test_a_role_without_the_attribute_it_needs_is_told(tmp_path: Path) -> None:
    spoilt = TARGETS.replace("nature: malignant, ", "")
    file, line, message = only_problem(write_pack(tmp_path, targets=spoilt))
    assert (file, line) == ("targets.yaml", 4)
    assert "needs 'nature'" in message


SPOILT = {
    "targets": (TARGETS, "phrases: [(lung|lungs|pulmonary)]", "phrases: [{}]"),
    "sections": (SECTIONS, "headings: [impression]", "headings: [{}]"),
    "context": (CONTEXT, "phrases: [likely]", "phrases: [{}]"),
}


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("(no|without", "unbalanced bracket"),
        ("no) evidence", "unbalanced bracket"),
        ("[no", "unbalanced bracket"),
        ("no|without", "outside brackets"),
        ("no <0-99> evidence", "a gap is"),
        ("no <3-1> evidence", "a gap is"),
        ("no < evidence", "a gap is"),
        ("<0-3> evidence", "begins or ends with a gap"),
        ("[no]", "can match nothing"),
        (" ".join(["(a b|c d|e f|g h)"] * 7), f"more than {MAX_WORDINGS} wordings"),
    ],
)
@pytest.mark.parametrize("file", ["targets", "sections", "context"])
def test_a_phrase_against_the_notation_is_told_with_its_line(
    tmp_path: Path, file: str, phrase: str, message: str
) -> None:
    text, old, new = SPOILT[file]
    spoilt = text.replace(old, new.format(f'"{phrase}"'))
    (line,) = [n for n, own in enumerate(spoilt.splitlines(), 1) if f'"{phrase}"' in own]
    told = only_problem(write_pack(tmp_path, **{file: spoilt}))
    assert told[:2] == (f"{file}.yaml", line)
    assert message in told[2]


def test_a_pack_of_too_many_wordings_is_refused(tmp_path: Path) -> None:
    phrase = " ".join(["(a b|c d)"] * 10)  # 1,024 wordings: sound by itself
    n_phrases = MAX_PHRASES // 1024 + 1
    listed = "".join(f"      - w{n} {phrase}\n" for n in range(n_phrases))
    spoilt = CONTEXT.replace(" [history of, previously]\n", f"\n{listed}")
    _, _, told = only_problem(write_pack(tmp_path, context=spoilt))
    assert "the pack stands for" in told
    assert f"at most {MAX_PHRASES} are allowed" in told


def test_an_unknown_burden_level_is_told_wherever_it_stands(tmp_path: Path) -> None:
    spoilt = (
        PACK.replace("candidate: [full]", "candidate: [brimful]")
        .replace("{burden: some, below: 50}", "{burden: plenty, below: 50}")
        .replace("lesion: [malignant]}, burden: some}", "lesion: [malignant]}, burden: sum}")
    )
    told = problems_of(write_pack(tmp_path, pack=spoilt))
    assert [(file, line) for file, line, _ in told] == [
        ("pack.yaml", 7),
        ("pack.yaml", 9),
        ("pack.yaml", 12),
    ]
    for (_, _, message), level in zip(told, ("brimful", "plenty", "sum"), strict=True):
        assert f"no burden level '{level}'; known: ['none', 'some', 'full']" in message


def test_a_level_without_a_weight_is_told(tmp_path: Path) -> None:
    spoilt = PACK.replace("some: 10, ", "")
    assert only_problem(write_pack(tmp_path, pack=spoilt)) == (
        "pack.yaml",
        14,
        "no weight for the burden level 'some'",
    )


def test_an_organ_that_no_concept_names_is_told(tmp_path: Path) -> None:
    spoilt = PACK.replace("organ: spleen", "organ: splen")
    assert only_problem(write_pack(tmp_path, pack=spoilt)) == (
        "pack.yaml",
        4,
        "no concept in targets.yaml has organ 'splen'",
    )


def test_unknown_conditions_and_answers_of_the_decision_table_are_told(tmp_path: Path) -> None:
    spoilt = PACK.replace("extent: [uncountable]", "extend: [uncountable]").replace(
        "when: {lesion: [malignant]}", "when: {lesion: [metastatic]}"
    )
    told = problems_of(write_pack(tmp_path, pack=spoilt))
    assert [(file, line) for file, line, _ in told] == [("pack.yaml", 11), ("pack.yaml", 12)]
    assert "no condition 'extend'" in told[0][2]
    assert "lesion is never 'metastatic'" in told[1][2]


def test_a_duplicated_name_is_told_with_the_line_of_the_second(tmp_path: Path) -> None:
    targets = TARGETS.replace("name: lung", "name: spleen")
    context = CONTEXT.replace("name: kin", "name: denial")
    sections = SECTIONS.replace("kind: impression", "kind: findings")
    pack = PACK.replace("rule: any_metastases", "rule: uncountable")
    folder = write_pack(tmp_path, pack=pack, targets=targets, context=context, sections=sections)
    assert problems_of(folder) == [
        ("pack.yaml", 12, "the name 'uncountable' stands twice"),
        ("targets.yaml", 3, "the name 'spleen' stands twice"),
        (
            "context.yaml",
            context.splitlines().index("    category: family"),
            "the name 'denial' stands twice",
        ),
        ("sections.yaml", 4, "the name 'findings' stands twice"),
    ]


def test_the_same_words_in_two_cues_are_told(tmp_path: Path) -> None:
    spoilt = CONTEXT.replace("phrases: [likely]", "phrases: [likely, (formerly|previously)]")
    file, line, message = only_problem(write_pack(tmp_path, context=spoilt))
    assert (file, line) == (
        "context.yaml",
        spoilt.splitlines().index("    phrases: [likely, (formerly|previously)]") + 1,
    )
    assert message == "'previously' also stands in the cue 'past'"


def test_problems_of_kind_and_of_notation_in_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        pack=PACK.replace("version: 0.1.0", "version: one"),
        targets=TARGETS.replace("(lung|lungs|pulmonary)", "(lung|lungs"),
        context=CONTEXT.replace("direction: both", "direction: sideways"),
        sections=SECTIONS.replace("rank: 5", "rank: high"),
    )
    told = problems_of(folder)
    assert [file for file, _, _ in told] == [
        "pack.yaml",
        "targets.yaml",
        "context.yaml",
        "sections.yaml",
    ]
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"The pack in {folder} has 4 problem(s):"
    assert lines[1].startswith("pack.yaml:2: version: ")
    assert len(lines) == 5


def test_a_gap_in_a_heading_is_told(tmp_path: Path) -> None:
    spoilt = SECTIONS.replace("headings: [impression]", "headings: [impression <0-2> report]")
    told = only_problem(write_pack(tmp_path, sections=spoilt))
    assert told == ("sections.yaml", 3, "a heading has no gaps: 'impression <0-2> report'")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("most: 9}, {burden: full}]", "most: 9}, {burden: full, most: 99}]", "must be open"),
        ("below: 50}, {burden: full}]", "below: 50}, {burden: full, below: 99}]", "must be open"),
        ("{burden: some, most: 9}", "{burden: some}", "only the last bound of by_count is open"),
        ("{burden: some, below: 50}", "{burden: some}", "only the last bound of by_share is open"),
    ],
)
def test_bounds_that_do_not_end_open_are_told(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    assert old in PACK
    spoilt = PACK.replace(old, new)
    file, line, told = only_problem(write_pack(tmp_path, pack=spoilt))
    assert (file, line) == ("pack.yaml", 8 if "by_count" in told else 9)
    assert message in told


def test_a_file_that_is_no_yaml_hides_nothing_of_the_others(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        context="cues: [",
        pack=PACK.replace("version: 0.1.0", "version: one"),
        targets=TARGETS.replace("name: lung", "name: spleen"),
    )
    told = problems_of(folder)
    assert [(file, line) for file, line, _ in told] == [
        ("pack.yaml", 2),
        ("targets.yaml", 3),
        ("context.yaml", 1),
    ]


def test_a_value_of_the_wrong_kind_hides_nothing_elsewhere(tmp_path: Path) -> None:
    folder = write_pack(
        tmp_path,
        pack=PACK.replace("candidate: [full]", "candidate: [brimful]"),
        targets=TARGETS.replace("role: extent", "role: amount"),
    )
    told = problems_of(folder)
    assert [(file, line) for file, line, _ in told] == [("pack.yaml", 7), ("targets.yaml", 5)]


def test_problems_on_one_line_come_in_the_same_order_each_time(tmp_path: Path) -> None:
    spoilt = PACK.replace("extent: [uncountable]", "extent: [e1, e2, e3, e4, e5, e6]")
    told = [message for _, _, message in problems_of(write_pack(tmp_path, pack=spoilt))]
    assert [message.split("'")[1] for message in told] == ["e1", "e2", "e3", "e4", "e5", "e6"]
