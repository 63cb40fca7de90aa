"""``screener agree``: real tables of every kind, and what is said of the strange ones."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import openpyxl
import pytest
from command_line import screener
from rich.console import Console

from screener.agreeing import TableOptions, agree_on_table
from screener.agreement.measures import Resampling
from screener.agreement.records import Agreement
from screener.agreement.scales import Level
from screener.agreement.tables import Choice, reads_of_table
from screener.cli.agree_view import show_agreement
from screener.errors import SourceError

DATA = json.loads((Path(__file__).parent / "data" / "agreement.json").read_text(encoding="utf-8"))
GWET: list[list[Any]] = next(
    one["ratings"] for one in DATA["published"] if one["id"] == "gwet_raw4raters"
)
COEFFICIENTS = {
    *("percent_agreement", "fleiss_kappa", "conger_kappa", "gwet_ac", "brennan_prediger"),
    *("krippendorff_alpha", "icc_a1", "positive_agreement", "negative_agreement"),
}


def agree(*arguments: object, stdin: str = "") -> CompletedProcess[str]:
    return screener("agree", *arguments, stdin=stdin)


def measured(
    file: Path,
    level: str,
    *,
    seed: int = 0,
    categories: str = "",
    positive: str = "",
    choice: Choice | None = None,
) -> Agreement:
    """What the command measures, without the start of a process."""
    options = TableOptions(
        Level(level),
        tuple(categories.split(",")) if categories else None,
        positive,
        choice or Choice(),
    )
    return agree_on_table(str(file), options, Resampling(50, seed))


def told(file: Path, level: str, **said: Any) -> dict[str, Any]:
    document = json.dumps(measured(file, level, **said).to_dict(), allow_nan=False)
    found: dict[str, Any] = json.loads(document)
    return found


def shown(agreement: Agreement) -> str:
    """What stands on a terminal of 80 columns."""
    console = Console(file=io.StringIO(), width=80, highlight=False, markup=False, emoji=False)
    show_agreement(agreement, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def write(file: Path, text: str, encoding: str = "utf-8") -> Path:
    file.write_bytes(text.encode(encoding))
    return file


@pytest.fixture
def gwet(tmp_path: Path) -> Path:
    rows = [["" if read is None else read for read in row] for row in GWET]
    lines = [
        ",".join(map(str, row))
        for row in [["case", *"abcd"], *([n, *r] for n, r in enumerate(rows))]
    ]
    return write(tmp_path / "gwet.csv", "\n".join(lines) + "\n")


# --- the document ------------------------------------------------------------------------------


def test_the_document_has_the_promised_shape_and_the_published_values(gwet: Path) -> None:
    done = agree(gwet, "--level", "nominal", "--json", "--resamples", 50)
    assert done.returncode == 0
    document = json.loads(done.stdout)
    assert (document["n_cases"], document["n_readers"]) == (12, 4)
    assert set(document["coefficients"]) >= COEFFICIENTS
    for estimate in document["coefficients"].values():
        assert set(estimate) >= {"value", "interval", "note"}
    assert document["coefficients"]["gwet_ac"]["value"] == pytest.approx(0.77544, abs=5e-6)
    assert document["coefficients"]["icc_a1"]["value"] is None
    assert len(document["pairwise"]) == 6
    first = document["pairwise"][0]
    assert first["readers"] == ["a", "b"]
    assert set(first) >= {"cohen_kappa", "interval", "note", "percent_agreement"}


def test_the_same_seed_prints_the_same_and_another_does_not(gwet: Path) -> None:
    one = told(gwet, "nominal", seed=1)
    assert one == told(gwet, "nominal", seed=1)
    assert one["coefficients"] != told(gwet, "nominal", seed=2)["coefficients"]


@pytest.mark.parametrize("level", list(Level))
def test_a_kappa_never_stands_alone_and_80_columns_are_enough(gwet: Path, level: Level) -> None:
    text = shown(measured(gwet, level))
    for name in ("percent agreement", "Gwet's AC", "Krippendorff's alpha", "Fleiss' kappa"):
        assert name in text
    assert not re.search(r"\bnan\b", text)
    assert max(map(len, text.splitlines())) <= 80


def test_numbers_have_an_icc_and_limits_of_agreement(tmp_path: Path) -> None:
    # Shrout and Fleiss (1979), table 2.
    rows = "J1,J2,J3,J4\n9,2,5,8\n6,1,3,2\n8,4,6,8\n7,1,2,6\n10,5,6,9\n6,2,4,7\n"
    document = told(write(tmp_path / "t.csv", rows), "interval")
    assert f"{document['coefficients']['icc_a1']['value']:.2f}" == "0.29"
    limits = document["pairwise"][0]["bland_altman"]
    assert limits["bias"] == pytest.approx((7 + 5 + 4 + 6 + 5 + 4) / 6)


# --- which columns are readers -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "first", "level", "is_id"),
    [
        ("case", ["x", "x", "y", "y"], "nominal", True),
        ("Patient ID", ["yes", "no", "yes", "no"], "nominal", True),
        ("", ["1", "2", "3", "4"], "nominal", True),
        ("scan", ["s1", "s2", "s3", "s4"], "nominal", True),
        ("scan", ["1", "2", "3", "4"], "ratio", True),
        ("scan", ["s1", "s2", "s3", "s4"], "ratio", True),
        ("scan", ["10.5", "3", "8", "40"], "ratio", False),
        ("Anna", ["yes", "no", "yes", "no"], "nominal", False),
        ("Anna", ["yes", "no", "", "no"], "nominal", False),
        ("Nora", ["4", "1", "3", "2"], "nominal", False),
    ],
)
def test_the_first_column_is_an_id_by_its_name_or_by_its_cells(
    header: str, first: list[str], level: str, *, is_id: bool
) -> None:
    others = [["no", "yes"], ["no", "no"], ["yes", "yes"], ["yes", "no"]]
    if level == "ratio" or first[0] == "4":
        others = [["1", "2"], ["3", "4"], ["4", "4"], ["2", "1"]]
    rows = [
        (line, [cell, *rest]) for line, (cell, rest) in enumerate(zip(first, others, strict=True))
    ]
    table = reads_of_table([header, "B", "C"], rows, Level(level), Choice(), "t.csv")
    assert list(table.reads) == (["B", "C"] if is_id else [header, "B", "C"])


def test_a_row_of_blanks_is_a_case_that_nobody_read_unless_cases_have_ids(tmp_path: Path) -> None:
    without = write(tmp_path / "t.csv", "a,b\n1,1\n,\n0,1\n,\n")
    assert told(without, "nominal")["n_cases"] == 4
    with_ids = write(tmp_path / "u.csv", "case,a,b\n1,1,1\n2,,\n3,0,1\n,,\n,,\n")
    assert told(with_ids, "nominal")["n_cases"] == 3


def test_the_user_says_otherwise_of_the_columns(tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", "case,a,b,remark\n1,1,2,x\n2,2,2,y\n3,1,1,z\n")
    assert told(file, "nominal", choice=Choice(has_case_id=False))["n_readers"] == 4
    assert told(file, "nominal", choice=Choice(case_id="remark"))["n_readers"] == 3
    picked = told(file, "nominal", choice=Choice(readers=("b", "a")))
    assert picked["pairwise"][0]["readers"] == ["b", "a"]
    with pytest.raises(SourceError, match="there is no column 'zz'"):
        measured(file, "nominal", choice=Choice(readers=("a", "zz")))
    both = agree(file, "--level", "nominal", "--case-id", "a", "--no-case-id")
    assert both.returncode == 2


def test_a_column_of_settled_verdicts_is_no_reader_and_overrules(tmp_path: Path) -> None:
    rows = "1,yes,yes,no,no\n2,yes,yes,yes,yes\n3,no,yes,,maybe\n4,no,no,no,\n"
    file = write(tmp_path / "t.csv", f"case,a,b,c,final\n{rows}")
    document = told(file, "nominal", choice=Choice(settled="final"))
    assert (document["n_readers"], document["n_reads"]) == (3, 11)
    found = {one["reader"]: (one["n_compared"], one["n_overruled"]) for one in document["readers"]}
    # In case 1 the meeting went with c against a and b; case 4 is not settled.
    assert found == {"a": (3, 2), "b": (3, 2), "c": (2, 0)}
    index = document["coefficients"]["reader_disagreement_index"]["value"]
    assert index == pytest.approx(4 / 8)
    assert "how often the settled verdict overrules" in shown(
        measured(file, "nominal", choice=Choice(settled="final"))
    )
    # Pairs that agree, case by case: 1 of 3, 3 of 3, 0 of 1, 3 of 3; the verdicts are not in them.
    agreed = document["coefficients"]["percent_agreement"]["value"]
    assert agreed == pytest.approx((1 / 3 + 1 + 0 + 1) / 4)


def test_a_column_that_is_no_reader_is_suspected_by_its_many_categories(tmp_path: Path) -> None:
    rows = "".join(f"yes,no,remark {n}\n" for n in range(30))
    done = agree(write(tmp_path / "t.csv", f"a,b,c\n{rows}"), "--level", "nominal")
    assert "32 different categories: a column may be no reader." in done.stderr
    many = "".join(f"yes,remark {n}\n" for n in range(1200))
    with pytest.raises(SourceError, match="there are 1,201 different categories"):
        measured(write(tmp_path / "u.csv", f"a,b\n{many}"), "nominal")


def test_what_was_taken_for_what_is_told_on_stderr(tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", "case,a,b\n1,yes,Yes\n2,no ,no\n3,NA,no\n4,yes,no\n")
    done = agree(file, "--level", "nominal", "--json", "--resamples", 0)
    assert "Column 'case' names the cases: its name says so." in done.stderr
    assert "Readers: 'a', 'b'." in done.stderr
    assert "1 cell with 'na' taken as not read." in done.stderr
    assert "differs between cells in upper and lower case only" in done.stderr
    document = json.loads(done.stdout)
    assert [one["category"] for one in document["categories"]] == ["no", "yes"]
    assert document["n_reads"] == 7


# --- formats -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "encoding"),
    [
        ("a.csv", "case,a,b\n1,10.5,12\n2,20,21.5\n", "utf-8"),
        ("b.csv", "case,a,b\n1,10.5,12\n2,20,21.5\n", "utf-8-sig"),
        ("c.csv", "case;a;b\r\n1;10,5;12\r\n2;20;21,5\r\n", "utf-8"),
        ("d.csv", "sep=;\ncase;a;b\n1;10,5;12\n2;20;21,5\n", "utf-8"),
        ("e.tsv", "case\ta\tb\n1\t10.5\t12\n2\t20\t21.5\n", "utf-16"),
        ("f.csv", "case,a,b,,\n1,10.5%,12%,,\n\n2,20%,21.5%,,\n", "utf-8"),
    ],
)
def test_a_table_says_the_same_in_every_format(
    tmp_path: Path, name: str, text: str, encoding: str
) -> None:
    document = told(write(tmp_path / name, text, encoding), "ratio")
    assert (document["n_cases"], document["n_readers"]) == (2, 2)
    assert document["pairwise"][0]["bland_altman"]["bias"] == pytest.approx(-1.5)


def test_a_workbook_is_read_from_its_first_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Case", "Dr A", "Dr B"], ["p1", 10.5, 12], ["p2", 20, 21.5], ["p3", None, 3]):
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    document = told(tmp_path / "t.xlsx", "ratio")
    assert (document["n_cases"], document["n_cases_compared"]) == (3, 2)
    assert document["pairwise"][0]["bland_altman"]["bias"] == pytest.approx(-1.5)


def test_standard_input_is_read_and_a_header_may_be_missing() -> None:
    rows = "1,1,2\n1,2,2\n2,2,2\n"
    done = agree("-", "--level", "nominal", "--no-header", "--json", stdin=rows)
    document = json.loads(done.stdout)
    assert (document["n_cases"], document["n_readers"]) == (3, 3)
    assert document["pairwise"][0]["readers"] == ["column 1", "column 2"]


def test_whole_numbers_written_with_a_point_are_the_same_category(tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", "a,b\n1.0,1\n2.0,\n1.0,2\n")
    assert [c["category"] for c in told(file, "nominal")["categories"]] == ["1", "2"]


# --- strange tables ----------------------------------------------------------------------------


@pytest.mark.parametrize("level", list(Level))
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("case,a\n1,1\n2,0\n3,1\n", "there is one reader; agreement needs two"),
        ("case,a,b\n1,,\n2,,\n", "no case was read by two readers"),
        ("case,a,b\n1,1,\n2,,0\n", "no case was read by two readers"),
        ("case,a,b\n", "no case was read by two readers"),
    ],
)
def test_nothing_to_compare_is_said_and_is_no_failure(
    tmp_path: Path, level: Level, text: str, why: str
) -> None:
    file = write(tmp_path / "t.csv", text)
    for name, estimate in told(file, level)["coefficients"].items():
        assert estimate["value"] is None, name
        assert estimate["note"]
    text = shown(measured(file, level))
    assert why in text
    assert "undefined" in text


def test_one_case_has_values_and_no_intervals(tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", "a,b,c\nyes,yes,no\n")
    found = told(file, "nominal")["coefficients"]["percent_agreement"]
    assert found["value"] == pytest.approx(1 / 3)
    assert found["interval"] is None
    assert found["note"] == "no interval: one case does not show how cases vary"


def test_all_reads_alike_leave_kappa_undefined_and_agreement_whole(tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", "a,b,c\n" + "yes,yes,yes\n" * 22)
    found = told(file, "nominal")["coefficients"]
    for name in ("fleiss_kappa", "conger_kappa", "krippendorff_alpha"):
        assert found[name]["value"] is None
        assert "all reads are one category" in found[name]["note"]
    assert found["gwet_ac"]["value"] == found["percent_agreement"]["value"] == 1
    assert found["full_agreement"]["interval"] == pytest.approx([0.8513, 1.0], abs=5e-5)


@pytest.mark.parametrize(
    ("text", "said", "told_of"),
    [
        ("", {"level": "nominal"}, ["is empty"]),
        ("\n ,;\n", {"level": "nominal"}, ["is empty"]),
        ("case,a,A\n1,x,y\n", {"level": "nominal"}, ["column 3: the name 'A' is given twice"]),
        ("1,1\n1,2\n", {"level": "nominal"}, ["the name '1' is given twice", "--no-header"]),
        ("a,,b\n1,1,1\n", {"level": "nominal"}, ["column 2 has no name"]),
        ("case\n1\n", {"level": "nominal"}, ["no column holds reads"]),
        (
            "case,a,b\n1,few,many\n2,few,few\n",
            {"level": "ordinal"},
            ["nothing tells the order of 'few', 'many'"],
        ),
        (
            "case,a,b\n1,few,many\n2,few,some\n3,,most\n",
            {"level": "nominal", "categories": "few,many"},
            ["line 3, column 'b': is none of the categories 'few', 'many'", "line 4, column 'b'"],
        ),
        (
            "case,a,b\n1,70,about 80\n2,>75,80\n3,-3,5\n4,1e999,1\n",
            {"level": "ratio"},
            [
                "line 2, column 'b': is no number, as ratio level needs",
                "line 3, column 'a': is no number",
                "line 4, column 'a': is below 0",
                "line 5, column 'a': is no number",
            ],
        ),
        ("case,a,b\n1,0.75,75%\n2,0.5,60%\n", {"level": "ratio"}, ["write all in one unit"]),
        (
            "case,a,b\n1,1\n2,1,1,1\n",
            {"level": "nominal"},
            ["line 2: 2 fields for 3", "line 3: 4 fields"],
        ),
        ('case,a,b\n1,1,1\n2,"1,1\n', {"level": "nominal"}, ["line 3: its quotes do not add up"]),
        ("a,b\nx,y\n", {"level": "nominal", "categories": "x,X,y"}, ["differ in more than case"]),
        ("a,b\nx,y\n", {"level": "nominal", "positive": "z"}, ["'z' cannot be the positive one"]),
    ],
)
def test_a_table_that_cannot_be_measured_says_all_that_is_wrong(
    tmp_path: Path, text: str, said: dict[str, Any], told_of: list[str]
) -> None:
    file = write(tmp_path / "t.csv", text)
    with pytest.raises(SourceError) as caught:
        measured(file, **said)
    for words in told_of:
        assert words in str(caught.value)
    assert "about 80" not in str(caught.value)  # cells are not quoted


def test_what_is_no_table_says_so(tmp_path: Path) -> None:
    other = write(tmp_path / "t.sav", "x")
    broken = write(tmp_path / "t.xlsx", "no workbook")
    for file, words in (
        (tmp_path / "no.csv", "no such file"),
        (tmp_path, "is a folder"),
        (other, "is of no format that is read"),
        (broken, "is not a readable XLSX workbook"),
    ):
        with pytest.raises(SourceError, match=words):
            measured(file, "nominal")
    done = agree(other, "--level", "nominal")
    assert (done.returncode, done.stdout) == (3, "")
    assert agree(other, "--level", "nominal", "--weights", "cubic").returncode == 2


def test_declared_categories_that_nobody_used_count_as_on_offer(tmp_path: Path) -> None:
    file = write(tmp_path / "t.csv", "a,b\n" + "none,none\nfew,none\nfew,few\nmany,many\n" * 3)
    plain = told(file, "nominal")["coefficients"]["brennan_prediger"]["value"]
    levels = "none,few,many,most"
    declared = told(file, "nominal", categories=levels)["coefficients"]["brennan_prediger"]
    assert plain == pytest.approx((0.75 - 1 / 3) / (1 - 1 / 3))
    assert declared["value"] == pytest.approx((0.75 - 1 / 4) / (1 - 1 / 4))
    ordinal = told(file, "ordinal", categories=levels)
    assert ordinal["weights"] == "quadratic"
    # One of four pairs of reads is one step of three apart: (1/3)^2.
    agreed = ordinal["coefficients"]["weighted_agreement"]["value"]
    assert agreed == pytest.approx(1 - (1 / 9) / 4)
