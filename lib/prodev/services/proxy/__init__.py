"""A proxy in front of a database that counts statements, keeps their text, and can add delay."""

from prodev.services.proxy.counting import CountingProxy, counting_proxy
from prodev.services.proxy.log import Block
from prodev.services.proxy.statement import Connection, Statement

__all__ = ["Block", "Connection", "CountingProxy", "Statement", "counting_proxy"]
