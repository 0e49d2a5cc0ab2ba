"""The reference of roles and permissions, from the table that every page asks."""

from __future__ import annotations

from generate import page, table


def permissions() -> str:
    """Roles, and what each may do."""
    from steelyard.accounts.permissions import PERMISSIONS, ROLES

    people = {name: role for name, role in ROLES.items() if role.side != "program"}
    roles = [
        (f"`{name}`", role.title, role.meaning, "everything" if role.sees_everything else "what is granted")
        for name, role in people.items()
    ]
    rows = [
        (f"`{name}`", meaning, *("yes" if name in role.permissions else "" for role in people.values()))
        for name, meaning in PERMISSIONS.items()
    ]
    return page(
        "Roles and permissions",
        "A role says what somebody may do; what they may do it to is said by grants: [people and scopes](../how-to/people-and-scopes.md). Roles "
        "of the company and of a partner do not mix. `system` acts where no person does, and nobody can be given it.",
        "## Roles",
        table(("role", "title", "meaning", "sees"), roles),
        "## Permissions",
        "An API token has some of its maker's permissions, never `account`, `people.write` or `portal.people`.",
        table(("permission", "lets", *people), rows),
    )
