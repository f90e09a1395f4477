"""Read pages with newspaper4k: on each line of the input a page as a JSON string, on each of the output a JSON object.

It runs in an interpreter that has newspaper4k, which is no dependency of the project (see `benchmarks.reading`), and
imports nothing of the project.
"""

from __future__ import annotations

import importlib
import json
import sys


def main() -> None:
    """Read the pages of the input until it ends."""
    newspaper = importlib.import_module("newspaper")
    for line in sys.stdin:
        try:
            page = newspaper.Article(url="https://meridian.example/a/b.html")
            page.download(input_html=json.loads(line))
            page.parse()
            at = page.publish_date
            reading = {"title": page.title, "at": at and at.isoformat(), "body": page.text, "authors": page.authors}
        except Exception as error:  # a page on which it fails is one of which it has read nothing
            print(f"newspaper4k: {type(error).__name__}: {error}", file=sys.stderr)
            reading = {}
        print(json.dumps(reading), flush=True)


if __name__ == "__main__":
    main()
