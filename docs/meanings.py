"""What the keys of frameworks and mappings, the functions and the settings mean, in one sentence each."""

FRAMEWORK = {
    "framework": "code of the framework; the same code again is its next version",
    "subject": "who is scored: `partner`, `representative` or `territory`, or several joined as `partner x territory` (every pair). A territory is scored by the rows of the area itself, not of areas within it",
    "attributes": "what the company records of its own and this framework reads, with types: `{partner: {certified: yes/no}, product: {launch_group: text}}`",
    "applies_to": "a rule over the subject's attributes on the as-of date; who does not meet it is not scored",
    "grain": "what a period is: `week`, `month`, `quarter`, `half`, `year`, or `window` of a calendar given as a list of dates",
    "effective": "first as-of date that is scored with this version",
    "currency": "currency of all money; needed as soon as money is added up",
    "convert": "how money becomes that currency: a policy (`line date`, `month average`, `period end`) or a mapping",
    "calendar": "code of a fiscal calendar other than the company's default",
    "rounding": "the method wherever `round:` stands: `half_up` (default), `half_even`, `down`, `up`",
    "settings": "named numbers that formulas read, so that they can be tuned in one place",
    "tables": "look-ups by text keys",
    "curves": "points rules with a name, usable as `points: NAME` and as `NAME(x)`",
    "windows": "windows with a name",
    "questions": "questions whose answers come in as facts of kind `ratings`",
    "peers": "who is compared with whom",
    "lists": "one line per thing, grouped from facts or picked among them; measures may be taken over the lines",
    "measures": "what is added up over which rows",
    "kpis": "formulas over measures",
    "scorecard": "the tree that turns KPIs into points and points into a total",
    "levels": "a list, lowest first; the highest whose requirements all hold is earned",
    "history": "the overall score, from the totals of several periods",
    "standing": "how the level that is held follows the levels earned",
    "rollup": "one level for a partner from the cards of its parts",
    "triggers": "a list: something to do when a rule becomes true; it opens a task and never alters a score",
    "earlier": "how earlier results are read: `as published` (default), or `as known now`: computed again at the present cut",
}

FRAMEWORK["open"] = "what the framework's regions may change, and how far; everything else is the same everywhere"

COMMON = {
    "title": "what people read instead of the name",
    "note": "why it is so; policy decisions belong here",
    "owner": "who answers for it",
}

MEASURE = {
    "fact": "the kind of fact whose rows are read ([facts](facts.md))",
    "list": "the list whose lines are read, instead of a fact; through a window it is built as of that window's end",
    "sum": "adds up a column, or a formula over the columns of a row",
    "count": "`count: lines` counts rows",
    "count_distinct": "how many different values occur",
    "mean": "the mean of a column",
    "median": "the median of a column",
    "min": "the least value",
    "max": "the greatest value",
    "first": "the value of the first day; numbers of that day are added up",
    "last": "the value of the last day; numbers of that day are added up",
    "where": "a rule, or a list of rules (`{rule, reason, blank}`); the first that fails is the reason shown for the row",
    "date": "which date of the row counts (default: the kind's own)",
    "window": "the stretch of time, ending with the as-of date (default `period`)",
    "valid_on": "`period end`: rows that are valid on the last day, both ends included",
    "once_per": "columns for which the value counts once",
    "known_when": "`{report, missing}`: months without that report are unknown; more than `missing` of them make the measure blank",
    "per_subject": "`repeat`: the partner's value for each subject, where the fact lacks a part of the subject",
}

LIST = {
    "one_per": "the key: a column, or a list of columns. Lines in which every part of the key is blank are left out; one part is enough",
    "columns": "what each line has: a mapping of names to columns, read from left to right",
    "keep": "a rule, or a list of rules (`{rule, reason, blank}`), that a line must meet to count",
    "fact": "a picked list: the kind of fact of which one row per key is taken",
    "list": "a picked list: the other list of which one line per key is taken",
    "where": "a picked list: rules for the rows that may be taken",
    "date": "a picked list: which date of the row counts (default: the kind's own)",
    "window": "a picked list: the stretch of time (default: the one that the list is asked through)",
    "prefer": "a picked list: what decides among rows of one key, in this order: a yes/no column (yes first), or `highest`, `lowest`, "
    "`latest` or `earliest` with a column; blanks come last, ties go to the lowest natural key",
    "per_subject": "a picked list: `repeat`, as for measures",
}

