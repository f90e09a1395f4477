"""The types of option values that click does not know: days, instants and names."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click


class Day(click.ParamType[date]):
    """A date as people write it to programs."""

    name = "date"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse a date, or fail with an example."""
        try:
            return datetime.strptime(str(value), "%Y-%m-%d").replace(tzinfo=UTC).date()
        except ValueError:
            self.fail(f"{value!r} is not a date; write it as 2015-01-21", param, ctx)


class Name(click.ParamType[str]):
    """The key of something in the store."""

    name = "text"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the text, unless no database can store it: bytes of another encoding arrive as lone surrogates."""
        text = str(value)
        if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
            self.fail(f"{text!r:.120} is not text in UTF-8", param, ctx)
        return text


class Instant(click.ParamType[datetime]):
    """An instant; one without a zone is in UTC."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Parse an instant, or fail with an example."""
        try:
            instant = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not an instant; write it as 2015-01-21T13:10:00Z", param, ctx)
        return instant if instant.tzinfo else instant.replace(tzinfo=UTC)
