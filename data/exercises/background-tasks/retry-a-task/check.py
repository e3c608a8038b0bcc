"""Does the task try again as promised, give up in time, and say so? Run by a real worker."""

from prodev.judge import Finding, Raise

TASK = "send_confirmation"
WAITS = [10, 20, 40, 60]
ATTEMPTS = len(WAITS) + 1
DOWN, REFUSED, SENT = "MailServerDown", "AddressRefused", "sent"
MOST = 9


class Story:
    """One job, followed to its end: what the mail server did, and what the task made of it."""

    def __init__(self, mail, answer, outcomes, booking=None):
        self.mail, self.answer = mail, answer
        self.outcomes = outcomes
        self.booking = mail.new_booking(outcomes, booking)
        known = len(answer.published)
        job = answer.publish(TASK, self.booking)
        self.waits = answer.follow(job, most=MOST)
        self.runs = answer.runs_of(job)
        self.others = [message for message in answer.published[known:] if message.id != job]
        self.end = self.runs[-1].end if self.runs else None
        self.calls = [call for run in self.runs for call in run.calls]
        self.attempts = [call for call in self.calls if call[0] == "send_mail"]
        self.told = [call for call in self.calls if call[0] == "tell_staff"]

    @property
    def seen(self):
        """What every finding shows."""
        end = self.end
        ended = f"{end.state} ({end.error})" if end and end.error else end.state if end else "none"
        return {
            "mail_server": ", ".join(self.outcomes),
            "attempts": len(self.attempts),
            "waits": _seconds([message.wait for message in self.waits]),
            "state": ended,
            "staff": len(self.told),
            "broker": self.answer.broker,
        }

    def finding(self, code, **more):
        return Finding(code, **self.seen, **more)


class Mail:
    """The mail server of the judge, and the desk of the staff."""

    def __init__(self, answer):
        self.answer, self.plans = answer, {}
        self.most = 0

    def new_booking(self, outcomes, booking=None):
        booking = booking or self.answer.random.randrange(1_000, 1_000_000)
        self.plans[booking] = list(outcomes)
        return booking

    def send_mail(self, booking_id):
        plan = self.plans.get(booking_id) if type(booking_id) is int else None
        if plan is None:
            return Raise("LookupError", f"there is no booking {booking_id!r}")
        outcome = plan.pop(0) if len(plan) > 1 else plan[0]
        if outcome == SENT:
            return f"mail-{booking_id}"
        return Raise(outcome, f"booking {booking_id}")

    @staticmethod
    def tell_staff(booking_id):  # noqa: ARG004 - its name is part of the exercise
        return None


def check(answer):
    mail = Mail(answer)
    answer.load(
        "stays_mail",
        {"send_mail": mail.send_mail, "tell_staff": mail.tell_staff},
        {DOWN: "ConnectionError", REFUSED: "ValueError"},
    )
    if not answer.is_task(TASK):
        return Finding("is-no-task", name=TASK)
    answer.start_worker()
    for outcomes, judged in (
        ([SENT], _sent),
        ([DOWN], _gave_up),
        ([DOWN, SENT], _sent_later),
        ([REFUSED], _refused),
        (["KeyError"], _bug),
        ([DOWN, DOWN, REFUSED], _refused),
        ([DOWN, "TypeError"], _bug),
        ([DOWN] * answer.random.choice((3, 4)) + [SENT], _sent_later),
        ([DOWN, SENT], _sent_later),
        ([DOWN], _gave_up),
    ):
        story = Story(mail, answer, outcomes)
        if found := _always(story) or judged(story):
            return found
    booking = mail.new_booking([DOWN])
    for _ in range(2):
        story = Story(mail, answer, [DOWN], booking)
        if found := _always(story) or _gave_up(story):
            return found
    return None


def _always(story):
    """What no job may do, whatever the mail server does."""
    seconds = [second for run in story.runs for second in run.slept]
    if seconds:
        return story.finding("sleeps-in-the-task", slept=_seconds(seconds))
    for _, arguments in story.calls:
        if arguments["booking_id"] != story.booking or type(arguments["booking_id"]) is not int:
            got = arguments["booking_id"]
            return story.finding("forgets-the-booking", booking=story.booking, got=repr(got))
    for run in story.runs:
        made = [call for call in run.calls if call[0] == "send_mail"]
        if len(made) > 1:
            sent = story.outcomes[0] == SENT
            code = "sends-it-twice" if sent else "tries-again-at-once"
            return story.finding(code, made=len(made))
    if story.others:
        return story.finding("starts-a-new-job", task=story.others[0].task)
    return None


