"""What the constructs over time and over parts say in German."""

# ruff: noqa: E501 (sentences stay whole)

OVER_TIME = {
    "history": "Das Gesamtergebnis",
    "history.mean": "Das Mittel der letzten {count}",
    "history.weight": "Ein Ergebnis zählt {weight}, wobei n sagt, vor wie vielen Perioden es war, 0 das neueste; Perioden ohne Ergebnis zählen nicht",
    "history.smooth": "{share} aus dem Ergebnis der Periode und {rest} aus dem Gesamtergebnis davor; die erste bewertete Periode ist der Anfang",
    "held.for": "Dies alles bei jeder Prüfung in {span}",
    "held.once": "Dies alles an mindestens einem Tag (Zeitraum: {window})",
    "standing": "Der Status",
    "standing.start": "Beginnt bei {level}",
    "turns.daily": "jeden Tag",
    "turns.monthly": "jeden Monat",
    "turns.quarterly": "jedes Quartal",
    "turns.months": "im {months}",
    "turns.cycle": "mit dem Bewertungszyklus {name}",
    "standing.evaluate": "Geprüft {turns}",
    "standing.promote": "Darf steigen {turns}",
    "standing.demote": "Darf fallen {turns}",
    "standing.hold": "Bleibt mindestens {span}",
    "standing.steps": "Fällt um höchstens {count} auf einmal",
    "standing.far": "Fällt bis zur verdienten Stufe",
    "standing.same day": "Gilt ab demselben Tag",
    "standing.first day of next month": "Gilt ab dem ersten Tag des nächsten Monats",
    "rollup": "Über alle Teile",
    "rollup.to": "Ein Ergebnis je {subject} aus den Ergebnissen der Teile",
    "rollup.highest": "Die Stufe ist die höchste der Teile",
    "rollup.lowest": "Die Stufe ist die niedrigste der Teile",
    "rollup.none": "Die Stufe kommt allein aus den eigenen Stufen",
    "trigger": "Sobald gilt: {rule}: {do} innerhalb von {span}",
}
