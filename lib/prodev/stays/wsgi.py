"""What a web server loads: ``gunicorn prodev.stays.wsgi``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prodev.stays.settings")
application = get_wsgi_application()
