"""The kinds of names and of traps that headlines hold, each with several companies of its kind."""

from __future__ import annotations

import pytest

from signals.tickers import Resolver
from tests.tickers.articles import article, instrument

# kind -> (name in the list, ticker, title or body that names the company)
NAMED: dict[str, list[tuple[str, str, str]]] = {
    "hyphen in the list, space in the text": [
        ("Owens-Corning", "OC", "Owens Corning cuts its profit view"),
        ("Harley-Davidson, Inc.", "HOG", "Harley Davidson cuts output"),
        ("Hewlett-Packard Company", "HPQ", "Hewlett Packard names a chief"),
        ("Con-way Inc.", "CNW", "Con-Way raises rates"),
    ],
    "trailing article": [
        ("Boeing Company (The)", "BA", "Boeing raises prices"),
        ("Clorox Company (The)", "CLX", "Clorox sells a brand"),
    ],
    "marks in the list": [
        ("Guess?, Inc.", "GES", "Guess posts a loss"),
        ("Chico's FAS Inc", "CHS", "Chico's FAS opens shops"),
        ("Barnes & Noble, Inc.", "BKS", "Barnes and Noble cuts jobs"),
    ],
    "initials with and without dots": [
        ("US Airways Group Inc", "LCC", "U.S. Airways adds flights"),
        ("W.R. Berkley Corporation", "WRB", "W. R. Berkley beats forecasts"),
        ("Penney (J.C.) Company, Inc.", "JCP", "J.C. Penney shuts ten shops"),
        ("Smucker (J.M.) Company", "SJM", "J.M. Smucker buys a brand"),
    ],
    "legal form with dots": [
        ("Orange SA", "ORAN", "Orange S.A. to cut costs"),
        ("Statoil ASA", "STO", "Statoil A.S.A. drills again"),
    ],
    "two words of the listed name as one": [
        ("Sirius XM Holdings Inc.", "SIRI", "Concerts to Air Live on SiriusXM"),
        ("Scotts Miracle-Gro Company (The)", "SMG", "ScottsMiracle-Gro Opens a Laboratory"),
    ],
    "title cut off within the name": [
        ("Town Sports International Holdings", "CLUB", "Analysts on Diamond Foods, Town Sports..."),
    ],
    "possessive with a backtick or an acute": [
        ("Cypress Semiconductor Corporation", "CY", "Cypress`s New Family of Sensors"),
        ("Cypress Semiconductor Corporation", "CY", "Cypress\u00b4s New Family of Sensors"),
    ],
    "first words of the listed name": [
        ("Xcel Energy Inc.", "XEL", "Xcel to build a wind farm"),
        ("Energy Transfer Partners, L.P.", "ETP", "Energy Transfer agrees to a pipeline deal"),
        ("Teva Pharmaceutical Industries Limited", "TEVA", "Teva Pharmaceutical launches notes"),
        ("Cooper Tire & Rubber Company", "CTB", "Cooper Tire Names a President"),
        ("Diamond Offshore Drilling, Inc.", "DO", "Diamond Offshore Sells a Rig"),
        ("Seagate Technology plc", "STX", "Seagate and Samsung end talks"),
        ("Regeneron Pharmaceuticals, Inc.", "REGN", "Regulator clears a Regeneron drug"),
        ("NXP Semiconductors N.V.", "NXPI", "Loewe Selects NXP for Its Screens"),
    ],
    "names that the press uses": [
        ("The Procter & Gamble Company", "PG", "P&G raises prices"),
        ("PG&E Corporation", "PCG", "Meters for PG&E arrive"),
        ("Consolidated Edison, Inc.", "ED", "Con Edison sells notes"),
        ("Taiwan Semiconductor Manufacturing Company Limited", "TSM", "TSMC upbeat on demand"),
    ],
    "other capitals": [
        ("Dreamworks Animation SKG, Inc.", "DWA", "Sherman to Join DreamWorks Animation Board"),
        ("Netsuite Inc.", "N", "NetSuite adds a module"),
        ("Cigna Corporation", "CI", "CIGNA Named a Sponsor"),
    ],
    "infinitive, list and object": [
        ("Staples, Inc.", "SPLS", "Staples to buy a rival"),
        ("Staples, Inc.", "SPLS", "Staples, Acme settle a lawsuit"),
        ("Staples, Inc.", "SPLS", "Judge orders Staples to pay $40 million"),
    ],
    "own ticker in brackets": [
        ("Agilent Technologies, Inc.", "A", "Why Agilent (A) is up today"),
        ("Gap, Inc. (The)", "GPS", "Gap (GPS) stock sinks"),
    ],
    "another legal form": [("Amazon.com, Inc.", "AMZN", "Amazon.com Incorporated said on Monday it will grow")],
    "capitals with a legal form": [
        ("Ford Motor Company", "F", "8-K - FORD MOTOR CO (0000037996) (Filer)"),
        ("Target Corporation", "TGT", "TARGET CORP and Acme sign a deal"),
    ],
    "attribution at the end": [("Barclays PLC", "BCS", "Gold demand to slow this year-Barclays")],
}

