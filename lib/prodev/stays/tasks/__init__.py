"""The tasks of the booking service. Each is safe to run twice, and fails where its work fails."""

from __future__ import annotations

from prodev.stays.tasks.mail import publish_waiting_mail, send_mail
from prodev.stays.tasks.periodic import clean_up, count_hours

__all__ = ["clean_up", "count_hours", "publish_waiting_mail", "send_mail"]
