"""Cases 1 to 11 but 6: bytes, line ends, quotes, separators."""

from __future__ import annotations

from .case import Given, Row, a_csv, case, named, rows_of, text_of

OWN = "a workbook is XML and names its own encoding"
CELLS = "a workbook has cells, and no line ends, quotes or separators between them"
NAMES = ("Zürich Café", "Genève", "Köln")


def _names(*names: str, **options):
    return text_of(rows_of(*({"party_name": name} for name in names)), **options)


def _in(encoding: str, *names: str, declared: str = "", **more) -> Given:
    """A file with these names in an encoding, which must come out as they were."""
    expected = {"accepted": len(names), "rows": len(names), "stored": {"party_name": names}, **more}
    return Given(_names(*names).encode(encoding), mapping=f"encoding: {declared}" if declared else "", **expected)


def _bad_byte() -> bytes:
    lines = _names(*["plain"] * 300).encode().split(b"\r\n")
    lines[200] = lines[200].replace(b"plain", b"pl\xffin")
    return b"\r\n".join(lines)


CASES = [
    case(1, "UTF-8 with a byte order mark", "The mark is taken off.",
         Given(b"\xef\xbb\xbf" + _names("Alpine").encode(), accepted=1, rows=1, stored={"document": ["A1"]}), xlsx=OWN),
    case(2, "UTF-16, both orders, with and without mark", "Told by its mark, or by a zero in every second byte.",
         Given(_names("Zürich").encode("utf-16"), accepted=1, stored={"party_name": ["Zürich"]}),
         Given(b"\xfe\xff" + _names("Zürich").encode("utf-16-be"), accepted=1, stored={"party_name": ["Zürich"]}),
         Given(_names("Zürich", separator="\t").encode("utf-16-le"), accepted=1, stored={"party_name": ["Zürich"]}), xlsx=OWN),
    case(3, "Windows-1252, ISO-8859-15 (€)", "Read as guessed, with a warning that shows words beyond ASCII; or as the mapping says. Never replaced.",
         _in("cp1252", *NAMES, notes=("encoding_guessed",), told=("Café",)),
         _in("iso8859-15", "Zürich 5€", declared="iso8859-15", silent=("encoding_guessed",)), xlsx=OWN),
    case(4, "Shift-JIS, GB18030, CP1251", "Guessed, with a warning and samples; or as the mapping says.",
         _in("shift_jis", "株式会社の東京本社は日本にあります", "大阪支店の営業部", "名古屋の診断薬", notes=("encoding_guessed",)),
         _in("gb18030", "北京医疗设备有限公司的总部", "上海诊断试剂销售公司", "广州市分公司", notes=("encoding_guessed",)),
         _in("cp1251", "Московская лаборатория", "Клиника города Самары", "Диагностика и анализы", notes=("encoding_guessed",)),
         _in("shift_jis", "東京", declared="shift_jis", silent=("encoding_guessed",)),
         _in("gb18030", "北京", declared="gb18030"), _in("cp1251", "Москва", declared="windows-1251"),
         Given(_names("Müller").encode("cp1252"), mapping="encoding: shift_jis", refused=("wrong_encoding",), told=("shift_jis",)),
         Given(_names("a").encode(), mapping="encoding: klingon", refused=("unknown_encoding",), told=("klingon",)), xlsx=OWN),
    case(5, "One bad byte in a long file", "Its row waits with the place of the byte; all others are accepted.",
         Given(_bad_byte, accepted=299, rows=300, wrong={201: Row("bad_byte", "party_name")}, told=(f"byte {_bad_byte().index(0xff):,}",)), xlsx=OWN),
    case(7, "CR, LF and CRLF, alone and mixed", "Each ends a row.",
         *(Given(_names("x", "y").replace("\r\n", end).encode(), accepted=2, rows=2) for end in ("\n", "\r", "\r\n")),
         Given(_names("x", "y", "z").replace("\r\n", "\r", 1).replace("\r\n", "\n", 1).encode(), accepted=3, rows=3), xlsx=CELLS),
    case(8, "U+2028, U+0085 and 0x1C inside a cell", "They end no row and are kept as they are.",
         a_csv({"party_name": "a\u2028b\x85c"}, {"party_name": "d\x1ce"}, {}, accepted=3,
               stored={"party_name": ["a\u2028b\x85c", "d\x1ce", None]}), xlsx=CELLS),
    case(9, "A line break inside a quoted cell", "One cell; rows are counted as a spreadsheet counts them.",
         a_csv({"party_name": "Main Street\n4\r\nTown"}, {"amount": "x"}, {}, accepted=2, wrong={3: Row("not_a_number", "amount", "x")}),
         xlsx=CELLS),
    case(10, "A quote that is never closed", "The file is refused, naming the line in which it opens.",
         *(named(a_csv({}, {}, {}), data=text.encode(), rows=None, refused=("unclosed_quote",), told=("line 3",))
           for text in (text_of(rows_of({}, {"party": '"ALP'}, {})).replace('"""ALP"', '"ALP'), text_of(rows_of({}, {}, {})).replace("A1,2", '"A1" x,2'))),
         xlsx=CELLS),
    case(11, "; or tab or | between cells, and a first line sep=;", "Found from the first rows, the same for dry run and import; or as the mapping says.",
         *(Given(_names("a,b", separator=one).encode(), accepted=1, rows=1, stored={"party_name": ["a,b"]}) for one in (";", "\t", "|")),
         Given(b"sep=;\r\n" + _names("a,b", "c", separator=";").replace("10.50", "x", 1).encode(), accepted=1, rows=2, wrong={2: "not_a_number"}),
         Given(_names("a;b", separator="+").encode(), mapping="separator: +", accepted=1), xlsx=CELLS),
]  # fmt: skip
