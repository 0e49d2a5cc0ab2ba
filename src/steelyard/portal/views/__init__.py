"""Pages of the portal: thin, and always through `portal.whose`."""

from typing import Any

SHORT: dict[str, Any] = {"saved_views": (), "save_view_url": ""}  # of lists that nobody needs a view of
