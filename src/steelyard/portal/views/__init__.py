"""Pages of the portal: thin, and always through `portal.whose`."""
