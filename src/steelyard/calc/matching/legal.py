"""Legal forms at the end of a name: taken off for comparing, and telling which countries the firm can be from."""

from __future__ import annotations

from functools import cache

from .letters import capitals

KEPT = frozenset({"GROUP", "HOLDING", "HOLDINGS", "UK", "PRIVATE", "ENT"})  # they tell a firm from its daughter, or are names
_EUROPEAN = (
    "GMBH", "GMBH AND CO KG", "GMBH AND CO KGAA", "GMBH AND CO", "AND CO KG", "AG AND CO KG", "UG", "UG HAFTUNGSBESCHRAENKT", "MBH",
    "KGAA", "AG AND CO", "EK", "EU", "EV", "OHG", "PARTG MBB", "SARL", "SAS", "SASU", "EURL", "SA", "SNC", "SCOP", "SCA", "SPA", "SRL",
    "SRLS", "SAPA", "SAS DI", "SL", "SLU", "SAU", "SLL", "SCCL", "LDA", "UNIPESSOAL LDA", "BV", "BVBA", "NV", "VOF", "CVBA", "SPRL", "AB",
    "PUBL", "AB PUBL", "HB", "KB", "AS", "IS", "ASA", "APS", "IVS", "PS", "KS", "OY", "OYJ", "OY AB", "KY", "TMI", "HF", "EHF", "OU",
    "SIA", "UAB", "SP ZOO", "SPZOO", "SPOLKA AKCYJNA", "SPOLKA Z OO", "SPOLKA ZOO", "SPOLKA Z OGRANICZONA ODPOWIEDZIALNOSCIA", "SP K",
    "SRO", "SPOL SRO", "KFT", "ZRT", "NYRT", "BT", "DOO", "DD", "JDOO", "EOOD", "OOD", "EAD", "AD", "SC", "AE", "EPE", "IKE", "OE", "LTD",
    "LIMITED", "PLC", "LLP", "CIC", "DAC", "CLG", "LTD STI", "TIC LTD STI", "AND CO", "AND COMPANY", "AND CIE", "CIE", "AND SONS LTD",
    "SE", "LLC", "INC", "CORP", "PTY LTD", "PTE LTD", "PVT LTD", "PRIVATE LIMITED", "CO LTD", "GESMBH", "GES MBH", "GESELLSCHAFT MBH",
    "AKTIENGESELLSCHAFT", "AKTIEBOLAG", "AKTIESELSKAB", "AKSJESELSKAP", "GMBH U CO KG", "GMBH UND CO KG", "UND CO KG",
    "SOCIEDAD LIMITADA", "SOCIEDAD ANONIMA", "SOCIETE ANONYME", "OSAKEYHTIO", "INCORPORATED", "CORPORATION",
)  # fmt: skip
_FIRST = ("AB", "OOO", "OAO", "ZAO", "PT", "SARL", "SOCIETE", "FIRMA", "FA", "OY", "THE")  # written before the name
_WRITTEN = {  # written out, or written otherwise: one form
    "GMBH": ("MBH", "GESELLSCHAFT MBH", "GES MBH", "GESMBH"),
    "LTD": ("LIMITED",),
    "AG": ("AKTIENGESELLSCHAFT",),
    "AB": ("AKTIEBOLAG", "AB PUBL"),
    "AS": ("AKTIESELSKAB", "AKSJESELSKAP"),
    "INC": ("INCORPORATED",),
    "CORP": ("CORPORATION",),
    "SL": ("SOCIEDAD LIMITADA",),
    "SP ZOO": ("SP Z OO", "SPZOO", "SPOLKA Z OO", "SPOLKA ZOO", "SPOLKA Z OGRANICZONA ODPOWIEDZIALNOSCIA"),
    "OY": ("OSAKEYHTIO",),
    "GMBH AND CO KG": ("AND CO KG", "GMBH U CO KG", "MBH AND CO KG", "GMBH AND CO", "AND CO"),
    "CO": ("COMPANY",),
    "SRO": ("SPOL SRO",),
    "PVT LTD": ("PRIVATE LIMITED",),
    "UG": ("UG HAFTUNGSBESCHRAENKT",),
    "TIC LTD STI": ("LTD STI",),
    "SA": ("SOCIETE ANONYME",),
}
SAME = {other: form for form, others in _WRITTEN.items() for other in others}
_OF = {  # the forms that belong to few countries; the others say nothing
    "DE AT CH LI LU": ("GMBH", "OHG", "KGAA", "GMBH AND CO KG", "AG", "KG"),
    "DE": ("UG", "EK", "EV", "PARTG MBB"),
    "FR": ("SASU", "EURL", "SCOP"),
    "FR IT CO": ("SAS",),
    "FR CH LU MA TN LB": ("SARL",),
    "IT CL DZ": ("SPA",),
    "IT": ("SRLS",),
    "IT RO BE MD AR BO PE UY PY DO CR": ("SRL",),
    "ES AD": ("SLU", "SAU", "SL"),
    "PT AO MZ": ("LDA",),
    "PT": ("UNIPESSOAL LDA",),
    "NL BE SR": ("BV", "NV"),
    "BE": ("BVBA", "SPRL", "CVBA"),
    "NL BE": ("VOF",),
    "SE FI LT": ("AB",),
    "SE": ("HB",),
    "NO DK CZ SK EE LV TR": ("AS",),
    "NO": ("ASA",),
    "DK": ("APS", "IVS"),
    "FI": ("OY", "OYJ", "OY AB", "KY"),
    "PL": ("SP ZOO", "SPOLKA AKCYJNA"),
    "CZ SK": ("SRO",),
    "HU": ("KFT", "ZRT", "NYRT"),
    "SI HR RS BA ME MK": ("DOO", "JDOO"),
    "BG": ("EOOD", "OOD", "EAD"),
    "GB IE CY MT IN NG HK IL BG NZ": ("LTD",),
    "GB IE MT IN US CA": ("PLC", "LLP"),
    "IE": ("DAC", "CLG"),
    "US CA PH JP": ("INC", "CORP"),
    "US AE OM": ("LLC",),
    "AU ZA": ("PTY LTD",),
    "SG": ("PTE LTD",),
    "IN PK BD LK": ("PVT LTD",),
}
COUNTRIES = {form: frozenset(countries.split()) for countries, forms in _OF.items() for form in forms}


