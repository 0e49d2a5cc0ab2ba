"""Search finds what the reader may open, and nothing else."""

from __future__ import annotations

from tests import company as told


def found(answer) -> dict[str, list[str]]:
    return {group.kind: [hit.title for hit in group.hits] for group in answer.context["found"]}


def test_partners_are_found_by_name_code_and_city(as_):
    for text in ("alpine", "ALP", "zug"):
        assert "Alpine Diagnostics" in found(as_("ben").get("/search", {"q": text})).get("Partners", []), text


def test_partners_of_others_are_not_found(as_):
    answer = as_("carla").get("/search", {"q": "Borealis"})
    assert answer.status_code == 200
    assert "Partners" not in found(answer)
    assert found(as_("ben").get("/search", {"q": "Borealis"}))["Partners"] == ["Borealis Quarzwald"]
    assert told.CANARY.search(as_("carla").get("/search", {"q": "a"}).content.decode()) is None


def test_pages_and_territories_are_found(as_):
    assert "Ranking" in found(as_("ben").get("/search", {"q": "rank"}))["Pages"]
    assert "Territories" in found(as_("ben").get("/search", {"q": "alps"}))
    assert "Territories" not in found(as_("carla").get("/search", {"q": "north"}))


def test_the_palette_gets_the_hits_alone(as_):
    answer = as_("ben").get("/search", {"q": "alpine"}, headers={"hx-request": "true"})
    assert b"<html" not in answer.content and b"Alpine Diagnostics" in answer.content


def test_nothing_and_nonsense_are_answered(as_):
    for text in ("", " ", "\x00", "%", "x" * 5000, "' OR 1=1 --", "💩", "<script>"):
        answer = as_("ben").get("/search", {"q": text})
        assert answer.status_code == 200
        assert b"<script>" not in answer.content.split(b"<main")[-1]
