"""The dataset in a database server: its tables, and their rows as fast as the server takes them."""

from prodev.stays.load.database import create_tables, load

__all__ = ["create_tables", "load"]
