"""Words that people write above columns, besides those a kind declares itself; by our column, in the languages seen so far."""

from __future__ import annotations

from collections.abc import Iterable

from steelyard.calc.facts import Kind

from ..reading.headers import plain

WORDS: dict[str, tuple[str, ...]] = {
    "document": (
        "order id", "order nr", "document no", "document number", "document id", "invoice number", "invoice no", "invoice nr", "invoice id",
        "sales order number", "transaction", "transaction id", "reference", "beleg", "beleg nr", "belegnummer", "belegnr", "auftrag",
        "auftragsnummer", "auftragsnr", "rechnung", "rechnungsnummer", "rechnungsnr", "facture", "numero facture", "commande", "factura",
        "pedido", "fattura", "ordine", "factuur", "order nummer", "faktura", "fakturanummer", "fakturanr",
    ),
    "line": ("line item", "pos", "zeile", "ligne", "linea", "línea", "regel", "rad", "row number"),
    "date": (
        "day", "posting date", "transaction date", "sale date", "date of sale", "document date", "datum", "tag", "rechnungsdatum",
        "belegdatum", "auftragsdatum", "buchungsdatum", "fakturadatum", "date facture", "date de facture", "fecha", "data", "dato",
    ),
    "party": (
        "account number", "account no", "account id", "account code", "customer number", "customer no", "customer id",
        "customer code",
        "client", "client id", "client code", "client number", "dealer code", "dealer number", "reseller code", "reseller key",
        "partner id",
        "partner code", "partner number", "partner key", "distributor code", "sold to", "kunde", "kunden nr", "kundennummer", "kundennr",
        "debitor", "händler", "klant", "klantnummer", "cliente", "código cliente", "codice cliente", "kund", "kundnr", "kundenr",
    ),
    "party_name": (
        "name", "account name", "client name", "company", "company name", "dealer name", "distributor name", "firma", "kundenname", "nom",
        "nom client", "nombre", "nome", "klantnaam", "kundnamn", "navn",
    ),
    "representative": (
        "sales representative", "salesperson", "seller", "account manager", "vertreter", "verkäufer", "außendienst", "vendeur", "vendedor",
        "venditore", "verkoper", "säljare", "sælger",
    ),
    "reported_territory": ("area", "gebiet", "région", "región", "regio", "distrikt"),
    "product": (
        "product code", "product id", "product number", "product no", "item", "item code", "item no", "item id", "article no",
        "article number", "part number", "part no", "artikel", "artikel nr", "artikelnummer", "artikelnr", "art nr", "art no", "artnr",
        "materialnummer", "material number", "référence", "article code", "artículo", "articolo", "codice articolo", "varenummer",
    ),
    "quantity": (
        "menge", "anzahl", "stück", "stueck", "quantité", "quantite", "cantidad", "quantità", "aantal", "antal", "pcs", "no of units",
        "quantity sold", "units sold",
    ),
    "unit": ("einheit", "mengeneinheit", "unité", "unidad", "eenheid", "enhet"),
    "unit_price": (
        "price per unit", "list price", "price each", "preis", "einzelpreis", "stückpreis", "prix", "prix unitaire", "precio", "prezzo",
        "prijs", "pris", "styckpris",
    ),
    "amount": (
        "sales", "net sales", "net value", "value net", "line total", "extended price", "line amount", "amount net", "total price",
        "turnover",
        "betrag", "netto", "nettobetrag", "nettowert", "umsatz", "montant", "montant ht", "importe", "importo", "bedrag", "omzet", "belopp",
        "nettobelopp", "omsättning", "beløb",
    ),
    "currency": ("ccy", "währung", "waehrung", "devise", "moneda", "valuta", "munt"),
    "cost": ("kosten", "coût", "coste", "costo", "unit cost"),
    "end_customer": ("end customer", "endkunde", "ship to name", "sold on to", "slutkund"),
    "shipped_on": ("lieferdatum", "delivery date", "date livraison"),
    "lot": ("lot number", "lot no", "serial number", "charge", "chargennummer"),
}  # fmt: skip
NEUTRAL = frozenset(  # words that may stand beside a known one
    (
        "eur", "usd", "chf", "gbp", "sek", "nok", "dkk", "pln", "jpy", "in", "local", "no", "nr", "number", "id", "code", "key", "the",
        "of",
    )
)  # fmt: skip


class Vocabulary:
    """Which of a kind's columns a header means. Names come first, then the kind's own synonyms, then these words."""

    def __init__(self, kind: Kind) -> None:
        self.exact: dict[str, str] = {}
        self.own: set[str] = set()
        for column in kind.columns:
            self._add(column.name, [column.name], own=True)
        for column in kind.columns:
            self._add(column.name, column.synonyms, own=True)
        for column in kind.columns:
            self._add(column.name, WORDS.get(column.name, ()), own=False)

    def _add(self, column: str, words: Iterable[str], *, own: bool) -> None:
        for word in words:
            if self.exact.setdefault(plain(word), column) == column and own:
                self.own.add(plain(word))

    def named(self, header: str) -> str | None:
        """The column that this header names outright; of a header of several rows, its last text may."""
        return self.exact.get(plain(header))

    def nearly(self, header: str) -> str | None:
        """The column that this header likely means: a known word among words that say nothing, or one written a little otherwise."""
        from rapidfuzz import fuzz, process

        words = plain(header).split()
        kept = " ".join(word for word in words if word not in NEUTRAL)
        if kept and kept != plain(header) and kept in self.exact:
            return self.exact[kept]
        found = process.extractOne(plain(header), list(self.exact), scorer=fuzz.ratio, score_cutoff=92)
        return self.exact[found[0]] if found and len(plain(header)) >= 8 else None