LIST_COLUMN = {
    "formula": "a formula over the key and the columns to its left, attributes of the subject, `as_of`; stored in the grain of its unit. "
    "Over peers it compares with the lines of the same key of other subjects",
    **{name: meaning for name, meaning in MEASURE.items() if name != "known_when"},
    "window": "the stretch of time; the default, `period`, is the window that the list is asked through, any other ends with the same day",
    "match": "what rows are joined by, where it is not the key of the list: a column, columns, or `{column of the line: column of the row}`",
    "from": "a date of the line: rows count from that day on, whatever window is asked, for as long as `for` says",
    "for": "how long rows count from that day on, `14 days` or `2 months`; the last day counts",
}

KPI = {
    "formula": "what is calculated",
    "unit": "`money`, `percent`, `number`, `count`, `points`, `days` or `text`; decides how finely it is kept ([precision](precision.md))",
    "better": "`higher` (default), `lower`, or `{between: [30, 60]}`",
    "no_data": "what happens to a blank: `skip` (its weight goes to the others), `zero`, `full`, `fail`, a number of points, "
    "`{carry: N}`, or `{if: rule, then: …, reason: …}`; needed where the formula divides",
    "target": "shown beside the value",
    "range": "`[lowest, highest]` that can occur; lets the ends of bands be checked",
    "small_below": "marks few observations below this denominator; never changes a score",
    "round": "decimals of the value",
}

NODE = {
    "kpi": "the KPI of a leaf",
    "points": "how its value becomes points: one of the rules below, `value`, or the name of a curve",
    "combine": "of a part with items: `mean` (by weight), `sum`, `best` or `worst`",
    "of": "the items, by name",
    "weight": "under `mean`: a number, setting or table look-up; any ratio",
    "cap": "at most so many points; what it takes away is shown as a contribution of its own",
    "floor": "at least so many points",
    "scale_to": "scales the points so that full marks are this many",
    "round": "decimals of the points",
    "require": "gates: `{rule, else, reason, blank}`",
    "missing": "`share` (default): what skipped items weigh goes to the others; `zero`: they count as no points",
    "needs_data": "with less than this share of the weight scored, the part has no value",
}

GATE = {
    "rule": "what must hold; a blank does not hold",
    "else": "`fail` (default: the points stay, the part does not pass), `zero`, `skip`, `{cap: 60}` or `{at_most: C}`, a level",
    "reason": "shown where it fails",
    "blank": "`holds`: a blank counts as met",
}

RULES = {
    "line": "`[[60%, 0], [100%, 100]]`: straight between the corners, flat outside",
    "bands": "`[{below: 0%, points: 0}, {from: 0%, points: 50}]`: `from` and `to` include their end, `above` and `below` do not; "
    "an upper end left out is the next lower end",
    "per": "`{points: 4, each: 1, whole: true}`: points for each unit, or for each full unit",
    "choice": "`{yes: 10, partly: 5, no: 0}`: for text answers",
}

LEVEL = {
    "name": "the level's name",
    "require": "rules that must all hold; `{any: [[…], […]]}` lists ways in, each a list that must hold in full",
    "actions": "what earning it brings; shown, not done",
    "held": "`{for: 6 months}`: the requirements hold at every evaluation from so long ago to the as-of date, both included; "
    "`{once_in: last 6 months}`: on at least one day of the window",
}

HISTORY = {
    "periods": "how many periods count, the current one included",
    "weight": "formula of a period's weight; `n` is 0 for the newest. A period without a total is left out of both sums",
    "smooth": "instead: the share of the current total; new = old x (1 - share) + current x share. The first scored period starts it",
    "round": "decimals of the overall score",
}

STANDING = {
    "start": "the level held before the first evaluation",
    "evaluate": "when a level may change at all: `daily`, `monthly` (default), `quarterly`, months such as `[January, July]`, or a review cycle",
    "promote": "when it may rise (default: at every evaluation); a level earned above the standing is held at once",
    "demote": "when it may fall (default: at every evaluation)",
    "hold": "so long after a rise it does not fall",
    "steps": "most levels of one fall",
    "takes_effect": "`same day` (default) or `first day of next month`",
}

ROLLUP = {
    "to": "the part of the subject that the result is for",
    "level": "`highest` or `lowest` level among the parts, or `none` (default)",
    "levels": "levels above those of the parts, with requirements on `parts(rule)`, the number of parts that meet a rule",
}

TRIGGER = {
    "name": "its name, once in the framework",
    "when": "the rule; it fires when it becomes true, and again only after it was false",
    "do": "what is to be done",
    "within": "until when, counted from the as-of date",
}

