"""The words that lie in every bundle: what it is, and how anybody verifies it."""

from __future__ import annotations

_ENGLISH = """RECEIPT OF A SCORE

This file holds everything from which one published score was computed: yours.

How to verify it
  1. Install Steelyard on any computer:  pip install steelyard
     It needs no account, no network and no data but this file.
  2. Run:  steelyard verify-receipt THIS-FILE.zip
  3. Compare the number of the receipt that it prints with the one on your
     scorecard, its PDF or the portal. They must be the same.

The command computes every figure again from the rows in this file and compares
it with the receipt, to the last digit. It says what was computed, or the first
place where something differs. Give it the file as you downloaded it: if one
byte is changed, it says so.

What lies in it
  receipt.json     the score: what it rests on, every reading and every item
  framework.yaml   the rules, as they were written
  calendar.json    how the company cuts time into periods
  rows/            your own rows, with the columns that the rules read
  masters/         what those rows name: you, products, units, currency rates
  peers.json       what you were compared with: values in order of size,
                   without names, never of fewer than five others
  earlier/         your own earlier receipts, where the rules look back
  bundle.json      length and SHA-256 of each file

Numbers are whole, in the smallest part that is kept: money in ten-thousandths,
percent in billionths of one, points and other numbers in millionths.

The receipt proves how the score follows from these rows and rules. Whether all
your rows are here, you see best yourself.
"""

_GERMAN = """BELEG EINER BEWERTUNG

Diese Datei enthält alles, woraus eine veröffentlichte Bewertung berechnet
wurde: Ihre.

So prüfen Sie sie
  1. Installieren Sie Steelyard auf einem beliebigen Rechner:
     pip install steelyard
     Es braucht kein Konto, kein Netz und keine Daten außer dieser Datei.
  2. Rufen Sie auf:  steelyard verify-receipt DIESE-DATEI.zip
  3. Vergleichen Sie die ausgegebene Nummer des Belegs mit der auf Ihrer
     Scorecard, ihrem PDF oder im Portal. Sie müssen gleich sein.

Der Befehl berechnet jede Zahl aus den Zeilen dieser Datei neu und vergleicht
sie bis zur letzten Stelle mit dem Beleg. Er sagt, was berechnet wurde, oder
die erste Stelle, an der etwas abweicht. Geben Sie die Datei so, wie Sie sie
heruntergeladen haben: Ist ein Byte verändert, sagt er es.

Was darin liegt
  receipt.json     die Bewertung: worauf sie beruht, jede Messung, jeder Posten
  framework.yaml   die Regeln, wie sie geschrieben wurden
  calendar.json    wie das Unternehmen die Zeit in Perioden teilt
  rows/            Ihre eigenen Zeilen, mit den Spalten, die die Regeln lesen
  masters/         was diese Zeilen nennen: Sie, Produkte, Einheiten, Kurse
  peers.json       womit Sie verglichen wurden: Werte der Größe nach, ohne
                   Namen, nie von weniger als fünf anderen
  earlier/         Ihre eigenen früheren Belege, wo die Regeln zurückblicken
  bundle.json      Länge und SHA-256 jeder Datei

Zahlen sind ganze Zahlen in der kleinsten Einheit, die geführt wird: Geld in
Zehntausendsteln, Prozent in Milliardsteln von Eins, Punkte und andere Zahlen in
Millionsteln.

Der Beleg beweist, wie die Bewertung aus diesen Zeilen und Regeln folgt. Ob
alle Ihre Zeilen hier sind, sehen Sie selbst am besten.
"""

READMES = {"README.txt": _ENGLISH, "LIESMICH.txt": _GERMAN}
