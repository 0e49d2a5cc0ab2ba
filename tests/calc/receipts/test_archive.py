"""The file of a bundle is written in one way, opens everywhere, and no byte of it changes unnoticed."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from steelyard.calc.errors import Refused
from steelyard.calc.periods import FiscalCalendar
from steelyard.calc.receipts import archive
from steelyard.calc.receipts.bundle import Bundle, read, write
from steelyard.calc.receipts.document import canonical
from steelyard.calc.receipts.peers import Compared
from tests.calc.measures import world
from tests.thoroughness import examples

BUNDLE = Bundle(
    receipt=canonical({"format": 1}),
    framework="framework: small\n",
    calendar=FiscalCalendar("standard"),
    rows={"orders": pl.DataFrame({"document": ["A1", "A2"], "amount": [10_000, None]})},
    histories=world.histories(),
    made_by="a test",
)
CONTENT = write(BUNDLE)


def refusal(content):
    with pytest.raises(Refused) as refused:
        read(content)
    assert all(problem.message for problem in refused.value.problems)
    return {problem.code for problem in refused.value.problems}


def test_the_same_content_is_the_same_file_and_comes_back_whole():
    assert write(BUNDLE) == CONTENT
    found = read(CONTENT)
    assert (found.receipt, found.framework, found.calendar, found.made_by) == (
        BUNDLE.receipt,
        BUNDLE.framework,
        BUNDLE.calendar,
        BUNDLE.made_by,
    )
    assert found.rows["orders"].equals(BUNDLE.rows["orders"])
    assert found.histories.digest() == BUNDLE.histories.digest()


def test_any_program_opens_it_and_finds_words_on_how_to_verify_it():
    with zipfile.ZipFile(io.BytesIO(CONTENT)) as opened:
        assert opened.testzip() is None
        assert "steelyard verify-receipt" in opened.read("README.txt").decode()
        assert "steelyard verify-receipt" in opened.read("LIESMICH.txt").decode()


def test_every_changed_byte_of_every_file_in_it_and_of_what_frames_them_is_found():
    for place in range(0, len(CONTENT), 1 if len(CONTENT) < 2_000 else 7):
        changed = bytearray(CONTENT)
        changed[place] ^= 1
        assert refusal(bytes(changed)), place


def test_every_byte_of_every_head_is_watched():
    members = archive.unpack(CONTENT)
    body = sum(30 + len(name) + len(data) for name, data in members.items())
    for place in [*range(42), *range(body, body + 60), *range(len(CONTENT) - 30, len(CONTENT))]:
        changed = bytearray(CONTENT)
        changed[place] ^= 0x40
        assert refusal(bytes(changed)), place


WHOLE = write(
    replace(
        BUNDLE,
        earlier=(canonical({"format": 1, "items": []}), canonical({"format": 1, "items": [1]})),
        peers=[Compared("sales", 5, "", ("1", "2", "3", "4", "5"))],
        base="framework: base\n",
        cycles={"small": (date(2012, 12, 31),)},
    )
)
MEMBERS = archive.unpack(WHOLE)


@settings(max_examples=examples(12), deadline=None)
@given(data=st.data())
@pytest.mark.parametrize("name", MEMBERS)
def test_any_byte_of_any_file_in_it_that_is_changed_is_found_and_the_file_is_named(name, data):
    """Even by somebody who makes the frame fit; who also mends the list of files changes the number of the receipt, or a figure."""
    if not MEMBERS[name]:
        return
    place = data.draw(st.integers(0, len(MEMBERS[name]) - 1))
    changed = bytearray(MEMBERS[name])
    changed[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Refused) as refused:
        read(archive.pack({**MEMBERS, name: bytes(changed)}))
    assert {problem.where for problem in refused.value.problems} == {name} or name == "bundle.json"


@pytest.mark.parametrize("name", MEMBERS)
def test_a_file_that_is_gone_or_has_another_name_is_named(name):
    rest = {other: data for other, data in MEMBERS.items() if other != name}
    for members in (rest, {**rest, f"other/{name}": MEMBERS[name]}):
        with pytest.raises(Refused) as refused:
            read(archive.pack(members))
        told = {problem.where: problem.code for problem in refused.value.problems}
        assert told[name] == "bundle-incomplete"
        assert name == "bundle.json" or (f"other/{name}" in told) == (f"other/{name}" in members)


@pytest.mark.parametrize("one", ["rows/orders.jsonl", "earlier/001.json"])
def test_two_files_that_changed_places_are_refused(one):
    other = {"rows/orders.jsonl": "framework.yaml", "earlier/001.json": "earlier/002.json"}[one]
    assert refusal(archive.pack({**MEMBERS, one: MEMBERS[other], other: MEMBERS[one]})) == {"bundle-altered"}


def test_a_link_a_folder_and_a_secret_member_are_refused():
    link, folder = zipfile.ZipInfo("receipt.json"), zipfile.ZipInfo("rows/")
    link.external_attr, link.create_system = 0o120777 << 16, 3
    for about, data in ((link, b"/etc/passwd"), (folder, b"")):
        assert refusal(packed_by_others([(about, data)], zipfile.ZIP_STORED)) == {"bundle-altered"}
    locked = bytearray(WHOLE)
    locked[6] |= 1  # says that it needs a password
    assert refusal(bytes(locked)) == {"bundle-altered"}


def test_a_file_that_was_added_is_refused():
    members = archive.unpack(CONTENT)
    assert refusal(archive.pack({**members, "rows/more.jsonl": b"{}\n"})) == {"bundle-added"}


@pytest.mark.parametrize("length", [0, 1, 29, 100, len(CONTENT) // 2, len(CONTENT) - 1])
def test_a_file_cut_short_is_refused(length):
    assert refusal(CONTENT[:length]) & {"bundle-truncated", "bundle-altered", "not-a-bundle"}


def test_whatever_follows_the_end_is_refused():
    assert refusal(CONTENT + b"\n") == {"bundle-altered"}


def packed_by_others(members, method=zipfile.ZIP_DEFLATED):
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", method) as opened:
        for name, data in members:
            opened.writestr(name, data)
    return memory.getvalue()


def test_a_bomb_is_refused_without_being_unpacked():
    assert refusal(packed_by_others([("receipt.json", b"0" * 50_000_000)])) == {"bundle-repacked"}


@pytest.mark.parametrize("name", ["../../escape.txt", "/escape.txt", "a/../b.txt", "C:\\escape.txt", "a" * 60_000, "ä.txt"])
def test_a_name_that_leads_elsewhere_is_refused(name):
    assert refusal(packed_by_others([(name, b"x")], zipfile.ZIP_STORED)) == {"bundle-altered"}


def test_the_same_name_twice_is_refused():
    with pytest.warns(UserWarning, match="Duplicate"):
        content = packed_by_others([("receipt.json", b"1"), ("receipt.json", b"2")], zipfile.ZIP_STORED)
    assert refusal(content) == {"bundle-altered"}


def test_another_format_is_told():
    members = archive.unpack(CONTENT)
    for text in (b'{"format":2}\n', b"[]\n"):
        assert refusal(archive.pack({**members, "bundle.json": text})) == {"bundle-format"}
