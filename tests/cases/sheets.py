"""Cases 6, 53 to 60, 68: what only a workbook can do, and archives that pretend to be one."""

from __future__ import annotations

import io
import re
import zipfile

from .case import Given, Row, a_book, a_csv, book, case, named, rows_of, text_of

ZIPPED = "text is no archive; a zip that is called .csv is tried as REST"
COVERED = ({}, {"party": None})
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _book(change, rows=({}, {}), **expected) -> Given:
    return Given(lambda: book(rows_of(*rows), change=change), "orders.xlsx", **expected)


def _merged(made, page) -> None:
    page.merge_range(1, 3, 2, 3, "ALP")


def _several(made, page) -> None:
    for name, hide in (("Other", "hide"), ("Deep", "very_hidden")):
        sheet = made.add_worksheet(name)
        sheet.write_row(0, 0, ["document", "amount"])
        getattr(sheet, hide)()


def _two_visible(made, page) -> None:
    made.add_worksheet("Second").write_row(0, 0, ["document", "amount"])


def _formulas(made, page) -> None:
    page.write_formula(1, 6, "=1/0", None, "#DIV/0!")
    page.write_formula(2, 6, "=5*2.1", None, "10.5")


def _rezipped(change) -> bytes:
    """A good workbook, packed again: ``change(name, content)`` gives what each entry then holds, None to leave it out."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(rows_of({}, {"party_name": "SECRET"})))) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in change("", b"") or []:
            new.writestr(name, content)
    return stream.getvalue()


def _in_sheet(change):
    """The workbook with its sheet's XML changed."""
    return lambda: _rezipped(lambda name, content: change(content) if name.endswith("sheet1.xml") else (content if name else None))


def _and_more(*entries):
    return lambda: _rezipped(lambda name, content: content if name else list(entries))


def _uncomputed(content: bytes) -> bytes:
    return re.sub(rb'<c r="G2"[^>]*><v>[^<]*</v></c>|<c r="G2"[^>]*/>|<c r="G2".*?</c>', b'<c r="G2"><f>A1*2</f></c>', content, count=1)


def _control(content: bytes) -> bytes:
    return re.sub(rb'<c r="D2".*?</c>', b'<c r="D2" t="inlineStr"><is><t>AL_x0007_P</t></is></c>', content, count=1)


def _wide_claim(content: bytes) -> bytes:
    return re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>', content)


def _stray(made, page) -> None:
    page.write(1_048_575, 16_383, "x")


def _lying() -> bytes:
    """An entry that says it unpacks to ten bytes and unpacks to forty million."""
    data = bytearray(_and_more(("xl/big.xml", b"\0" * 40_000_000))())
    for sign, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = 0
        while (start := data.find(sign, start)) >= 0:
            if b"xl/big.xml" in data[start : start + 80]:
                data[start + at : start + at + 4] = (10).to_bytes(4, "little")
            start += 4
    return bytes(data)


def _doubled() -> bytes:
    stream = io.BytesIO(book(rows_of({})))
    with zipfile.ZipFile(stream, "a") as archive:
        import warnings

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            archive.writestr("xl/workbook.xml", "<workbook/>")
    return stream.getvalue()


def _linked() -> bytes:
    stream = io.BytesIO(book(rows_of({})))
    with zipfile.ZipFile(stream, "a") as archive:
        entry = zipfile.ZipInfo("xl/media/link")
        entry.external_attr = 0xA1FF << 16
        archive.writestr(entry, "/etc/passwd")
    return stream.getvalue()


def _encrypted() -> bytes:
    """A good workbook whose entries say that they are encrypted."""
    data = bytearray(book(rows_of({})))
    for sign, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        start = 0
        while (start := data.find(sign, start)) >= 0:
            data[start + at] |= 1
            start += 4
    return bytes(data)


def _nested() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "x" * 1000)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w") as archive:
        archive.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


