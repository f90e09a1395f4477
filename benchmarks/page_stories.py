"""Write invented stories, and what stands around a story on a page, for the layouts of `benchmarks.page_layouts`.

Every company, person and place is invented. A story is drawn from templates of sentences by a seed, so that each layout
has another text and each run the same one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_FIRMS = (
    "Calder Works", "Vostok Rail", "Brantholm Paper", "Osier Foods", "Lindwall Energy", "Tarn Shipping", "Quill Bank",
    "Marlow Steel", "Fenwick Glass", "Aldous Motors", "Petrel Air", "Hollin Chemicals",
)  # fmt: skip
_PLACES = ("Leeds", "Perm", "Aarhus", "Ostrava", "Bergen", "Toledo", "Cork", "Turku", "Graz", "Porto")
_PEOPLE = ("Jane Roe", "Ivo Marek", "Nora Lind", "Paul Astley", "Mira Okafor", "Tomas Brandt", "Lea Fontaine")
_SENTENCES = (
    "{firm} said on {day} that it would build a plant in {place}, its largest investment for {n} years.",
    "The company expects to hire {n} hundred people by the spring, most of them from towns nearby.",
    "Orders have grown for {n} quarters in a row, and the two older plants have no room left, the director said.",
    "Shares of {firm} rose {n}.5% in early trading before they gave up part of the gain towards noon.",
    '"We have waited long enough for this, and our customers have waited even longer," {person} told reporters.',
    "Analysts had expected a smaller sum, because the price of energy has fallen since the last report.",
    "The government of the region will pay for a road and a bridge across the river, the mayor of {place} said.",
    "A rival, {firm}, had cancelled a similar plan {n} years ago when the cost of borrowing doubled.",
    "Work is to begin in the autumn, once the court has decided on the objections of two farmers.",
    "{person}, who has followed the industry for {n} decades, called the plan bold but not without risk.",
    "The loan will be repaid over {n} years at a rate that the banks did not disclose.",
    "Trade unions welcomed the news, although they asked for a written promise that no other site would close.",
    "Exports to the south fell by a tenth over the year, while sales at home were {n}% higher than a year earlier.",
    "In {place}, where the firm was founded, about forty people gathered in the rain to hear the announcement.",
    "The board will meet again next {day} to decide whether the dividend can be raised to {n} pence.",
    "It was the third time this year that {firm} changed its forecast, and the first time that it did so upwards.",
    "Margins shrank because freight became dearer and because several large contracts ended in the summer.",
    "An inquiry into the accident of last winter found no fault with the equipment, {person} said by telephone.",
    "The deal needs the consent of regulators in {n} countries and could take until the end of next year.",
    "Investors will look at the cash flow first, since the company spent more than it earned in the past {n} months.",
    "Neither side wanted to comment on the details, which are to be published together with the annual report.",
    "{firm} supplies parts to most carmakers of the continent and employs about {n} thousand people.",
    "Inventories at the port of {place} are lower than at any time since records began, traders said.",
    "The minister said in a speech that the tax would stay as it is until at least the next election.",
)
_CLAIMS = (
    "{firm} opens a plant near {place}", "{firm} raises its forecast after a strong spring",
    "{firm} to cut {n} hundred jobs in {place}", "{firm} wins a large order from {place}",
    "{firm} delays its merger for a second time", "{firm} reports lower profit as freight gets dearer",
)  # fmt: skip
_TEASED = ("Zephyr Drones", "Nimbus Cloud", "Kestrel Bikes", "Orbit Toys", "Sable Wines", "Viola Games", "Umber Tiles")
_TEASERS = (
    "{firm} jumps on takeover talk", "Why {firm} may be the next to fall", "{firm} recalls two hundred thousand units",
    "Five charts about {firm}", "{firm} settles a patent case", "What {firm} did before the crash",
)  # fmt: skip
_REMARKS = (
    "I do not see who is going to pay for all of this in the end, and nobody here has asked either.",
    "My uncle worked there for thirty years, and he always said that the place would be closed one day.",
    "Great news for the region if you ask me, though I will believe it when I see it.",
    "Typical. First they promise a bridge and then we get a roundabout with a statue of a horse.",
)
_TEXTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "de": (
        "Hafenstadt eröffnet ein zweites Klärwerk",
        (
            "Die Stadt hat am Donnerstag nach zwei Jahren Bauzeit ein zweites Klärwerk eröffnet.",
            "Der Bau kostete neunzig Millionen, deutlich mehr als geplant, wie die Kämmerin einräumte.",
            "Ein Zulieferer aus Graz hatte im Winter Insolvenz angemeldet, weshalb die Pumpen fehlten.",
            "Die Gebühren sollen trotzdem nicht steigen, sagte der Bürgermeister und verwies auf Zuschüsse des Landes.",
            "Anwohner hatten gegen den Standort geklagt, zogen aber im Frühjahr nach einem Vergleich zurück.",
        ),
    ),
    "fr": (
        "La verrerie de Fenwick rouvre ses fours",
        (
            "La verrerie a rouvert lundi ses deux fours, arrêtés depuis l'hiver dernier faute de commandes.",
            "Le directeur a remercié les ouvriers, dont beaucoup avaient accepté de travailler à temps partiel.",
            "Les prix du gaz ont baissé d'un tiers en un an, ce qui rend la production de nouveau rentable.",
            "Un concurrent espagnol avait proposé de racheter l'usine, mais le conseil a refusé l'offre en mars.",
            "La région versera une aide de quatre millions, à condition que les emplois soient maintenus cinq ans.",
        ),
    ),
    "es": (
        "La naviera Tarn amplía su puerto del sur",
        (
            "La naviera anunció el martes que ampliará su puerto del sur con dos muelles y una terminal de carga.",
            "La obra durará tres años y costará ochenta millones, según explicó la presidenta en una conferencia.",
            "Los sindicatos celebraron la noticia, aunque pidieron garantías por escrito de que no habrá despidos.",
            "Las exportaciones de fruta crecieron un nueve por ciento y los almacenes actuales están llenos.",
            "El ayuntamiento construirá una carretera nueva para que los camiones no crucen el centro.",
        ),
    ),
    "ru": (
        "Завод в Перми получил заказ на девяносто локомотивов",
        (
            "Завод в Перми получил заказ на девяносто локомотивов, сообщила в понедельник пресс-служба предприятия.",
            "Первую машину передадут железной дороге в мае, остальные будут поставлены в течение двух лет.",
            "Стоимость договора стороны не раскрыли, но аналитики оценивают ее примерно в сорок миллиардов рублей.",
            "Предприятие намерено принять на работу триста человек и открыть учебный центр рядом с цехом.",
            "Ранее завод дважды переносил сроки поставок из-за нехватки подшипников, напомнил директор.",
        ),
    ),
    "ja": (
        "港町に新しい図書館が開館",
        (
            "港町の市役所は木曜日、二年間の工事を経て新しい図書館が開館したと発表した。",
            "建物は四階建てで、屋上には庭園があり、入場は無料だと市の担当者は説明した。",
            "初日には約二千人が訪れ、利用者カードを受け取るために雨の中で一時間待つ人もいた。",
            "市長は式典でテープを切り、地元の小学校の三年生に絵本を読み聞かせた。",
            "建設費は当初の計画を一割上回ったが、県の補助金で賄われる見通しだという。",
        ),
    ),
    "uk": (
        "Порт відкрив другий зерновий термінал",
        (
            "Порт у понеділок відкрив другий зерновий термінал, будівництво якого тривало майже три роки.",
            "Термінал зможе приймати до сорока вагонів на добу, повідомили у пресслужбі підприємства.",
            "Вартість робіт не розголошують, однак експерти оцінюють її у шістдесят мільйонів.",
            "Раніше порт двічі переносив відкриття через брак обладнання, нагадав директор.",
        ),
    ),
    "zh": (
        "港口城市新图书馆开馆",
        (
            "港口城市政府周四宣布，经过两年施工，新图书馆正式开馆，市民可以免费入馆阅读和借书。",
            "图书馆共有四层，屋顶设有花园，周五开放时间延长至晚上九点，负责人在发布会上说。",
            "开馆首日约有两千人到访，不少市民为办理借书证在雨中排队等候了一个小时。",
            "建设费用比原计划高出一成，超出部分由省里的补助资金承担，市长在仪式上表示。",
            "附近的一家书店担心客流减少，但店主说他也希望更多的孩子因此爱上阅读。",
        ),
    ),
    "ar": (
        "افتتاح مكتبة جديدة في المدينة الساحلية",
        (
            "أعلنت بلدية المدينة الساحلية يوم الخميس افتتاح مكتبة جديدة بعد عامين من أعمال البناء المتواصلة.",
            "ويتكون المبنى من أربعة طوابق مع حديقة على السطح، والدخول إليه مجاني لجميع السكان والزوار.",
            "وزار المكتبة في يومها الأول نحو ألفي شخص، ووقف بعضهم ساعة كاملة تحت المطر للحصول على بطاقة.",
            "وتجاوزت تكلفة البناء الخطة الأصلية بنسبة عشرة في المئة، لكن الإقليم سيدفع الفرق كما قال رئيس البلدية.",
        ),
    ),
    "ko": (
        "항구 도시에 새 도서관이 문을 열다",
        (
            "항구 도시는 목요일 이 년간의 공사를 마치고 새 도서관이 문을 열었다고 발표했다.",
            "건물은 사 층이며 옥상에는 정원이 있고 입장은 무료라고 시 관계자가 설명했다.",
            "첫날에는 약 이천 명이 찾았고 이용자 카드를 받으려고 빗속에서 한 시간을 기다린 사람도 있었다.",
            "건설비는 처음 계획보다 십 퍼센트 늘었지만 도의 보조금으로 충당할 예정이라고 한다.",
        ),
    ),
    "el": (
        "Νέα βιβλιοθήκη άνοιξε στην πόλη του λιμανιού",
        (
            "Ο δήμος ανακοίνωσε την Πέμπτη ότι η νέα βιβλιοθήκη άνοιξε ύστερα από δύο χρόνια εργασιών.",
            "Το κτίριο έχει τέσσερις ορόφους και κήπο στην ταράτσα, ενώ η είσοδος είναι ελεύθερη για όλους.",
            "Την πρώτη ημέρα ήρθαν περίπου δύο χιλιάδες άνθρωποι και πολλοί περίμεναν μία ώρα στη βροχή.",
            "Το κόστος ξεπέρασε το σχέδιο κατά ένα δέκατο, όμως η περιφέρεια θα καλύψει τη διαφορά.",
        ),
    ),
    "bg": (
        "Пристанищният град откри нова библиотека",
        (
            "Общината съобщи в четвъртък, че след две години строителство новата библиотека е отворила врати.",
            "Сградата има четири етажа и градина на покрива, а входът е свободен за всички жители на града.",
            "През първия ден дойдоха около две хиляди души и мнозина чакаха по един час на дъжда.",
            "Строежът струваше с една десета повече от плана, но разликата ще поеме областта, каза кметът.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Story:
    """An invented story: what a reader of the page must get."""

    title: str
    at: datetime
    body: tuple[str, ...]
    authors: tuple[str, ...]
    language: str = "en"
    #: Which of the ways to state its time the page uses.
    way: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands around a story on its page and belongs to none of it."""

    teasers: tuple[str, ...]
    remarks: tuple[str, ...]


