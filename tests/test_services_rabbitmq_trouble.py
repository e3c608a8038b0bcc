"""RabbitMQ when things go wrong: a full disk, damaged files, a node that is killed.

A taken port is in ``test_services_rabbitmq``. Each node begins in an empty folder of its own, so it
never meets the files of another version.
"""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
from kombu import Connection

from prodev.services.rabbitmq import RabbitMQ, RunningRabbitMQ
from prodev.services.service import ServiceError
from service_processes import eventually
from small_disk import small_disk

pytestmark = pytest.mark.slow


def works(node: RunningRabbitMQ) -> bool:
    with Connection(node.url, transport_options={"confirm_publish": True}) as connection:
        queue = connection.SimpleQueue("jobs")
        queue.put("Lomé")
        message = queue.get(timeout=60)
        message.ack()
        queue.close()
        return bool(message.payload == "Lomé")


def is_well(node: RunningRabbitMQ) -> bool:
    try:
        node.check()
    except ServiceError:
        return False
    return True


def test_a_full_disk_at_the_start_is_one_sentence_and_space_helps():
    RabbitMQ().find()
    with small_disk("30m") as disk:
        with pytest.raises(ServiceError, match=r"the disk that holds .* is nearly full: .*; free"):
            RabbitMQ().start()
        assert eventually(disk.is_empty)
        disk.grow("4k")
        with pytest.raises(ServiceError, match=r"the disk that holds .* is (nearly )?full.*; free"):
            RabbitMQ().start()
        disk.grow("300m")
        with RabbitMQ().start() as node:
            assert works(node)
            assert Path(node.details["place"]).is_relative_to(disk.folder)
        assert eventually(disk.is_empty)


def test_a_disk_that_fills_in_a_lab_is_one_sentence_and_space_helps():
    RabbitMQ().find()
    with small_disk("300m") as disk:
        with RabbitMQ().start() as node:
            assert works(node)
            filler = disk.fill(leave=1_000_000)
            with pytest.raises(
                ServiceError, match=r"takes no messages: .* is nearly full: .*; fre"
            ):
                node.check()
            filler.unlink()
            node.check()
            assert works(node)
        assert eventually(disk.is_empty)


def test_damaged_files_of_a_halted_node_are_one_sentence_and_the_advised_step_helps():
    with RabbitMQ().start() as node:
        assert works(node)
        node.halt()
        kept = list(Path(node.details["place"]).rglob("schema.DAT"))
        assert kept
        for path in kept:
            path.write_bytes(b"garbage" * 100)
        with pytest.raises(ServiceError, match=r"^RabbitMQ does not start again from its .* empty"):
            node.resume()
        with pytest.raises(ServiceError, match=r"does not start again from its files"):
            node.check()
    with RabbitMQ().start() as node:
        assert works(node)


def test_after_a_node_was_killed_in_a_lab_the_cell_that_started_it_starts_anew():
    with RabbitMQ().start() as node:
        os.kill(node.details["pid"], signal.SIGKILL)
        assert eventually(lambda: not is_well(node))
        with pytest.raises(ServiceError, match=r"^RabbitMQ stopped by itself: .*Run the cell"):
            node.resume()
    with RabbitMQ().start() as node:
        assert works(node)