def _opendocument() -> bytes:
    cells = "".join(
        "<table:table-row>" + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in row) + "</table:table-row>"
        for row in rows_of({})
    )  # fmt: skip
    names = "".join(f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text"))
    content = f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet><table:table table:name="Orders">'
    content += f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        entry = '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        names = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
        archive.writestr("META-INF/manifest.xml", f"<manifest:manifest {names}>{entry}</manifest:manifest>")
    return stream.getvalue()


def _refused(data, *codes: str, name: str = "orders.xlsx", **more) -> Given:
    return Given(data, name, refused=codes, **more)


def _inert(arrival) -> None:
    """On the pages of the batch and of its refused rows it is text."""
    for address in (f"/intake/{arrival.batch.pk}", f"/intake/problems?batch={arrival.batch.pk}", "/intake"):
        page = arrival.people.client.get(address, follow=True).content.decode()
        assert "<img src=x" not in page and "<script>alert" not in page


FORMULAS = ("=cmd|' /C calc'!A0", "+HYPERLINK(1)", "@SUM(A1)", "-2+3", "\t=1", "=1+1")
SCRIPTS = ("<img src=x onerror=alert(1)>", "'; DROP TABLE x; --", "{{7*7}}", "${7*7}", "a\r\nSet-Cookie: x")


def _escaped(arrival) -> None:
    """What a spreadsheet would run is protected when it is written out, and comes back as it was."""
    from steelyard.intake import exporting

    text = exporting.export("orders", form="csv").decode()
    for formula in FORMULAS:
        assert f",{formula}" not in text and f',"{formula}' not in text
        assert "'" + formula.strip("\t") in text or "'\t" in text


CASES = [
    case(6, "A zero byte or another control character in a cell", "Its row waits. In JSON it is refused, in an address it is nothing that exists.",
         a_csv({"party_name": "A\x00B"}, {"party_name": "A\x1bB"}, {}, accepted=1,
               wrong={2: Row("control_char", "party_name", "A␀B"), 3: Row("control_char", "party_name")}),
         xlsx=Given(_in_sheet(_control), "orders.xlsx", accepted=1, wrong={2: Row("control_char", "party", "AL\x07P")})),
    case(53, "Merged cells, hidden rows and columns, several sheets, a very hidden one", "Covered cells wait, or are filled where the mapping says so; "
         "what is hidden is read and said; of several sheets the mapping chooses.",
         csv="text has one table and hides nothing", xlsx=[
             _book(_merged, COVERED, accepted=1, wrong={3: Row("merged_cell", "party", "")}, notes=("merged_cells",)),
             _book(_merged, COVERED, mapping="merged: fill", accepted=2, stored={"party": ["ALP", "ALP"]}, silent=("merged_cells",)),
             _book(_merged, COVERED, mapping="merged: blank", accepted=1, wrong={3: Row("required", "party", "")}),
             _book(lambda made, page: page.set_row(2, None, None, {"hidden": True}), accepted=2, notes=("hidden_rows",), told=("1 are shown, 1 are hidden",)),
             _book(lambda made, page: page.set_column(4, 4, None, None, {"hidden": True}), accepted=2, notes=("hidden_columns",), told=("`product`",)),
             _book(_several, accepted=2, notes=("sheets_left_out",)),
             _book(_two_visible, refused=("not_certain",), told=("Orders", "Second")),
             _book(_two_visible, mapping="sheet: Orders", accepted=2)]),
    case(54, "Formulas without a value, #REF!, #N/A", "The row waits; nothing is ever computed.",
         a_csv({"amount": "#REF!"}, {"party": "#N/A"}, {"party_name": "#1 Lab"}, accepted=1,
               wrong={2: Row("formula_error", "amount", "#REF!"), 3: Row("formula_error", "party", "#N/A")}),
         xlsx=[_book(_formulas, accepted=1, wrong={2: Row("formula_error", "amount")}),
               Given(_in_sheet(_uncomputed), "orders.xlsx", accepted=1, wrong={2: Row("formula_error", "amount")}),
               a_book({"party": "#N/A"}, {}, accepted=1, wrong={2: Row("formula_error", "party", "#N/A")})]),
    case(55, "=cmd|…, +HYPERLINK, @SUM, a leading tab", "Kept as text as it came; protected when written for a spreadsheet.",
         a_csv(*({"party_name": text} for text in FORMULAS), accepted=6, stored={"party_name": list(FORMULAS)}, also=_escaped),
         xlsx=a_book(*({"party_name": text} for text in FORMULAS), accepted=6, stored={"party_name": list(FORMULAS)}, also=_escaped)),
    case(56, "Scripts, SQL, templates, line breaks in names", "Kept as text; inert in pages, files and logs.",
         a_csv(*({"party_name": text, "amount": "x" if number else "1"} for number, text in enumerate(SCRIPTS)), accepted=1,
               wrong=dict.fromkeys(range(3, 7), "not_a_number"), name="<img src=x onerror=alert(1)>.csv", also=_inert),
         xlsx=a_book(*({"party_name": text} for text in SCRIPTS[:4]), accepted=4, stored={"party_name": list(SCRIPTS[:4])}, also=_inert)),
    case(57, "XML bombs and external entities", "Refused: XML that declares a document type or entities is not read.", csv="text holds no XML that is read", xlsx=[
        _refused(_and_more(("xl/bomb.xml", '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;">]><a>&d;</a>')), "bad_archive", seconds=2),
        _refused(_in_sheet(lambda content: b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + content), "bad_archive", seconds=2)]),
    case(58, "Zip bombs: deep, wide, with lying headers", "Refused within two seconds: real bytes are counted as they come out, with limits for all, for each file and its ratio.",
         csv="text is no archive", xlsx=[
             _refused(_and_more(("xl/big.xml", b"\0" * 40_000_000)), "archive_bomb", seconds=2),
             _refused(_lying, "truncated", seconds=2), _refused(_nested, "not_a_table", seconds=2),
             _refused(_and_more(*((f"xl/{number}.xml", "<a/>") for number in range(200))), "archive_bomb", limited={"MOST_ENTRIES": 100}, seconds=2)]),
    case(59, "Archives that name paths outside, links, one name twice, encrypted", "Refused; names inside an archive are never paths of ours.",
         csv="text is no archive", xlsx=[
             _refused(_and_more(("../../etc/passwd", "x")), "bad_archive"), _refused(_and_more(("/etc/passwd", "x")), "bad_archive"),
             _refused(_and_more(("..\\..\\windows", "x")), "bad_archive"), _refused(_doubled, "bad_archive"), _refused(_linked, "bad_archive"),
             _refused(_encrypted, "encrypted")]),
    case(60, "An ending that lies, macros, passwords, .ods", "Told by the content; macros are left aside with a warning; what is protected is refused with that reason.",
         _refused(b"<!DOCTYPE html><html><table></table></html>", "not_a_table", name="orders.csv"),
         _refused(b"MZ\x90\x00\x03", "not_a_table", name="orders.csv"), _refused(b"%PDF-1.7", "not_a_table", name="orders.csv"),
         _refused(OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", name="orders.xls"), _refused(OLE + b"x" * 64, "not_a_table", name="orders.xls"),
         xlsx=[_refused(text_of(rows_of({})).encode(), "extension_lies"),
               named(a_book({}), name="orders.xlsm", data=_and_more(("xl/vbaProject.bin", b"\xd0\xcf macros")), accepted=2, rows=2, notes=("macros_left_out",)),
               Given(_opendocument, "orders.ods", accepted=1, rows=1, sums={"EUR": "10.50"})],
         rest=[_refused(b"MZ\x90\x00\x03", "not_a_table", name="orders.csv"),
               named(a_book({}), name="orders.xlsm", data=_and_more(("xl/vbaProject.bin", b"\xd0\xcf macros")), accepted=2, rows=2, notes=("macros_left_out",)),
               _refused(_nested, "not_a_table", name="orders.csv"), _refused(lambda: book(rows_of({})), "extension_lies", name="orders.csv")]),
    case(68, "A sheet that says it is 17 billion cells", "The claim is not believed; a cell that really stands at the far end is refused before it costs memory.",
         csv="text makes no such claim", xlsx=[
             Given(_in_sheet(_wide_claim), "orders.xlsx", accepted=2, rows=2, seconds=5),
             _book(_stray, refused=("too_sparse",), seconds=5)]),
]  # fmt: skip