@cache
def _forms() -> dict[str, list[tuple[str, ...]]]:
    """Last word -> forms that end with it, the longest first: those of cleanco and the European ones."""
    from cleanco import prepare_default_terms

    every = {tuple(form.split()) for form in _EUROPEAN}
    every |= {tuple(capitals(" ".join(parts)).split()) for _size, parts in prepare_default_terms()}
    ending: dict[str, list[tuple[str, ...]]] = {}
    for form in every:
        if form and len(form[-1]) > 1 and not KEPT & set(form):
            ending.setdefault(form[-1], []).append(form)
    return {word: sorted(forms, key=lambda form: (-len(form), form)) for word, forms in ending.items()}


def without(words: list[str]) -> tuple[list[str], str]:
    """The words without legal forms at the end (again and again) and before the name; and the last of them ("": none)."""
    rest, found = words, ""
    forms = _forms()
    while len(rest) > 1:
        form = next((one for one in forms.get(rest[-1], ()) if len(one) < len(rest) and tuple(rest[-len(one) :]) == one), None)
        if form is None:
            break
        spelt = " ".join(form)
        rest, found = rest[: -len(form)], found or SAME.get(spelt, spelt)
    while len(rest) > 1 and rest[-1] == "AND":
        rest = rest[:-1]
    if len(rest) > 1 and rest[0] in _FIRST:
        found = found or (rest[0] if rest[0] != "THE" else "")
        rest = rest[1:]
    return rest, found
