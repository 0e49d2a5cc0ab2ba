"""One standard in several regions: proved to be equal but for what is open, and replayed over every partner."""

from .equality import Equality, equality
from .replay import BASE, TOGETHER, Gap, Outcome, Scheme, gaps, schemes, variants

__all__ = ["BASE", "TOGETHER", "Equality", "Gap", "Outcome", "Scheme", "equality", "gaps", "schemes", "variants"]
