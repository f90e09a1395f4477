"""Moscow's equity market by date, where the calendar (10:00 to 18:45 on business days) is wrong.

The open is the time at which the opening auction sets its price, ten minutes after the auction begins. The close is the
time of the last price of the trading day: that of the evening session where one is held. The exchange's daily bars
include the evening; the returns of shares from such bars lead those of the index, whose close is set at 18:50.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from signals.sessions.overlay import Hours, OffDayTrading, Overlay


def _days(first: date, last: date) -> frozenset[date]:
    return frozenset(first + timedelta(days=n) for n in range((last - first).days + 1))


MOSCOW = Overlay(
    # Bank of Russia, press releases from 28 February to 23 March 2022: no trading sessions in the equity market.
    closures=((date(2022, 2, 28), date(2022, 3, 23)),),
    added_sessions=(
        # Trading days on which the exchange's index and shares have closes; the calendar takes the Mondays for holidays
        # moved from a Sunday, and does not list the working Saturday of 2025.
        date(2025, 2, 24),
        date(2025, 3, 10),
        date(2025, 11, 1),
        # Moscow Exchange, 30 December 2025: the schedule of 2026 (Kommersant 8336281).
        date(2026, 3, 9),
        date(2026, 5, 11),
    ),
    regimes=(
        # Moscow Exchange, 23 June 2020: evening trading from 19:00 to 23:50 since 22 June; the main session ends 18:50.
        (date(2020, 6, 22), Hours(time(10), time(23, 50))),
        # Moscow Exchange, 6 December 2021 (n38448): a morning session, its auction from 06:50 to 07:00.
        (date(2021, 12, 6), Hours(time(7), time(23, 50))),
        # Moscow Exchange, 25 February 2022: no pre-market session on the 28th; after the closure the main session only
        # (schedule of 31 March 2022: 09:50 to 18:50).
        (date(2022, 2, 28), Hours(time(10), time(18, 50))),
        # Moscow Exchange (n51152): evening trading again from 12 September 2022.
        (date(2022, 9, 12), Hours(time(10), time(23, 50))),
        # RIA Novosti, 23 October 2025: morning trading again since 27 January 2025.
        (date(2025, 1, 27), Hours(time(7), time(23, 50))),
    ),
    single_days={
        # Bank of Russia: 24 and 25 March 2022 from 09:50 to 14:00; 28 to 30 March to 13:50 (no notice of the
        # 29th was found; the days before and after it had these hours).
        date(2022, 3, 24): Hours(time(10), time(14)),
        date(2022, 3, 25): Hours(time(10), time(14)),
        date(2022, 3, 28): Hours(time(10), time(13, 50)),
        date(2022, 3, 29): Hours(time(10), time(13, 50)),
        date(2022, 3, 30): Hours(time(10), time(13, 50)),
    },
    off_days=OffDayTrading(
        # Moscow Exchange, 25 February 2025: from 1 March 2025, 09:50 to 19:00 (on the first day from 14:00), as part of
        # the trading day that follows.
        since=date(2025, 3, 1),
        opens=time(10),
        # Moscow Exchange, 30 December 2025 (Kommersant 8336281).
        holidays=frozenset({date(2026, 2, 23), date(2026, 5, 1), date(2026, 6, 12), date(2026, 11, 4)}),
        excluded=frozenset().union(
            # 2025: a broker's notice to clients of March; no later exceptions of that year were found.
            _days(date(2025, 3, 8), date(2025, 3, 9)),
            _days(date(2025, 3, 22), date(2025, 3, 23)),
            _days(date(2025, 4, 19), date(2025, 4, 20)),
            _days(date(2025, 5, 24), date(2025, 5, 25)),
            # 2026: Vedomosti, 25 November 2025.
            _days(date(2026, 1, 3), date(2026, 1, 4)),
            _days(date(2026, 1, 10), date(2026, 1, 11)),
            _days(date(2026, 2, 14), date(2026, 2, 15)),
            _days(date(2026, 3, 7), date(2026, 3, 8)),
            _days(date(2026, 3, 21), date(2026, 3, 22)),
            _days(date(2026, 5, 9), date(2026, 5, 10)),
            _days(date(2026, 6, 20), date(2026, 6, 21)),
            _days(date(2026, 8, 1), date(2026, 8, 2)),
            _days(date(2026, 8, 15), date(2026, 8, 16)),
            _days(date(2026, 9, 12), date(2026, 9, 13)),
            _days(date(2026, 10, 24), date(2026, 10, 25)),
            _days(date(2026, 12, 5), date(2026, 12, 6)),
        ),
    ),
)
