"""The pages of docs/ that are generated from the code; `python bootstrap.py docs` writes them."""

from collections.abc import Callable
from pathlib import Path

from signals.config.presets import vendors_page
from signals.config.price_presets import price_vendors_page
from signals.sessions.market_page import markets_page
from signals.store.views import dictionary

DOCS = Path(__file__).resolve().parent.parent / "docs"

#: The text of each generated page.
PAGES: dict[str, Callable[[], str]] = {
    "markets.md": markets_page,
    "vendors.md": lambda: vendors_page() + price_vendors_page(),
    "views.md": dictionary,
}


def main() -> None:
    """Write the pages that are not what the code makes of them."""
    for name, text in PAGES.items():
        page = DOCS / name
        if page.read_text(encoding="utf-8") != text():
            page.write_text(text(), encoding="utf-8")
            print(f"{page}: written")


if __name__ == "__main__":
    main()
