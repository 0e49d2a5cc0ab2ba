"""Comparisons: a region's workbook held beside our result."""