# kind -> (name in the list, ticker, title, body) where the title is about something else
TRAPS: dict[str, list[tuple[str, str, str, str]]] = {
    "quarter": [("Q4 Holdings", "QFOR", "Acme beats in Q4", ""), ("H1 Holdings", "HONE", "Sales rose in H1", "")],
    "ordinary word": [
        ("Care.com, Inc.", "CRCM", "Hospital to Cut Off Care to Thousands of Seniors", ""),
        ("Web.com Group", "WWWW", "A New Tool Adds an IDE to Web data", ""),
        ("National Holdings Corporation", "NHLD", "Acme Announces National Launch of Pens", ""),
        ("Team, Inc.", "TISI", "NASA Team Demonstrates a Robot", ""),
        ("Unit Corporation", "UNT", "903-megawatt Unit 2 restarts", ""),
        ("Block, Inc.", "SQ", "Senators block a bill", ""),
    ],
    "surname": [
        ("Harris Corporation", "HRS", "Minister in Delhi", "Minister Ed Harris spoke. Harris said talks went well."),
        ("Icahn Enterprises L.P.", "IEP", "Icahn to battle Acme", ""),
        ("Vince Holding Corp.", "VNCE", "Acme Promotes Vince Burkett to President", ""),
    ],
    "credit line": [("Patterson Companies", "PDCO", "Storm", "(Reporting by J. Roe; Editing by Al Patterson)")],
    "other company": [
        ("Dixie Group, Inc.", "DXYN", "Winn-Dixie Stores, Inc. Chief to Present", ""),
        ("Albemarle Corporation", "ALB", "Albemarle & Bond says profit up", ""),
        ("ITT Corporation", "ITT", "ITT Technical Institutes opens a campus", ""),
        ("CONMED Corporation", "CNMD", "Conmed Healthcare Management, Inc. Wins a Contract", ""),
        ("Corning Incorporated", "GLW", "Dow Corning Reports Sales", ""),
        ("Universal Corporation", "UVV", "Film Opens at NBC Universal Park", ""),
        ("NCI Building Systems", "NCS", "Data at the EORTC-NCI-AACR Symposium", ""),
    ],
    "namesake": [
        ("Melrose Bancorp", "MELR", "Melrose says considering an offer", ""),
        ("Goodrich Petroleum Corporation", "GDP", "Goodrich Ships a Thrust Reverser", ""),
        ("Forbes Energy Services Ltd", "FES", "Forbes names the richest", ""),
    ],
    "acronym of another company, spelled out": [
        ("LGL Group Inc.", "LGL", "LGL's (Lihir Gold) Half Year Results", ""),
        ("CAE Inc.", "CAE", "CAE (Coal Asia Energy) opens a mine", ""),
    ],
    "fund or index": [
        ("MSCI Inc.", "MSCI", "iShares MSCI Brazil Index Fund pays a dividend", ""),
        ("MSCI Inc.", "MSCI", "SPDR MSCI World ETF falls", ""),
        ("BlackRock, Inc.", "BLK", "BlackRock Latin Tracker trades", ""),
    ],
    "school, venue or event": [
        ("Brady Corporation", "BRC", "Brady Center Hails a Ruling", ""),
        ("Duke Realty Corporation", "DRE", "Study at Duke University Ends", ""),
        ("Ryder System, Inc.", "R", "Captains pick teams for Ryder Cup", ""),
    ],
    "film": [("Hancock Holding Company", "HBHC", 'Smith is box office hero with "Hancock"', "")],
    "place": [
        ("Delta Air Lines, Inc.", "DAL", "Floods in the Mississippi delta", ""),
        ("Carlisle Companies Incorporated", "CSL", "Network Grows in Carlisle, Massachusetts", ""),
        ("Hampton Roads Bankshares", "HMPR", "Hampton Roads tunnel shut", ""),
    ],
    "unit, address and state": [
        ("MM Companies", "MM", "$7 MM raised by a start-up", ""),
        ("State Street Corporation", "STT", "Lawyers gather at State Street", ""),
        ("Indiana Media Inc", "IN", "Fitch Rates a Library, Gary, IN's GOs 'AA'", ""),
    ],
}


def linked(name: str, ticker: str, title: str, body: str = "") -> bool:
    mentions = Resolver([instrument(ticker, name)]).mentions(article(title, body))
    return any(mention.ticker for mention in mentions)


@pytest.mark.parametrize(
    ("name", "ticker", "title"),
    [pytest.param(*case, id=f"{kind}-{case[1]}") for kind, v in NAMED.items() for case in v],
)
def test_a_company_is_linked_in_each_form_of_its_name(name: str, ticker: str, title: str) -> None:
    assert linked(name, ticker, title)


@pytest.mark.parametrize(
    ("name", "ticker", "title", "body"),
    [pytest.param(*case, id=f"{kind}-{case[1]}") for kind, v in TRAPS.items() for case in v],
)
def test_what_only_looks_like_a_name_is_not_linked(name: str, ticker: str, title: str, body: str) -> None:
    assert not linked(name, ticker, title, body)
