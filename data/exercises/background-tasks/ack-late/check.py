"""Is each invoice written, and once, although processes and workers die in the middle?"""

from prodev.judge import Finding, Raise

TASK = "make_invoice"
UNKNOWN = "NoSuchBooking"
JOBS = 5
MOST = 5
BEFORE, AFTER = "before the invoice was written", "after it was written"


class Books:
    """The invoices of the judge, and the accidents that happen while one is written."""

    def __init__(self, answer):
        self.answer = answer
        self.invoices, self.bookings, self.calls = [], set(), []
        self.accidents = {}

    def new_bookings(self, number=1):
        found = self.answer.random.sample(range(1_000, 1_000_000), number)
        self.bookings.update(found)
        return found

    def of(self, booking):
        return [number for owner, number in self.invoices if owner == booking]

    def find_invoice(self, booking_id):
        self.calls.append(booking_id)
        return next(iter(self.of(booking_id)), None)

    def write_invoice(self, booking_id):
        self.calls.append(booking_id)
        if type(booking_id) is not int or booking_id not in self.bookings:
            return Raise(UNKNOWN, f"there is no booking {booking_id!r}")
        when, accident = self.accidents.pop(booking_id, ("", None))
        if when == BEFORE:
            accident()
            return ""
        number = f"{booking_id}-{len(self.invoices) + 1}"
        self.invoices.append((booking_id, number))
        if when == AFTER:
            accident()
        return number


class Trial:
    """Some jobs, until all of them have ended or one goes round in circles."""

    def __init__(self, answer, books, jobs, again=lambda: None):
        self.answer, self.books = answer, books
        self.asked = [(booking, answer.publish(TASK, booking)) for booking in jobs]
        self.settle()
        # A worker that was killed does not come back by itself.
        again()
        self.settle()

    def settle(self):
        self.answer.wait(lambda: self.answer.idle() or self.stopped or self.circling())

    @property
    def stopped(self):
        return not self.answer.works

    def circling(self):
        runs = self.answer.runs_of
        return next((booking for booking, job in self.asked if len(runs(job)) > MOST), None)

    def finding(self, code, booking, **more):
        runs = [run for asked, job in self.asked if asked == booking for run in self.runs(job)]
        end = runs[-1].end if runs else None
        jobs = {asked for asked, _ in self.asked}
        seen = {
            "booking": booking,
            "jobs": len(jobs),
            "lost": sum(not self.books.of(each) for each in jobs),
            "invoices": len(self.books.of(booking)),
            "runs": len(runs),
            "redelivered": self.answer.redelivered,
            "state": _state(end),
            "broker": self.answer.broker,
        }
        return Finding(code, **seen, **more)

    def runs(self, job):
        return self.answer.runs_of(job)

    def always(self):
        """What no job may do, whatever happens to its worker."""
        if (booking := self.circling()) is not None:
            return self.finding("never-acks", booking)
        asked = {booking for booking, _ in self.asked}
        for given in self.books.calls:
            if type(given) is not int or given not in asked:
                return self.finding("forgets-the-booking", self.asked[0][0], got=repr(given))
        for other in self.answer.published:
            for booking, job in self.asked:
                if other.id == job:
                    wait = f"{other.wait:g}"
                    return self.finding("retries-what-cannot-work", booking, wait=wait)
            return self.finding("publishes-another-job", self.asked[0][0], task=other.task)
        self.books.calls.clear()
        return None

    def results(self):
        """Every job that ended has the number of its booking's invoice."""
        for booking, job in self.asked:
            end = self.runs(job)[-1].end
            if end is None or end.error:
                return self.finding("fails-without-need", booking)
            expected = self.books.of(booking)[0]
            if end.value != expected:
                got = repr(end.value)
                return self.finding("loses-the-number", booking, expected=expected, got=got)
        return None


def check(answer):
    books = Books(answer)
    answer.load(
        "stays_invoices",
        {"find_invoice": books.find_invoice, "write_invoice": books.write_invoice},
        {UNKNOWN: "LookupError"},
    )
    if not answer.is_task(TASK):
        return Finding("is-no-task", name=TASK)
    answer.start_worker("prefork")
    return (
        _calm(answer, books)
        or _unknown(answer, books)
        or _twice(answer, books)
        or _worker_dies(answer, books)
        or _process_dies(answer, books)
    )


def _calm(answer, books):
    (booking,) = books.new_bookings()
    trial = Trial(answer, books, [booking])
    if found := trial.always():
        return found
    if not books.of(booking):
        return trial.finding("writes-nothing", booking)
    return trial.results()


def _unknown(answer, books):
    (booking,) = books.new_bookings()
    books.bookings.discard(booking)
    trial = Trial(answer, books, [booking])
    if found := trial.always():
        return found
    end = trial.runs(trial.asked[0][1])[-1].end
    if not end.error:
        return trial.finding("hides-the-failure", booking, value=repr(end.value))
    if end.error != UNKNOWN:
        return trial.finding("fails-with-another-error", booking)
    return None


def _twice(answer, books):
    """Two jobs come for one booking."""
    (booking,) = books.new_bookings()
    trial = Trial(answer, books, [booking, booking])
    if found := trial.always():
        return found
    if len(books.of(booking)) > 1:
        return trial.finding("writes-for-each-job", booking)
    return trial.results()


def _worker_dies(answer, books):
    answer.needs_rabbitmq()
    jobs = books.new_bookings(JOBS)
    victim = jobs[answer.random.randrange(JOBS - 1)]
    books.accidents = {victim: (BEFORE, answer.kill_worker)}
    trial = Trial(answer, books, jobs, lambda: answer.start_worker("prefork"))
    return _after_accident(trial, victim, "acks-early")


def _process_dies(answer, books):
    for when in (BEFORE, AFTER):
        jobs = books.new_bookings(JOBS)
        victim = jobs[answer.random.randrange(JOBS)]
        books.accidents = {victim: (when, answer.kill_process)}
        trial = Trial(answer, books, jobs)
        if found := _after_accident(trial, victim, "loses-a-killed-process"):
            return found
    return None


def _after_accident(trial, victim, lost):
    if found := trial.always():
        return found
    for booking in [victim, *(booking for booking, _ in trial.asked)]:
        if len(trial.books.of(booking)) > 1:
            return trial.finding("writes-twice", booking)
        if not trial.books.of(booking):
            # It came again, and the task itself decided that nothing is to be done.
            came_again = any(
                len(trial.runs(job)) > 1 for asked, job in trial.asked if asked == booking
            )
            return trial.finding("skips-what-comes-back" if came_again else lost, booking)
    return trial.results()


def _state(end):
    if end is None:
        return "none"
    text = f"{end.error}: {end.text}" if end.text else end.error
    return f"{end.state} ({text})" if text else end.state
