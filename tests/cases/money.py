"""Cases 40 to 44, 72: currencies, rates, partners, products."""

from __future__ import annotations

from .case import Given, Row, Sent, a_book, a_csv, case, fact

NO_CURRENCY = ("document", "line", "date", "party", "product", "quantity", "amount")
RATES = "source,base,quote,date,rate\necb,EUR,USD,2025-03-31,1.2\necb,EUR,CHF,2025-03-31,0\necb,EUR,GBP,2025-03-31,-0.8\n"
PRODUCTS = "code,name\nNEW-1,New one\n"


def _pending(arrival) -> None:
    """The row is there; its value in the reporting currency is not made up."""
    assert arrival.done["amounts"]["USD"]["accepted"] == "10.50"


def _accepted_later(arrival) -> None:
    """Once the product is known, the stored bytes are read again, and the row is accepted."""
    from steelyard.intake import actions

    anna = arrival.people.anna
    actions.commit(PRODUCTS.encode(), name="p.csv", kind="products", source="erp", acting_user=anna)
    again = actions.replay(arrival.batch.pk, acting_user=anna)
    assert (again.accepted, again.quarantined, again.duplicates) == (1, 0, 2)


CASES = [
    case(40, "XXX, usd, €, RMB", "Codes of ISO 4217 in any case, signs and names that mean exactly one; anything else waits.",
         a_csv({"currency": "usd"}, {"currency": "€"}, {"currency": "RMB"}, {"currency": "XXX"}, {"currency": "$"}, {"currency": "EURX"}, accepted=3,
               stored={"currency": ["USD", "EUR", "CNY"]}, sums={"USD": "10.50", "EUR": "10.50", "CNY": "10.50"},
               wrong={5: Row("unknown_currency", "currency", "XXX"), 6: "unknown_currency", 7: "unknown_currency"}),
         xlsx=a_book({"currency": "€"}, {"currency": "XXX"}, accepted=1, wrong={3: "unknown_currency"}),
         sent=[Sent(fact(currency="XXX"), 422)]),
    case(41, "No currency", "The row waits, unless the mapping names one for the file. Sums are kept for each currency.",
         a_csv({"currency": ""}, {}, {"currency": "USD"}, accepted=2, wrong={2: Row("required", "currency", "")}, sums={"EUR": "10.50", "USD": "10.50"}),
         a_csv({}, headers=NO_CURRENCY, refused=("currency_missing",), told=("currency:",)),
         a_csv({}, headers=NO_CURRENCY, mapping="currency: CHF", accepted=1, sums={"CHF": "10.50"}),
         xlsx=[a_book({"currency": None}, {}, accepted=1, wrong={2: "required"}), a_book({}, headers=NO_CURRENCY, mapping="currency: CHF", accepted=1)],
         sent=[Sent(fact(currency=""), 422)]),
    case(42, "No rate for the day; a rate of zero or below", "The row is kept in its own currency and its value is pending; such rates wait.",
         a_csv({"currency": "USD"}, accepted=1, sums={"USD": "10.50"}, also=_pending),
         Given(RATES.encode(), kind="rates", name="rates.csv", accepted=1, wrong={3: Row("bad-rate", "rate", "0"), 4: Row("bad-rate", "rate", "-0.8")}),
         xlsx=a_book({"currency": "USD"}, accepted=1, also=_pending)),
    case(43, "A partner or product nobody knows", "The partner's row is accepted and waits for a match; the product's row waits with the nearest three, "
         "and is accepted when the batch is read again once it is known.",
         a_csv({"party": "NOBODY"}, {"product": "ANA-2"}, {}, accepted=2, wrong={3: Row("unknown_product", "product", "ANA-2")}, told=("nearest: ANA-1",)),
         a_csv({"product": "NEW-1"}, {}, {"product": ""}, accepted=2, wrong={2: "unknown_product"}, also=_accepted_later),
         xlsx=a_book({"party": "NOBODY"}, {"product": "ANA-2"}, accepted=1, wrong={3: "unknown_product"})),
    case(44, "A partner outside the sender's scope", "Who may bring files in sees every partner; everybody else is refused at the gate, whatever the file says.",
         csv="who may bring files in sees every partner", xlsx="who may bring files in sees every partner",
         sent=[Sent(fact(party="BOR"), 403, "forbidden", by="carla")]),
]  # fmt: skip
