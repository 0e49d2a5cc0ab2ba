"""Every write of people: who they are, what they see, their passwords and their tokens."""

from .grants import grant, revoke
from .people import add_user, change_own_account, change_user, deactivate_user, reactivate_user, set_up
from .rules import Granted

__all__ = [
    "Granted", "add_user", "change_own_account", "change_user", "deactivate_user", "grant", "reactivate_user",
    "revoke", "set_up",
]  # fmt: skip
