"""The models of the file: zones, studies and the windows that they take by default."""

import pytest
from pydantic import ValidationError

from signals.config.schema import ConfigFile, StudyEntry, check_zone
from signals.types import IntradayStudy, Study, Window


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


def test_a_file_is_frozen_and_takes_no_other_key() -> None:
    with pytest.raises(ValidationError, match="Extra inputs are not permitted"):
        ConfigFile.model_validate({"instrument": {}})
    with pytest.raises(ValidationError, match="frozen"):
        ConfigFile().publish = "elsewhere"
