"""The icons of the pages: one path each, drawn on 16 by 16 in the colour of the text around them."""

from __future__ import annotations

ICONS = {
    "home": "M3 7.5 8 3l5 4.5V13H9.8V9.5H6.2V13H3z",
    "overview": "M2.5 2.5h4.6v4.6H2.5zM8.9 2.5h4.6v4.6H8.9zM2.5 8.9h4.6v4.6H2.5zM8.9 8.9h4.6v4.6H8.9z",
    "ranking": "M3 13V8.5M8 13V3M13 13V6",
    "people": "M6 7.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM2 13c0-2.2 1.8-3.6 4-3.6S10 10.8 10 13M10.5 3a2.1 2.1 0 0 1 0 4.1"
    "M11.5 9.6c1.6.3 2.7 1.6 2.7 3.4",
    "table": "M3 3h10v10H3zM5.5 6h5M5.5 8.5h5M5.5 11h3",
    "intake": "M2.5 9 4.3 3.5h7.4L13.5 9v3.5h-11zM2.5 9H6l.8 1.5h2.4L10 9h3.5",
    "link": "M6.5 9.5 9.5 6.5M7 5l1.6-1.6a2.5 2.5 0 0 1 3.5 3.5L10.5 8.5M9 11l-1.6 1.6a2.5 2.5 0 0 1-3.5-3.5L5.5 7.5",
    "check": "M3 8.5 6.5 12 13 4.5",
    "gift": "M2.5 6.5h11v2h-11zM3.5 8.5v5h9v-5M8 6.5v7M8 6.5C5 6.5 4.5 3 6.2 3 7.5 3 8 6.5 8 6.5zm0 0"
    "C11 6.5 11.5 3 9.8 3 8.5 3 8 6.5 8 6.5z",
    "rules": "M3 4h10M3 8h6M3 12h8M12 6.5v3",
    "chart": "M2.5 13.5h11M4 11V8M7 11V5M10 11V7M13 11V3",
    "settings": "M8 5.8a2.2 2.2 0 1 0 0 4.4 2.2 2.2 0 0 0 0-4.4zM8 2v1.8M8 12.2V14M2 8h1.8M12.2 8H14M3.8 3.8 5 5M11 11l1.2 1.2"
    "M12.2 3.8 11 5M5 11l-1.2 1.2",
    "calendar": "M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.5v3M10.5 2.5v3",
    "search": "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9zM10.5 10.5 13.5 13.5",
    "bell": "M4 11V7a4 4 0 0 1 8 0v4l1 1H3zM6.8 13.8h2.4",
    "menu": "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    "download": "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.5h10",
    "upload": "M8 10.5V3M4.8 6 8 2.8 11.2 6M3 13.5h10",
    "plus": "M8 3v10M3 8h10",
    "columns": "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
    "warning": "M8 2.5 14.5 13.5h-13zM8 6.5v3.5M8 11.7v.6",
    "info": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.2V11M8 4.9v.6",
    "clock": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.5",
    "edit": "M3 13l.7-3L10.5 3.2l2.3 2.3L6 12.3zM9 4.7 11.3 7",
    "cross": "M4 4l8 8M12 4l-8 8",
    "seal": "M8 2.5l1.5 1.3 2-.2.5 2 1.6 1.2L12.8 8l.8 1.9-1.6 1.2-.5 2-2-.2L8 14.2l-1.5-1.3-2 .2-.5-2-1.6-1.2L3.2 8l-.8-1.9L4 4.9l.5-2"
    " 2 .2zM6 8.2l1.5 1.5 2.7-3",
    "eye": "M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z",
    "arrow": "M3 8h10M9 4l4 4-4 4",
    "back": "M13 8H3M7 4 3 8l4 4",
    "error": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 5v3.8M8 10.6v.6",
    "file": "M4 2.5h5L12.5 6v7.5H4zM9 2.5V6h3.5",
    "down": "M3.5 6 8 10.5 12.5 6",
    "up": "M3.5 10.5 8 6l4.5 4.5",
    "left": "M10 3.5 5.5 8l4.5 4.5",
    "right": "M6 3.5 10.5 8 6 12.5",
    "more": "M3.5 8h.01M8 8h.01M12.5 8h.01",
    "scale": "M8 2.5v11M5 13.5h6M2.5 5h11M4 5 2.5 9.5h3zM12 5l-1.5 4.5h3z",
    "theme": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2a6 6 0 0 1 0 12zM9.5 3v10M11 4v8M12.5 5.5v5",
    "language": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c2 1.8 2.8 3.8 2.8 6S10 12.2 8 14M8 2C6 3.8 5.2 5.8 5.2 8S6 12.2 8 14",
    "leave": "M9.5 3H3.5v10H9.5M6.5 8h7M10.8 5.2 13.6 8l-2.8 2.8",
    "question": "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.2 6.3C6.3 5.2 7 4.7 8 4.7s1.8.6 1.8 1.6c0 1.3-1.8 1.4-1.8 2.7M8 11.2v.1",
    "comment": "M2.5 3.5h11v7.5H8l-3 2.5V11H2.5z",
    "print": "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
    "lock": "M4 7.5h8v6H4zM5.5 7.5V5.3a2.5 2.5 0 0 1 5 0v2.2",
    "filter": "M2.5 3.5h11L9.5 8.5v4l-3 1v-5z",
    "save": "M4.5 2.5h7v11L8 10.5l-3.5 3z",
}  # fmt: skip

# the same drawings under the names of what they stand for
ICONS |= {
    name: ICONS[drawn]
    for name, drawn in {
        "partners": "people", "orders": "table", "matching": "link", "reviews": "check", "programmes": "gift", "frameworks": "rules",
        "reports": "chart", "administration": "settings", "scorecard": "scale", "scorecards": "scale", "masters": "columns",
        "documents": "file", "questions": "question", "history": "clock", "warn": "warning", "good": "check", "close": "cross",
        "help": "question",
        "pdf": "print", "undo": "back", "add": "plus", "account": "people", "audit": "seal", "health": "chart", "jobs": "clock",
        "currencies": "scale", "rows": "table", "next": "right", "previous": "left", "sort": "down", "retire": "cross", "delete": "cross",
    }.items()
}  # fmt: skip