def _sent(story):
    if story.end.error:
        return story.finding("fails-with-another-error", error=SENT, got=_said(story.end))
    if story.end.value != f"mail-{story.booking}":
        expected = f"mail-{story.booking}"
        return story.finding("loses-the-result", expected=expected, got=repr(story.end.value))
    if story.waits:
        return story.finding("sends-it-twice", made=len(story.attempts))
    return story.finding("cries-wolf") if story.told else None


def _sent_later(story):
    failed = story.outcomes.count(DOWN)
    if len(story.attempts) <= failed:
        return _stopped(story)
    return _waits(story, failed) or _sent_after(story, failed)


def _sent_after(story, failed):
    if story.told:
        return story.finding("cries-wolf")
    if story.end.error:
        return story.finding("fails-with-another-error", error=SENT, got=_said(story.end))
    if story.end.value != f"mail-{story.booking}":
        expected = f"mail-{story.booking}"
        return story.finding("loses-the-result", expected=expected, got=repr(story.end.value))
    more = len(story.attempts) > failed + 1
    return story.finding("sends-it-twice", made=len(story.attempts)) if more else None


def _stopped(story):
    """No further attempt came, although the limit is not reached."""
    if not story.end.error:
        return story.finding("M15-returns-text", value=repr(story.end.value))
    if story.end.error not in (DOWN, "Retry"):
        return story.finding("fails-with-another-error", error=DOWN, got=_said(story.end))
    if story.mail.most:
        return story.finding("shares-its-count", first=story.mail.most, limit=ATTEMPTS)
    return story.finding("too-few-attempts", limit=ATTEMPTS)


def _gave_up(story):
    """The mail server stays down."""
    made = len(story.attempts)
    if made > ATTEMPTS:
        endless = made >= MOST
        code = "retries-without-limit" if endless else "one-attempt-too-many"
        return story.finding(code, limit=ATTEMPTS)
    if made < ATTEMPTS:
        return _stopped(story)
    story.mail.most = made
    return _waits(story, len(WAITS)) or _said_so(story)


def _said_so(story):
    """All attempts failed: the job has failed, and a person knows."""
    if not story.end.error:
        return story.finding("hides-the-last-failure", value=repr(story.end.value))
    if story.end.error != DOWN:
        return story.finding("fails-with-another-error", error=DOWN, got=_said(story.end))
    if not story.told:
        return story.finding("M16-never-gives-up-aloud")
    return story.finding("cries-wolf") if len(story.told) > 1 else None


def _refused(story):
    """The address will never be taken; before that, the mail server may have been down."""
    before = story.outcomes.count(DOWN)
    if len(story.attempts) <= before:
        return _stopped(story)
    if len(story.attempts) > before + 1:
        return story.finding("retries-what-cannot-work", error=REFUSED)
    if not story.end.error:
        return story.finding("hides-a-refused-address", value=repr(story.end.value))
    if story.end.error != REFUSED:
        return story.finding("fails-with-another-error", error=REFUSED, got=_said(story.end))
    if not story.told:
        return story.finding("tells-nobody-of-an-address")
    return story.finding("cries-wolf") if len(story.told) > 1 else None


def _bug(story):
    """An error that nobody has thought of: it must come out, at once."""
    before, error = story.outcomes.count(DOWN), story.outcomes[-1]
    if len(story.attempts) <= before:
        return _stopped(story)
    if len(story.attempts) > before + 1:
        return story.finding("catches-everything", error=error)
    if story.end.error != error:
        got = _said(story.end)
        return story.finding("hides-a-bug", error=error, got=got)
    return None


def _waits(story, number):
    messages = story.waits[:number]
    if all(m.waits_for(wanted) for m, wanted in zip(messages, WAITS, strict=False)):
        return None
    got, wanted = [message.wait for message in messages], WAITS[:number]
    seen = {"expected": _seconds(wanted)}
    if any(second > max(WAITS) + 1 for second in got):
        return story.finding("waits-too-long", **seen)
    if len(got) > 1 and len(set(got)) == 1:
        return story.finding("same-wait-each-time", **seen)
    return story.finding("wrong-waits", **seen)


def _said(end):
    if end.error:
        return f"{end.error}: {end.text}" if end.text else end.error
    return f"{end.state}, {end.value!r}"


def _seconds(values):
    return ", ".join(f"{second:.3g}" for second in values) + " s" if values else "none"
