"""A loopback server with the lists of news that Yahoo serves for symbols."""

import json
from dataclasses import dataclass, field
from typing import Any

from tests.prices.servers import Reply, Vendor, reply


def item(number: int, title: str = "Calder Works hires", **more: Any) -> dict[str, Any]:
    content = {
        "title": title, "summary": "Many people, it said.", "pubDate": "2020-02-03T09:15:00Z",
        "provider": {"displayName": "Meridian"}, "canonicalUrl": {"url": f"https://meridian.example/{number}"}, **more,
    }  # fmt: skip
    return {"id": f"n{number}", "content": content}


@dataclass
class NewsVendor(Vendor):
    """The items that Yahoo lists under each symbol, with the cookie page and the crumb."""

    items: dict[str, list[Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, str]) -> Reply:
        if path.endswith("/v1/test/getcrumb"):
            return Reply(200, b"crumb", "text/plain")
        if not path.endswith("/xhr/ncp"):
            return Reply(404, b"", "text/html")
        (symbol,) = json.loads(query["sent"])["serviceConfig"]["s"]
        self.requests.append(symbol)
        if self.plan:
            return self.plan.pop(0)
        return reply({"data": {"tickerStream": {"stream": self.items.get(symbol, [])}}})
