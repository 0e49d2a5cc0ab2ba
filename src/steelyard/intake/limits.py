"""Every limit of intake, with its value: checked before the work, named in the error, listed in the reference."""

from __future__ import annotations

LARGEST_FILE = 1024 * 1024 * 1024  # bytes of one uploaded file
MOST_COLUMNS = 500
LONGEST_CELL = 32_767  # characters, what a spreadsheet cell holds
MOST_ROWS = 10_000_000  # rows of one table
MOST_SENT = 1_000  # rows of one REST request; more of them are better a file
MOST_CELLS = 60_000_000  # cells that a sheet may span, empty ones included

# a sheet file is a zip archive: what may come out of it
MOST_ENTRIES = 10_000
LARGEST_UNPACKED = 1024 * 1024 * 1024  # bytes, counted as they come out, not as the archive claims
HIGHEST_RATIO = 100  # unpacked : packed, for archives that unpack to more than FREE_UNPACKED
FREE_UNPACKED = 16 * 1024 * 1024

SNIFFED = 256 * 1024  # bytes looked at to find encoding and separator
EXAMPLES = 5  # examples shown per column in the preview
SHOWN = 200  # characters of a cell that a message repeats; the refused row keeps all
NEAREST = 3  # candidates named beside an unknown code

# what the pages check while somebody waits; larger files are checked by the worker
TEXT_AT_ONCE = 4 * 1024 * 1024  # bytes
SHEET_AT_ONCE = 512 * 1024  # bytes of an archive, which unpacks to many more
LOOKED_AT = 1024 * 1024  # bytes of a text file that are read to show its columns
LARGEST_LOOKUP = 32 * 1024 * 1024  # bytes of a look-up file sent along
