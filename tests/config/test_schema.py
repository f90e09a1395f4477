"""The models of the file: zones, studies and the windows that they take by default."""

import re

import pytest
from pydantic import ValidationError

from signals.config.schema import ConfigFile, StudyEntry, check_zone
from signals.types import IntradayStudy, IntradayWindow, Study, Window


def test_a_zone_is_an_iana_name() -> None:
    assert check_zone("Europe/Moscow") == "Europe/Moscow"
    for name in ("MSK", "", "../etc/passwd", "Mars/Base"):
        with pytest.raises(ValueError, match="is not a time zone; write an IANA name"):
            check_zone(name)


def test_a_study_without_windows_has_the_default_ones_of_its_interval() -> None:
    daily, hourly = StudyEntry(name="d").to_study(), StudyEntry(name="h", interval="1h").to_study()
    assert isinstance(daily, Study)
    assert daily.windows == Study("").windows
    assert isinstance(hourly, IntradayStudy)
    assert [str(window) for window in hourly.windows][-1] == "overnight"


def test_windows_may_be_values_already() -> None:
    assert StudyEntry(name="d", windows=(Window(0, 2),)).to_study().windows == (Window(0, 2),)


@pytest.mark.parametrize("key", [{"factors": ("OIL",)}, {"exclude_events": True}])
def test_an_intraday_study_takes_no_option_of_daily_ones(key: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="factors and exclude_events are for daily bars"):
        StudyEntry.model_validate({"name": "h", "interval": "1h", **key})


@pytest.mark.parametrize(
    ("entry", "window"),
    [
        ({"decides": "0..5"}, Window(0, 5)),  # one of the default windows
        ({"windows": ["-5..-1", "0..2"], "decides": "0..2"}, Window(0, 2)),
        ({"windows": ["-5..0"], "decides": "-5..0"}, Window(-5, 0)),
        ({"interval": "1h", "decides": "0m..60m"}, IntradayWindow(0, 60)),
        ({}, None),
    ],
)
def test_a_study_may_name_the_window_that_decides(
    entry: dict[str, object], window: Window | IntradayWindow | None
) -> None:
    assert StudyEntry.model_validate({"name": "s", **entry}).to_study().decides == window


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ({"decides": "0..2"}, "decides: 0..2 is none of the windows 0..0, 0..1, 0..5, -5..-1"),
        ({"windows": ["0..0"], "decides": "0..1"}, "decides: 0..1 is none of the windows 0..0"),
        ({"decides": "-5..-1"}, "decides: -5..-1 ends before publication, so it is a warning and decides nothing"),
        ({"interval": "1h", "windows": ["-60m..0m", "0m..60m"], "decides": "-60m..0m"},
         "decides: -60m..0m ends before publication"),
        ({"interval": "1h", "decides": "0..0"}, "decides: 0..0 is none of the windows"),
        ({"decides": "later"}, "later"),
    ],
)  # fmt: skip
def test_a_window_that_is_none_of_the_study_s_or_ends_before_publication_decides_nothing(
    entry: dict[str, object], problem: str
) -> None:
    with pytest.raises(ValidationError, match=re.escape(problem)):
        StudyEntry.model_validate({"name": "s", **entry})


def test_a_file_is_frozen_and_takes_no_other_key() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        ConfigFile.model_validate({"instrument": {}})
    with pytest.raises(ValidationError, match="frozen"):
        ConfigFile().publish = "elsewhere"


def test_a_fifth_of_the_calls_of_a_year_may_be_chance_unless_the_file_says_otherwise() -> None:
    assert ConfigFile().verdicts.q == 0.20
    assert ConfigFile.model_validate({"verdicts": {"q": 0.1}}).verdicts.q == 0.1
