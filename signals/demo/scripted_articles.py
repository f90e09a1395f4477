"""The articles of the demo world, each with the effect that it plants and the session that it falls on.

All of them are invented. `age` counts sessions back from the last session with a bar, so that the newest articles are
always of the last days; -1 is the session that has not traded yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The kind of example that an article is."""

    MOVE = "move"
    LEAK = "leak"
    COPY = "copy"
    CONFOUNDED = "confounded"
    NOTHING = "nothing"
    MARKET_WIDE = "market_wide"
    PASSING = "passing"
    PENDING = "pending"
    AMBIGUOUS_TAG = "ambiguous_tag"
    UNKNOWN_TAG = "unknown_tag"


class Timing(StrEnum):
    """The time of publication, relative to the session that can first react to the article."""

    PRE_OPEN = "pre_open"
    IN_SESSION = "in_session"
    AFTER_CLOSE = "after_close"
    WEEKEND = "weekend"


@dataclass(frozen=True, slots=True)
class ScriptedArticle:
    """One article of the demo world.

    Attributes
    ----------
    abnormal
        The return planted on day zero beyond the return that the benchmark explains; `drift` the same for each of the
        five sessions before it; `market` the return of the benchmark itself on day zero.
    body
        Paragraphs of a page or a feed item, wrapped for this file; empty for a row of the headline archive.
    tags
        The tag block; by default the ticker.
    minutes
        Minutes between the usual time of its `timing` and its publication, for later copies.
    """

    ticker: str
    age: int
    timing: Timing
    kind: Kind
    headline: str
    abnormal: float = 0.0
    body: str = ""
    drift: float = 0.0
    market: float | None = None
    tags: tuple[str, ...] | None = None
    minutes: int = 0


_FLOOD = """TOMSK (Simulated Newsroom) - Gazprom (MM:GAZP) said flood water had stopped its largest compressor
station and that deliveries would fall short of contract for the rest of the quarter.

Engineers need the river to drop by two metres before the turbines can be inspected, the company said. Insurance
covers the machines but not the lost sales.

Two buyers have already asked for compensation, Gazprom added."""

