"""The day of an examination, read where it is certain and left alone where it is not."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from screener.sources import DateOrder, read_date

THE_DAY = date(2021, 3, 4)


@pytest.mark.parametrize(
    "written",
    [
        "2021-03-04",
        " 2021-03-04 ",
        "2021-3-4",
        "2021/03/04",
        "2021-03-04T23:59:59.123Z",
        "2021-03-04 08:15",
        "2021-03-04T08:15:00+05:30",
        "20210304",
        "202103040815",
        "20210304081500.000-0500",
        "4-Mar-2021",
        "04MAR2021",
        "4 March 2021",
        "4. Mar. 2021",
        "Mar 4, 2021",
        "March 4 2021 8:15 PM",
        20210304,
        20210304.0,
        date(2021, 3, 4),
        datetime(2021, 3, 4, 23, 59, tzinfo=UTC),
        pd.Timestamp("2021-03-04 08:15"),
    ],
)
def test_forms_that_are_certain_are_read(written: object) -> None:
    assert read_date(written) == THE_DAY


@pytest.mark.parametrize(
    "written",
    [
        "03/04/2021",
        "3.4.2021",
        "3-Mar-21",
        "03/04/21",
        "2021-02-30",
        "31-Xyz-2021",
        "1614816000",
        1614816000,
        44259,
        "44259",
        "12345678",
        "20211399",
        "last March",
        "2021",
        "",
        None,
        True,
        pd.NaT,
        float("nan"),
        float("inf"),
        ["2021-03-04"],
        "١/٣/٢٠٢١",
    ],
)
def test_anything_else_is_no_date(written: object) -> None:
    assert read_date(written) is None


def test_numeric_day_and_month_are_read_where_only_one_order_is_possible() -> None:
    assert read_date("25/03/2021") == date(2021, 3, 25)
    assert read_date("03/25/2021 14:30") == date(2021, 3, 25)
    assert read_date("03.03.2021") == date(2021, 3, 3)


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2021, 4, 3)), ("mdy", date(2021, 3, 4))])
def test_an_order_settles_a_numeric_day_and_month(order: DateOrder, day: date) -> None:
    assert read_date("03/04/2021", order) == day


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2299, 12, 31)))
def test_every_day_is_read_back_from_each_certain_form(day: date) -> None:
    for form in ("%Y-%m-%d", "%Y%m%d", "%d-%b-%Y", "%B %d, %Y", "%Y/%m/%dT%H:%M:%S"):
        assert read_date(day.strftime(form)) == day


@given(st.text() | st.integers() | st.floats())
def test_no_value_is_too_odd_to_be_asked_about(value: object) -> None:
    read_date(value)