def write_story(seed: str, paragraphs: int = 8, language: str = "en", sentences: int = 2, vary: bool = False) -> Story:
    """Return the story of a seed; `vary` draws its length and the way in which its time is stated too."""
    draw = random.Random(seed)  # no secret: the same pages in each run
    way = 0
    if vary:
        way, sentences = draw.randrange(6), draw.choice((1, 2, 3))
        paragraphs = draw.randint(6, 14) if paragraphs > 6 else paragraphs
    at = datetime(2023, 1, 2, 7, tzinfo=UTC) + timedelta(minutes=draw.randrange(700_000))
    authors = tuple(draw.sample(_PEOPLE, draw.choice((1, 1, 2))))
    if language in _TEXTS:
        title, texts = _TEXTS[language]
        return Story(title, at, tuple(draw.sample(texts, len(texts)) if vary else texts), authors, language, way)
    wanted = paragraphs * sentences
    pool = [s for _ in range(-(-wanted // len(_SENTENCES))) for s in draw.sample(_SENTENCES, len(_SENTENCES))]
    lines = [_fill(draw, s) for s in pool[:wanted]]
    body = tuple(" ".join(lines[n : n + sentences]) for n in range(0, wanted, sentences))
    return Story(_fill(draw, draw.choice(_CLAIMS)), at, body, authors, way=way)


def surroundings(seed: str, vary: bool = False) -> Surroundings:
    """Return the teasers and the comments of a seed; `vary` draws the number of teasers too."""
    draw = random.Random("around " + seed)  # no secret: the same pages in each run
    teasers = [draw.choice(_TEASERS).format(firm=firm) for firm in _TEASED]
    count = draw.randint(3, len(teasers)) if vary else len(teasers)
    return Surroundings(tuple(draw.sample(teasers, count)), tuple(draw.sample(_REMARKS, len(_REMARKS))))


def _fill(draw: random.Random, template: str) -> str:
    return template.format(
        firm=draw.choice(_FIRMS),
        place=draw.choice(_PLACES),
        person=draw.choice(_PEOPLE),
        day=draw.choice(("Monday", "Tuesday", "Thursday")),
        n=draw.randrange(2, 9),
    )
