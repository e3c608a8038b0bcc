"""Django's commands for the booking service: ``python -m prodev.stays migrate``."""

from __future__ import annotations

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prodev.stays.settings")
    execute_from_command_line(["python -m prodev.stays", *sys.argv[1:]])