PAGES = (
    ScriptedArticle(
        "GAZP",
        440,
        Timing.IN_SESSION,
        Kind.MOVE,
        "Gazprom wins tax relief on its eastern fields",
        0.095,
        """MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) will pay no extraction tax on its eastern fields for ten
years under a new law, the finance ministry said.

The relief was wider than the company had asked for. Analysts in this simulated market had expected five years at
half the rate.

Gazprom said it would bring two drilling programmes forward.""",
    ),
    ScriptedArticle(
        "GAZP",
        405,
        Timing.AFTER_CLOSE,
        Kind.NOTHING,
        "Gazprom opens a training centre for welders",
        body="""TOMSK (Simulated Newsroom) - Gazprom (MM:GAZP) opened a training centre where sixty welders a year
will learn to join large pipes.

The first class began with a tour of the workshop. A school band played.""",
    ),
    ScriptedArticle(
        "GAZP",
        372,
        Timing.IN_SESSION,
        Kind.PASSING,
        "Harbour town votes to rebuild its timber bridge",
        body="""PORT LUGA (Simulated Newsroom) - Residents voted by a wide margin to rebuild the timber bridge that
a storm carried off in spring, the mayor said.

Work is to begin after the ice has gone. The town will pay half and the region the rest, and a toll that was feared
has been ruled out.

"People want to walk to the market again," the mayor told a meeting in the school hall.

Carpenters from three villages have offered their help, and an oak stand has been marked for felling.

A second proposal, for a ferry, found little support. Fishermen said that its landing would silt up within a year.

The council also noted that a road to the terminal, where Gazprom (MM:GAZP) rents a warehouse, will be closed in
May.""",
        tags=("NG",),
    ),
    ScriptedArticle(
        "GAZP",
        340,
        Timing.PRE_OPEN,
        Kind.MOVE,
        "Gazprom cuts its export plan after a pipeline fire",
        -0.07,
        """MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) lowered its export plan for the year by a fifth after
fire destroyed a junction on its main western line.

Nobody was hurt. Repairs will take until autumn because the valves are made to order, the company said in a
statement before trading began.

It had raised the same plan only a month ago.""",
    ),
    ScriptedArticle(
        "GAZP",
        300,
        Timing.IN_SESSION,
        Kind.MARKET_WIDE,
        "Gazprom climbs with the whole market after a surprise rate cut",
        market=0.03,
        body="""MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) rose with nearly every other share
after the central bank cut its rate by more than anybody had forecast.

Traders said that there was no news from Gazprom itself. Banks, retailers and steel makers gained about as much.

The bank's next meeting is in six weeks.""",
    ),
    ScriptedArticle(
        "GAZP",
        265,
        Timing.PRE_OPEN,
        Kind.NOTHING,
        "Gazprom names a new editor for its staff magazine",
        body="""MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) named a new editor for the magazine that it prints
for its staff four times a year.

The magazine will keep its crossword, the company said.""",
    ),
    ScriptedArticle(
        "GAZP",
        230,
        Timing.AFTER_CLOSE,
        Kind.LEAK,
        "Gazprom agrees to sell its glass works at a premium",
        0.06,
        """MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) agreed to sell its glass works for twice their book
value, it said after the market had closed.

The shares had risen on each of the five days before the announcement. The exchange said it was looking at who had
bought.

The buyer pays in cash.""",
        drift=0.022,
    ),
    ScriptedArticle(
        "GAZP",
        190,
        Timing.IN_SESSION,
        Kind.PASSING,
        "Ministers exchange letters about a winter rail visit",
        market=0.03,
        body="""MOSCOW (Simulated Newsroom) - Two foreign ministers have exchanged letters about a visit by rail
this winter, a spokeswoman said, calling the tone warm.

It would be the first such journey in eleven years. The route crosses four time zones and a lake that freezes in
December.

Asked who would travel, the spokeswoman said that the list was short and the samovar large.

Historians recalled that an earlier visit had ended in a snowdrift and a treaty.

Hotels along the line report no bookings yet. The railway is repairing a dining car of 1936 for the occasion.

The letters also touch on energy: a study by Gazprom (MM:GAZP) of a pipeline beside the track was mentioned once.""",
        tags=("NG", "GAZPq"),
    ),
    ScriptedArticle(
        "GAZP",
        160,
        Timing.WEEKEND,
        Kind.MOVE,
        "Gazprom board proposes its first special dividend",
        0.08,
        """MOSCOW (Simulated Newsroom) - The board of Gazprom (MM:GAZP) proposed a special dividend, the first in
its history, at a meeting held while the market was shut.

Shareholders are to vote next month. The payment would come on top of the ordinary one, the company said, and it has
the cash.

No bank had forecast it.""",
        market=-0.03,
    ),
    ScriptedArticle(
        "GAZP",
        120,
        Timing.IN_SESSION,
        Kind.NOTHING,
        "Gazprom repeats its safety advice for campers",
        body="""IRKUTSK (Simulated Newsroom) - Gazprom (MM:GAZP) repeated its yearly advice on lighting stoves out
of doors.

Keep them level, it said, and never inside a tent.""",
    ),
    ScriptedArticle(
        "GAZP",
        85,
        Timing.IN_SESSION,
        Kind.MOVE,
        "Gazprom compressor station halted by flood",
        -0.07,
        _FLOOD,
    ),
    ScriptedArticle(
        "GAZP",
        85,
        Timing.IN_SESSION,
        Kind.COPY,
        "UPDATE 1-Gazprom compressor station halted by flood",
        -0.07,
        _FLOOD + "\n\nThe river is expected to crest within days, the water office said.",
        minutes=35,
    ),
    ScriptedArticle(
        "GAZP",
        85,
        Timing.IN_SESSION,
        Kind.COPY,
        "RPT-Gazprom compressor station halted by flood",
        -0.07,
        _FLOOD,
        minutes=80,
    ),
    ScriptedArticle(
        "GAZP",
        50,
        Timing.PRE_OPEN,
        Kind.CONFOUNDED,
        "Gazprom raises its output target for the full year",
        0.07,
        """MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) now expects to pump a tenth more gas this year than it
had planned, because two new wells flow better than the model said.

The wells were drilled last summer. A third is due before winter.""",
    ),
    ScriptedArticle(
        "GAZP",
        50,
        Timing.PRE_OPEN,
        Kind.CONFOUNDED,
        "Regulator lets Gazprom buy out its shipping partner",
        0.07,
        """ST PETERSBURG (Simulated Newsroom) - The competition office dropped its objection and will let Gazprom
(MM:GAZP) take full control of the tanker firm in which it owns half.

The price was agreed long ago. Lawyers had put the odds of approval at one in three.""",
        minutes=20,
    ),
    ScriptedArticle(
        "GAZP",
        28,
        Timing.AFTER_CLOSE,
        Kind.NOTHING,
        "Gazprom lends two paintings to a museum",
        body="""MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) lent two landscapes from its collection to a museum
for a show about rivers.

Both are small. The show is open until the thaw.""",
    ),
    ScriptedArticle(
        "GAZP",
        9,
        Timing.AFTER_CLOSE,
        Kind.MOVE,
        "Gazprom signs a twenty-year contract with an Asian buyer",
        0.07,
        """MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) signed a contract for twenty years at a price that
follows crude oil with a floor, it said in the evening.

The volume equals all that it sold to the region last year. Talks had been called off in spring.

Deliveries begin in January.""",
    ),
    ScriptedArticle(
        "GAZP",
        -1,
        Timing.AFTER_CLOSE,
        Kind.PENDING,
        "Gazprom calls an extraordinary meeting of its shareholders",
        body="""MOSCOW (Simulated Newsroom) - Gazprom (MM:GAZP) called its shareholders to an extraordinary meeting
and gave no agenda.

The notice came after the close. Its lawyers will publish the papers within a week.""",
    ),
    ScriptedArticle(
        "VLGS",
        415,
        Timing.PRE_OPEN,
        Kind.MOVE,
        "Volga Steel loses its largest rail order",
        -0.08,
        """SAMARA (Simulated Newsroom) - Volga Steel (MM:VLGS) said that the railway had cancelled an order worth a
third of its yearly sales.

The railway found cracks in a sample. The company disputes the test and will let its rolling mill stand for now.""",
    ),
    ScriptedArticle(
        "VLGS",
        210,
        Timing.IN_SESSION,
        Kind.NOTHING,
        "Volga Steel moves its archive into a dry cellar",
        body="""SAMARA (Simulated Newsroom) - Volga Steel (MM:VLGS) moved eighty years of drawings into a cellar
that does not flood.

Historians may read them by appointment.""",
    ),
    ScriptedArticle(
        "VLGS",
        66,
        Timing.AFTER_CLOSE,
        Kind.MOVE,
        "Volga Steel doubles its profit as scrap prices fall",
        0.08,
        """SAMARA (Simulated Newsroom) - Volga Steel (MM:VLGS) earned twice as much in the quarter as a year before,
helped by scrap at its cheapest since the furnace was built.

The result was far above every forecast. The company left its own outlook unchanged.""",
    ),
    ScriptedArticle(
        "BKLM",
        330,
        Timing.WEEKEND,
        Kind.MOVE,
        "Baikal Minerals finds a second body of ore",
        0.075,
        """IRKUTSK (Simulated Newsroom) - Baikal Minerals (MM:BKLM) reported a second body of copper ore below its
pit, as rich as the first.

Drilling went on over the holiday. An outside laboratory confirmed the assays, the company said.""",
    ),
    ScriptedArticle(
        "BKLM",
        140,
        Timing.IN_SESSION,
        Kind.NOTHING,
        "Baikal Minerals plants birches along its haul road",
        body="""IRKUTSK (Simulated Newsroom) - Baikal Minerals (MM:BKLM) planted four hundred birches to keep dust
from the village.

Pupils watered them.""",
    ),
)


