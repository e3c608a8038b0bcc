"""On PostgreSQL, refuse two bookings that hold the same night of the same property.

MySQL and SQLite have no such constraint; there the lock in ``prodev.stays.reservations`` is alone.
``btree_gist`` gives ``=`` to the index; any user with CREATE on the database may install it, since
it is a trusted extension (https://www.postgresql.org/docs/13/btree-gist.html).
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

ADD = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE bookings ADD CONSTRAINT booking_nights_once EXCLUDE USING gist (
    property_id WITH =, daterange(check_in, check_out) WITH &&
) WHERE (status <> 'cancelled');
"""
DROP = "ALTER TABLE bookings DROP CONSTRAINT booking_nights_once;"


def add(_apps: Any, schema_editor: Any) -> None:
    """Add the constraint."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(ADD)


def drop(_apps: Any, schema_editor: Any) -> None:
    """Take it away again."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(DROP)


class Migration(migrations.Migration):
    """The nights of a property, once each."""

    dependencies = [("stays", "0003_tokens")]
    operations = [migrations.RunPython(add, drop)]
