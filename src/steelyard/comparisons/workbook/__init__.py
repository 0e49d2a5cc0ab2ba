"""A region's workbook as it was published: its mapping, its sheets, its figures, lines, targets, rates and weights."""