SMALL = {
    "convert": {"policy": "`line date` (each line at the last rate on or before its day), `month average` or `period end`", "read_as": "column that names the currency in which amounts are to be read, where that is not the row's own", "rates": "source whose rates are used"},
    "a table": {"by": "names of the keys, of your choice: what is looked up is said where the table is read", "unit": "a currency, `percent`, `count`, `number` (a factor), …", "rows": "`{KEY: …, value: …, from: first valid day}`", "else": "what a missing key gives; `blank`, or leave it out and a missing key is refused"},
    "peers": {"same": "attributes that peers share", "least": "with fewer the result is blank", "with_self": "whether one is among one's peers"},
    "an opening": {"path": "the key path that a region may change, with all below it; an item of a list by its number or its name", "from": "the least number", "to": "the greatest number", "add": "`true`: names may be added below the path, what is there stays"},
    "a region": {"framework": "a code of its own", "extends": "the code of its base", "applies_to": "who is scored by the region's version, in place of the base's rule", "set": "key paths of the base and what stands there in this region: `scorecard.of.commercial.weight: 65`"},
    "a question": {"ask": "the question", "scale": "`[lowest, highest]`", "step": "between two answers", "asked": "who answers", "evidence": "whether a document is needed"},
}  # fmt: skip

FUNCTIONS = {
    "when": "a where the rule is true, b where it is false",
    "min": "the least of its arguments",
    "max": "the greatest of its arguments",
    "abs": "the size without the sign",
    "round": "rounded to so many decimals, by the framework's method",
    "floor": "the whole part, downwards",
    "power": "to a whole power; there is no power sign, so that -5 squared cannot be misread",
    "clamp": "not below low, not above high",
    "if_blank": "y where x is blank",
    "is_blank": "whether x is blank",
    "months_between": "full months between two dates",
    "peer_mean": "the mean over peers with a value",
    "peer_median": "the median over peers",
    "peer_min": "the least among peers",
    "peer_max": "the greatest among peers",
    "peer_count": "how many peers have a value",
    "percentile": "share of peers below, plus half of those equal",
    "points": "points of another part of the scorecard",
    "passes": "whether another part passes",
    "previous": "what x was at the evaluation before",
    "in_a_row": "how many evaluations in a row, this one the last, at which the rule held (inside the window); a blank ends the row",
    "count_true": "at how many evaluations inside the window the rule held",
    "any_day": "whether the rule held on any day inside the window",
    "parts": "how many parts of a roll-up meet the rule",
}

GROUPS = {
    "plain": "everywhere",
    "peers": "formulas of KPIs",
    "tree": "gates, levels and triggers",
    "earlier": "formulas of KPIs, gates, levels and triggers",
    "days": "levels and triggers",
    "parts": "levels of a roll-up",
}

MAPPING = {
    "kind": "kind of fact, or master",
    "source": "the system of record; `--source` says otherwise",
    "sheet": "name of the sheet of a workbook; `*` reads every visible sheet that has the headers of the first, one below the other",
    "header": "row of the header as the spreadsheet numbers it (default 1), `[3, 4]` where it has two rows (joined as `2018 / Q1`), or `none`",
    "names": "names of the columns of a file without a header",
    "encoding": "such as `utf-8` or `cp1252` (default: found)",
    "separator": "`,` `;` `tab` `|` (default: found)",
    "quote": 'quotation mark (default `"`), or `none`',
    "line_end": "`crlf`, `lf` or `cr` (default: found)",
    "decimal": "`.` or `,` (default: found per column; refused where it is ambiguous)",
    "thousands": "what groups digits",
    "date_order": "`YMD`, `DMY` or `MDY` (default: found per column; refused where it is ambiguous)",
    "blank_words": "words that mean nothing, such as `N/A`",
    "currency": "currency of the whole file, where no column says it",
    "columns": "our column: their header, or a mapping of the keys below; left out, columns are found by their headers",
    "where": "`[{column, is | is_not | in | not_in, reason}]`: rows for which this does not hold are *filtered*, and counted with the reason",
    "unpivot": "`{columns: rest | [USD, JPY], name: quote, value: rate}`: a wide table becomes one row per column",
    "scope": "`lines` (default), or `{replaces: [source, period]}` or `[source, partner, period]`: what is no longer in the file is reversed",
    "totals": "rows that look like totals: `quarantine` (default) or `drop`",
    "negatives": "negative amounts of orders: `refused` unless the row is a return or credit (default), `warn` or `allowed`",
    "amount_check": "where quantity times unit price is not the amount: `warn` (default), `refuse` or `ignore`",
    "tolerance": "how far the two may be apart: a share of the amount such as `1%` (default), or money such as `0.05`",
    "merged": "cells that a merged one covers: their rows wait (`refuse`, default), `fill` gives them its value, `blank` leaves them blank",
    "hidden": "rows that are hidden or filtered away in a sheet: `read` (default) or `drop`; both numbers are said",
    "covers": "`{report, from, until, party}`: the days for which the file is complete, so that nothing there means zero",
    "control": "`{rows, amount}`: how many rows the sender counted, totals apart, and the sum of their amounts: another file is refused",
    "extra": "columns that nobody reads: `warn` (default), `ignore` or `refuse`",
    "ends": "where the table ends: with the `file` (default), or at the first `blank row`; what stands below is left out, and counted",
    "bring_in": "in the pages: `ask` (default), or `at once` when every row of a file is read and nothing is left to say",
}

