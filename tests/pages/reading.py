"""Reading what a page or a file says, whatever its format; and following links as a reader would."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

import polars as pl
from pypdf import PdfReader

NOT_FOLLOWED = ("/sign-out", "/static/")


@dataclass(frozen=True)
class Page:
    """One address as somebody saw it."""

    address: str
    status: int
    kind: str
    text: str
    location: str = ""

    @property
    def is_html(self) -> bool:
        return self.kind == "text/html"


def open_page(client: Any, address: str) -> Page:
    """Get an address; whatever fails is a status of 500, as in life."""
    answer = client.get(address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    answer.close()
    kind = answer.headers.get("Content-Type", "").split(";")[0]
    names = " ".join(answer.headers.get(name, "") for name in ("Content-Disposition", "Location", "Link", "ETag"))
    return Page(address, answer.status_code, kind, f"{names}\n{text_of(content, kind)}", answer.headers.get("Location", ""))


def text_of(content: bytes, kind: str) -> str:
    """Everything a reader could read in these bytes."""
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    if content.startswith(b"PAR1"):
        return pl.read_parquet(io.BytesIO(content)).write_json()
    if content.startswith(b"%PDF-"):
        reader = PdfReader(io.BytesIO(content))
        return "\n".join([str(reader.metadata), *(page.extract_text() for page in reader.pages)])
    return content.decode("utf-8", "replace")


_LINK = re.compile(r"""<a\s(?:[^>]*?\s)?href="([^"]*)"|\shx-get="([^"]*)\"""")  # as templates write them


def links(page: Page) -> list[str]:
    """The addresses of this site that a page leads to."""
    found = (html.unescape(one[1] or one[2] or "") for one in _LINK.finditer(page.text))
    whole = (urljoin(page.address, link) for link in dict.fromkeys(found) if link and not link.startswith(("#", "mailto:")))
    return [urlsplit(link)._replace(fragment="").geturl() for link in whole if link.startswith("/")]


def crawl(client: Any, starts: Iterable[str], one_of: Callable[[str], Any], most: int = 2) -> dict[str, Page]:
    """What can be reached by links; ``one_of`` says which addresses are alike: ``most`` of them are read."""
    seen: dict[str, Page] = {}
    alike: Counter[Any] = Counter()
    waiting = list(starts)
    while waiting:
        address = waiting.pop(0)
        same = one_of(address)
        if address in seen or alike[same] == most or address.startswith(NOT_FOLLOWED):
            continue
        alike[same] += 1
        page = seen[address] = open_page(client, address)
        if page.location:
            waiting.insert(0, urljoin(address, page.location))
        if page.is_html and page.status == 200:
            waiting += links(page)
    return seen
