"""Templates: filled once, copied for each use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from prodev.services.address import Address
from prodev.services.mysql.account import drop_user, lock_user, make_user
from prodev.services.mysql.admin import Admin, quoted
from prodev.services.mysql.files import FileTemplate, Store, export
from prodev.services.mysql.rows import RowTemplate
from prodev.services.mysql.schema import read_schema

Template = FileTemplate | RowTemplate

PREFIX = "template"
_DONE = "filled"  # an empty database whose name ends so: the template of that name is complete
_WAIT = 60.0  # seconds for one try to get a lock that another process holds while it fills


def find_template(admin: Admin, store: Store | None, key: str) -> Template | None:
    """Return the key's template; None where it is not there, or not complete."""
    name = name_of(key)
    if store and (store.templates / name).is_dir():
        return FileTemplate(store, store.templates / name)
    if _is_there(admin, name + _DONE):
        return RowTemplate.of(admin, name)
    return None


def make_template(
    admin: Admin, store: Store | None, key: str, fill: Callable[[Address], None]
) -> Template:
    """Return the key's template; make and fill it where it is not there.

    Several processes may ask at the same time: one fills, the others wait.

    Raises:
        Exception: what ``fill`` raises; nothing is left then.
    """
    if template := find_template(admin, store, key):
        return template
    name = name_of(key)
    # A connection of its own: others of this process go on while it fills.
    with admin.another() as own:
        while not own.take(name, seconds=_WAIT):
            pass
        return find_template(own, store, key) or _filled(own, store, name, fill)


def name_of(key: str) -> str:
    """Return the name of a key's template."""
    return PREFIX + hashlib.sha256(key.encode()).hexdigest()[:20]


def drop_template(admin: Admin, name: str) -> None:
    """Drop a database that was to become a template."""
    drop_user(admin, name)
    admin.drop_database(name)


def is_complete(admin: Admin, name: str) -> bool:
    """Whether the database of this name is a template."""
    return _is_there(admin, name + _DONE)


def _is_there(admin: Admin, database: str) -> bool:
    query = "SELECT 1 FROM information_schema.schemata WHERE schema_name = %s"
    return bool(admin.execute(query, [database]))


def _filled(
    admin: Admin, store: Store | None, name: str, fill: Callable[[Address], None]
) -> Template:
    drop_template(admin, name)  # of a process that was killed while it filled
    try:
        address = make_user(admin, name)
        admin.execute(f"CREATE DATABASE {quoted(name)}")
        fill(address)
        # The user stays while the schema is read: a view whose definer is gone is shown otherwise.
        lock_user(admin, name)
        schema = read_schema(admin, name)
        if store and schema.by_files:
            folder = store.templates / name
            export(admin, name, schema, store, folder)
            drop_template(admin, name)
            return FileTemplate(store, folder)
        # The mark comes last: a template that has it is complete.
        admin.execute(f"CREATE DATABASE {quoted(name + _DONE)}")
    except BaseException:
        if admin.open:
            drop_template(admin, name)
        raise
    return RowTemplate(name, schema)
