"""The mailbox: a small mail server that can be told to fail."""

from __future__ import annotations

import os
import smtplib
import socket
import subprocess
import sys
import threading
from contextlib import closing
from email.message import EmailMessage

import pytest

from prodev.services.mailbox import Mailbox
from prodev.services.service import ServiceError


def letter(number: int = 1, text: str = "Hello.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "a@x.example", "b@x.example, c@x.example"
    message["Subject"], message["Message-ID"] = "Zürich – é", f"<{number}@x.example>"
    message.set_content(text)
    return message


def post(mailbox: Mailbox, message: EmailMessage, *, timeout: float = 10) -> None:
    with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=timeout) as client:
        client.send_message(message)


def outcomes(mailbox: Mailbox) -> list[str]:
    return [attempt.outcome for attempt in mailbox.attempts]


def test_a_mail_arrives_as_it_was_written():
    text = ".a dot first\n..two\n.\n\nlast – ä\n"
    with Mailbox() as mailbox:
        post(mailbox, letter(7, text))
    (mail,) = mailbox.mails
    assert mail.message.get_content().replace("\r\n", "\n") == text
    assert (mail.id, mail.message["Subject"]) == ("<7@x.example>", "Zürich – é")
    assert (mail.sender, mail.recipients) == ("a@x.example", ("b@x.example", "c@x.example"))
    assert outcomes(mailbox) == ["taken"]


def test_one_connection_hands_over_many_mails():
    with Mailbox() as mailbox, smtplib.SMTP("127.0.0.1", mailbox.port) as client:
        for number in range(5):
            client.send_message(letter(number))
        client.rset()
        assert [mail.id for mail in mailbox.mails] == [f"<{n}@x.example>" for n in range(5)]


def test_thirty_senders_at_once_lose_nothing():
    with Mailbox() as mailbox:
        threads = [
            threading.Thread(target=post, args=(mailbox, letter(number))) for number in range(30)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {mail.id for mail in mailbox.mails} == {f"<{n}@x.example>" for n in range(30)}


def test_a_mailbox_that_is_down_cuts_connections_and_comes_up_on_the_same_port():
    with Mailbox() as mailbox:
        url = mailbox.url
        mailbox.be_down()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            post(mailbox, letter())
        mailbox.be_up()
        post(mailbox, letter())
        assert mailbox.url == url == f"smtp://127.0.0.1:{mailbox.port}"
    assert outcomes(mailbox) == ["cut", "taken"]


def test_every_third_mail_is_refused_with_the_code_that_was_asked_for():
    with Mailbox() as mailbox:
        mailbox.refuse_every(3, code=452)
        codes = []
        for number in range(7):
            try:
                post(mailbox, letter(number))
                codes.append(250)
            except smtplib.SMTPDataError as error:
                codes.append(error.smtp_code)
    assert codes == [250, 250, 452, 250, 250, 452, 250]
    assert [mail.id[1] for mail in mailbox.mails] == ["0", "1", "3", "4", "6"]


@pytest.mark.parametrize(("nth", "code"), [(0, 451), (1, 250), (1, 600)])
def test_a_refusal_that_makes_no_sense_is_refused_itself(nth: int, code: int):
    with Mailbox() as mailbox, pytest.raises(ServiceError, match="nth is 1 or more"):
        mailbox.refuse_every(nth, code=code)


def test_who_hangs_up_on_a_slow_mailbox_has_handed_over_nothing():
    with Mailbox() as mailbox:
        mailbox.be_slow(float("inf"))
        with pytest.raises((smtplib.SMTPServerDisconnected, TimeoutError)):
            post(mailbox, letter(), timeout=0.2)
        mailbox.wait_until(lambda box: bool(box.attempts))
        assert (outcomes(mailbox), mailbox.mails, mailbox.waiting) == (["given up"], [], 0)


@pytest.mark.parametrize("seconds", [0.05, float("inf")])
def test_a_slow_mailbox_takes_the_mail_in_the_end_and_the_connection_goes_on(seconds: float):
    with Mailbox() as mailbox, smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client:
        mailbox.be_slow(seconds)
        thread = threading.Thread(target=client.send_message, args=(letter(),))
        thread.start()
        if seconds > 1:
            mailbox.wait_until(lambda box: box.waiting == 1)
            mailbox.be_up()
        thread.join()
        client.send_message(letter(2))
        assert outcomes(mailbox) == ["taken", "taken"]


def test_a_mailbox_that_goes_down_cuts_those_who_wait():
    with Mailbox() as mailbox, smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client:
        mailbox.be_slow(float("inf"))
        thread = threading.Thread(target=mailbox.wait_until, args=(lambda box: box.waiting == 1,))
        thread.start()
        threading.Thread(target=lambda: (thread.join(), mailbox.be_down())).start()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            client.send_message(letter())
        assert (outcomes(mailbox), mailbox.mails) == (["cut"], [])


def test_what_is_no_smtp_is_answered_and_hurts_nobody():
    with Mailbox() as mailbox:
        for said in (b"HELO me\r\nDATA\r\nMAIL FROM:nobody\r\nRCPT TO:<a@b>\r\nGO\r\nQUIT\r\n",):
            with closing(socket.create_connection(("127.0.0.1", mailbox.port))) as client:
                client.sendall(said)
                answer = b"".join(iter(lambda: client.recv(4096), b""))
            codes = [line[:3] for line in answer.splitlines()]
            assert codes == [b"220", b"250", b"503", b"501", b"501", b"502", b"221"]
        with closing(socket.create_connection(("127.0.0.1", mailbox.port))) as client:
            client.sendall(b"MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\nhalf a mail")
        post(mailbox, letter())
        assert len(mailbox.mails) == 1


def test_waiting_in_vain_is_one_sentence():
    with Mailbox() as mailbox:
        post(mailbox, letter())
        with pytest.raises(ServiceError, match="in vain; it has 1 mails after 1 tries"):
            mailbox.wait_until(lambda box: len(box.mails) == 2, seconds=0.1)


def test_a_closed_mailbox_leaves_no_port_and_no_thread_and_can_still_be_read():
    before = threading.active_count()
    with Mailbox() as mailbox:
        post(mailbox, letter())
        stranger = socket.create_connection(("127.0.0.1", mailbox.port))
    mailbox.close()
    with closing(stranger), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", mailbox.port))
    assert threading.active_count() == before
    assert len(mailbox.mails) == 1


@pytest.mark.slow
def test_a_process_with_an_open_mailbox_ends_without_a_word():
    code = "from prodev.services.mailbox import Mailbox; box = Mailbox(); print(box.url)"
    done = subprocess.run(
        [sys.executable, "-X", "dev", "-c", code],
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONASYNCIODEBUG": "0"},
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, "")