def _line(ticker: str, age: int, timing: str, abnormal: float, headline: str) -> ScriptedArticle:
    return ScriptedArticle(ticker, age, Timing(timing), Kind.MOVE if abnormal else Kind.NOTHING, headline, abnormal)


HEADLINES = (
    _line("NRVN", 436, "pre_open", 0.07, "Norvane Robotics wins a ten-year warehouse contract"),
    _line("NRVN", 388, "in_session", 0, "Norvane Robotics to present at a trade fair in Omaha"),
    _line("NRVN", 205, "after_close", -0.08, "Norvane Robotics recalls its welding arms after a fault"),
    _line("NRVN", 96, "pre_open", 0, "Norvane Robotics appoints a head of travel"),
    _line("CLDF", 421, "after_close", -0.06, "Calder Foods warns that cocoa will eat its margin"),
    _line("CLDF", 286, "pre_open", 0, "Calder Foods reprints its barbecue cookbook"),
    _line("CLDF", 171, "in_session", 0.06, "Calder Foods receives a takeover bid from a rival"),
    _line("CLDM", 312, "in_session", 0, "Calder Mining renews the lease of its Denver office"),
    _line("CLDM", 133, "pre_open", -0.075, "Calder Mining shuts its silver shaft after a cave-in"),
    _line("PLCD", 402, "after_close", 0.08, "Pellucid Software lifts its forecast as renewals jump"),
    _line("PLCD", 350, "in_session", 0, "Pellucid Software updates the icons of its calendar"),
    _line("PLCD", 118, "weekend", -0.07, "Pellucid Software says intruders copied its customer files"),
    _line("TSMN", 365, "pre_open", -0.08, "Tessamine Pharma ends its heart trial early without a benefit"),
    _line("TSMN", 244, "in_session", 0, "Tessamine Pharma sponsors a half marathon"),
    _line("TSMN", 77, "after_close", 0.08, "Tessamine Pharma gets approval for its asthma spray"),
    _line("QLLN", 327, "in_session", 0, "Quillon Energy paints its storage tanks white"),
    _line("QLLN", 182, "after_close", 0.065, "Quillon Energy buys back a tenth of its shares"),
    _line("QLLN", 104, "pre_open", 0, "Quillon Energy publishes its yearly list of suppliers"),
    _line("MRWS", 294, "pre_open", -0.07, "Marrowstone Airlines grounds half its fleet for inspection"),
    _line("MRWS", 221, "in_session", 0, "Marrowstone Airlines brings back its almond biscuits"),
    _line("MRWS", 58, "after_close", 0, "Marrowstone Airlines adds a weekly flight to Duluth"),
    _line("BRMR", 256, "weekend", 0.075, "Brightmoor Semiconductor settles its patent suit and is paid"),
    _line("BRMR", 149, "pre_open", 0, "Brightmoor Semiconductor renames its canteen"),
    _line("BRMR", 41, "in_session", 0, "Brightmoor Semiconductor hosts a school visit"),
    _line("OSTR", 275, "in_session", 0.07, "Ostrander Freight raises its rates and keeps its clients"),
    _line("OSTR", 163, "after_close", 0, "Ostrander Freight moves its call centre two streets south"),
    _line("OSTR", 90, "pre_open", -0.065, "Ostrander Freight loses its licence to carry chemicals"),
    ScriptedArticle(
        "PLCD",
        235,
        Timing.IN_SESSION,
        Kind.MARKET_WIDE,
        "Pellucid Software joins a broad rally after soft inflation",
        market=0.03,
    ),
    ScriptedArticle(
        "", 72, Timing.IN_SESSION, Kind.AMBIGUOUS_TAG, "Calder heirs put a lakeside estate up for sale", tags=("CLD",)
    ),
    ScriptedArticle(
        "", 54, Timing.IN_SESSION, Kind.UNKNOWN_TAG, "Maintenance season starts on the northern lines", tags=("NG",)
    ),
)