MAPPING_COLUMN = {
    "from": "header in the file",
    "constant": "the same text for every row, instead of `from`",
    "join": "`[FIRST, SECOND]` instead of `from`: the texts of several columns with a space between them; blank ones are left out",
    "product": "`[PRICE, QUANTITY, {one_minus: DISCOUNT}]` instead of `from`: numbers multiplied exactly, and a share taken off. A product "
    "with more decimals than its column keeps is refused, never rounded",
    "values": "their text: our text",
    "otherwise": "a text that `values` does not name: `refuse` (default), `keep` or `blank`",
    "lookup": "`{file, key, value}` in a second file beside the data file; `value` may be `{column, lookup}` again; `names` for a file "
    "without a header",
    "times": "a factor, such as -1",
    "decimal": "as above, for this column",
    "thousands": "as above, for this column",
    "date_order": "as above, for this column",
    "date_format": "for unusual dates, such as `%Y%m%d`",
    "each_file": "`yes`: the constant is said anew for every file; the next one is asked for, not read with the old text",
    "days": "added to every day, such as -4170 for a calendar that runs ahead",
}

SETTINGS = {
    "STEELYARD_HOME": (
        "./steelyard-home",
        "folder that holds everything of one installation: database, segments, raw files, results, cache",
    ),
    "STEELYARD_DATABASE_URL": ("SQLite in the home", "`sqlite:///PATH` or `postgresql://USER:PASSWORD@HOST:PORT/NAME`"),
    "STEELYARD_USER": ("`system`", "who acts where `--as` does not say"),
    "STEELYARD_TIME_ZONE": ("UTC", "time zone of the company"),
    "STEELYARD_SECRET_KEY": ("a file in the home", "signs sessions and links; a new one ends all of them"),
    "STEELYARD_HOSTS": ("127.0.0.1 localhost [::1]", "names under which the pages are served; every other name is refused"),
    "STEELYARD_ORIGINS": ("none", "addresses with scheme from which forms may come, behind a proxy that changes the name"),
    "STEELYARD_SECURE_COOKIES": ("no", "`yes` behind TLS: cookies travel encrypted only, and the proxy's `X-Forwarded-Proto` is believed"),
    "STEELYARD_PROXIES": (
        "0",
        "how many proxies of your own stand before it: visitors' addresses are taken from `X-Forwarded-For` that far back",
    ),
    "STEELYARD_EMAIL_URL": (
        "files in the home",
        "`smtp://USER:PASSWORD@HOST:PORT` (`?tls=yes` for STARTTLS), `smtps://…`, `file:///FOLDER` or `console:`",
    ),
    "STEELYARD_EMAIL_FROM": ("Steelyard <steelyard@localhost>", "who e-mail comes from"),
    "STEELYARD_WORKER": ("yes", "`no`: readiness does not ask for a background worker"),
    "STEELYARD_WORKER_THREADS": ("2", "jobs that one worker does at the same time"),
    "STEELYARD_JOB_LEASE_SECONDS": ("30", "after so many seconds without a sign of life a worker's jobs are taken over"),
    "STEELYARD_JOB_ATTEMPTS": ("5", "how often a job is tried before it fails for good"),
    "STEELYARD_JOB_DAYS": ("30", "done jobs are forgotten after so many days; failed ones never"),
    "STEELYARD_UPLOAD_MEGABYTES": ("1024", "how large a file a browser or REST may send"),
    "STEELYARD_METRICS_TOKEN": ("none", "with it, `/metrics` answers other machines that send `Authorization: Bearer TOKEN`"),
    "STEELYARD_DISK_MEGABYTES": ("500", "with less room than this the installation is not ready"),
    "STEELYARD_LOG": ("`text`; `serve`: `json`", "`json`: one object a line; `text`: short lines for a person"),
    "STEELYARD_LOG_LEVEL": ("`WARNING`; `serve`: `INFO`", "`DEBUG`, `INFO`, `WARNING` or `ERROR`"),
    "STEELYARD_DEBUG": ("no", "`yes` shows more when something fails; never in production"),
    "STEELYARD_FAILPOINT": ("none", "kills the process at a named step; tests use it to prove that nothing is ever half done"),
}
