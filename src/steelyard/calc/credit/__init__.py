"""Credit: how one order line is shared between the partners that had a part in it.

`rule` says by which policy, `touches` who had a part and when, `shares` turns both into exact fractions that add up to
one, and into amounts that add up to the line; `moving` compares two rules partner by partner.
"""