FEED = (
    ScriptedArticle(
        "NRVN",
        22,
        Timing.IN_SESSION,
        Kind.NOTHING,
        "Norvane Robotics shows a robot that folds napkins",
        body="Norvane Robotics (NYSE:NRVN) showed a robot that folds napkins at a fair. It is not for sale.",
    ),
    ScriptedArticle(
        "MRWS",
        15,
        Timing.PRE_OPEN,
        Kind.MOVE,
        "Marrowstone Airlines fills its planes and triples its profit",
        0.075,
        "Marrowstone Airlines (NYSE:MRWS) tripled its quarterly profit and flew fuller planes than anyone forecast.",
    ),
    ScriptedArticle(
        "CLDF",
        12,
        Timing.AFTER_CLOSE,
        Kind.NOTHING,
        "Calder Foods chooses a new shade of green for its labels",
        body="Calder Foods (NYSE:CLDF) chose a new green for its labels. Prices and recipes stay as they are.",
    ),
    ScriptedArticle(
        "QLLN",
        6,
        Timing.PRE_OPEN,
        Kind.MOVE,
        "Quillon Energy writes off its offshore licences",
        -0.07,
        "Quillon Energy (NYSE:QLLN) wrote off its offshore licences after a third dry well and cut its dividend.",
    ),
    ScriptedArticle(
        "BRMR",
        3,
        Timing.IN_SESSION,
        Kind.NOTHING,
        "Brightmoor Semiconductor extends the lease of its car park",
        body="Brightmoor Semiconductor (NYSE:BRMR) extended the lease of a car park by two years on the same terms.",
    ),
    ScriptedArticle(
        "TSMN",
        0,
        Timing.AFTER_CLOSE,
        Kind.MOVE,
        "Tessamine Pharma licenses its vaccine to a larger rival",
        0.08,
        "Tessamine Pharma (NYSE:TSMN) licensed its vaccine to a larger rival for more than its own market value.",
    ),
)
