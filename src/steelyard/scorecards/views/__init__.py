"""The staff's pages of scorecards; the portal shows the same parts in its own frame."""
