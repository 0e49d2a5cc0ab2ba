"""The application that a web server runs: `granian --interface wsgi steelyard.config.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "steelyard.config.settings")

application = get_wsgi_application()
