"""Does ``cached`` remember rows under all that they depend on, and no longer than it may?"""

from datetime import date

from prodev.judge import Finding, Raise, same

CHANGE = "def change_the_rows(rows): rows.append(('added by a caller',))"
SEPARATORS = ("", " ", ",", ", ", ";", ":", "::", "|", "||", "-", "_", "/", ".", "#", "\n", "\0")
BUGS = {"NameError", "TypeError", "AttributeError"}
SQL = "SELECT id FROM bookings WHERE guest_id = ? LIMIT {}"


class Cache:
    """A cache of the answer's, over a database and a clock of the judge's."""

    def __init__(self, answer, *, seconds=60, start=1_000.5):
        self.answer, self.seconds, self.time = answer, seconds, start
        self.given, self.works, self.empty = {}, True, False
        self.run = answer.function("run", self._run)
        now = answer.function("now", lambda: self.time)
        self.function = answer.call("cached", self.run, seconds=seconds, now=now, keep=True)

    def _run(self, *question, **_):
        number = len(self.run.calls)
        if not self.works:
            return Raise("ConnectionError", f"call {number} lost")
        rows = [] if self.empty else [(number, self.answer.random.randrange(1_000, 100_000))]
        self.given[repr(question)] = rows
        return rows

    def ask(self, *question):
        """Ask at the time of the clock; note what came and how often ``run`` was called."""
        before = len(self.run.calls)
        outcome = self.answer.attempt(self.function, *question)
        self.got, self.error = outcome.value, outcome.error
        if self.error and (self.works or BUGS & {self.error.name, *self.error.bases}):
            raise self.error
        self.calls = len(self.run.calls) - before
        self.wanted = self.given.get(repr(question))
        self.question = _written("ask", question)
        return self

    def at(self, time, *question):
        self.time = time
        return self.ask(*question)

    def wrong_rows(self):
        """The mistake where the rows are not the last ones that ``run`` gave for the question."""
        if self.wanted is not None and same(self.got, self.wanted):
            return None
        wanted = "nothing (it was not called so)" if self.wanted is None else repr(self.wanted)
        return self.found("wrong-rows", expected=wanted, got=repr(self.got))

    def found(self, code, **seen):
        return Finding(code, question=self.question, **seen)


def check(answer):
    answer.prepare(CHANGE)
    steps = (_first, _different, _glued, _two_caches, _expiry, _ages, _ages_of_their_own)
    for step in (*steps, _own_list, _errors, _empty):
        if found := step(answer):
            return found
    return None


def _draw(answer):
    """Return a query and two guests."""
    sql = SQL.format(answer.random.randrange(100, 1_000))
    return sql, *answer.random.sample(range(10, 90), 2)


def _first(answer):
    """The same question twice: the first one is run as it is, the second one is remembered."""
    sql, guest, other = _draw(answer)
    for question in ((sql, guest), (sql,), (sql, guest, "Rome", None, other)):
        cache = Cache(answer).ask(*question)
        for call in cache.run.calls:
            if not same((call.args, call.kwargs), (question, {})):
                return cache.found("packs-the-parameters", got=_written("run", call.args))
        if found := cache.wrong_rows():
            return found
        if cache.calls > 1:
            return cache.found("asks-every-time", asked="once", calls=cache.calls)
        cache.ask(*question)
        if cache.calls:
            return cache.found("asks-every-time", asked="twice", calls=1 + cache.calls)
        if found := cache.wrong_rows():
            return found
    return None


def _different(answer):
    """Other parameters or another query are another question."""
    values, query = "M2-ignores-the-parameters", "ignores-the-sql"
    for code, pair in (
        (values, lambda sql, guest, other: ((sql, guest), (sql, other))),
        (values, lambda sql, guest, other: ((_two(sql), guest, 1), (_two(sql), guest, other))),
        (values, lambda sql, guest, _: ((sql,), (sql, guest))),
        (query, lambda sql, guest, _: ((sql, guest), (sql.replace("id", "status", 1), guest))),
        (query, lambda sql, *_: ((sql,), (sql.replace("id", "status", 1),))),
    ):
        if found := _kept_apart(Cache(answer), code, *pair(*_draw(answer))):
            return found
    return None


def _two(sql):
    return sql.replace("= ?", "= ? AND property_id = ?")


def _glued(answer):
    """Two questions that become the same text, or the same number, when they are glued."""
    pairs = [
        lambda sql: ((sql, 1, 23), (sql, 12, 3)),
        lambda sql: ((sql, "1"), (sql, 1)),
        lambda sql: ((sql, None), (sql, "None")),
        lambda sql: ((sql, date(2026, 3, 1)), (sql, "2026-03-01")),
        lambda sql: ((sql, 1, 2), (sql, 2, 1)),
        lambda sql: ((sql, 1), (sql, 1, 1)),
        lambda sql: ((sql, -1), (sql, -2)),
        lambda sql: ((sql + " -- Rome",), (sql + " -- rome",)),
        lambda sql: ((sql + " -- New York",), (sql + " -- New  York",)),
        lambda sql: ((sql, "Rome"), (sql, "rome")),
        lambda sql: ((sql, "Rome"), (sql, "Rome ")),
    ]
    for text in SEPARATORS:
        pairs.append(lambda sql, s=text: ((sql, f"a{s}b", "c"), (sql, "a", f"b{s}c")))
        pairs.append(lambda sql, s=text: ((f"{sql}{s}1",), (sql, "1")))
    cache = Cache(answer)
    for n, pair in enumerate(pairs):
        sql = SQL.format(f"{answer.random.randrange(100, 1_000)}{n:02}")
        if found := _kept_apart(cache, "glues-the-key", *pair(sql)):
            return found
    return None


def _kept_apart(cache, code, first, second):
    asked = cache.ask(*first).question
    if cache.calls == 0:
        return cache.found(code, first="a question before it", got=repr(cache.got))
    cache.ask(*second)
    if cache.calls == 0:
        return cache.found(code, first=asked, got=repr(cache.got))
    if found := cache.wrong_rows():
        return found
    cache.ask(*first)
    if cache.calls:
        return cache.found("expires-early", age=0, seconds=cache.seconds)
    return cache.wrong_rows()


def _two_caches(answer):
    """Two caches over two databases, asked the same."""
    sql, guest, _ = _draw(answer)
    caches = [Cache(answer), Cache(answer)]
    for cache in caches:
        if cache.ask(sql, guest).calls == 0:
            return cache.found("one-store-for-all", got=repr(cache.got))
        if found := cache.wrong_rows():
            return found
    return caches[0].ask(sql, guest).wrong_rows()


def _expiry(answer):
    """Long after: by ``now()``, and by Python's own clock only."""
    sql, guest, _ = _draw(answer)
    cache = Cache(answer).ask(sql, guest)
    cache.time += 600
    if cache.ask(sql, guest).calls == 0:
        answer.advance(6_000)
        code = "own-clock" if cache.ask(sql, guest).calls else "M2-never-expires"
        return cache.found(code, age=600, seconds=60, calls=0)
    if found := cache.wrong_rows():
        return found
    sql, guest, _ = _draw(answer)
    cache = Cache(answer).ask(sql, guest)
    answer.advance(6_000)
    if cache.ask(sql, guest).calls:
        return cache.found("own-clock", age=0, seconds=60, calls=1)
    return cache.wrong_rows()


def _ages(answer):
    """Rows just below, at, and beyond the age that they may have."""
    any_start = answer.random.randrange(1_000, 9_000) + 0.5
    for start, seconds in ((any_start, 60), (0, 300), (any_start, 2.5), (0.25, 60)):
        for step in (_below, _at_the_limit, _used_between):
            sql, guest, _ = _draw(answer)
            cache = Cache(answer, seconds=seconds, start=start).ask(sql, guest)
            if found := step(
                cache, lambda age, c=cache, s=start, q=(sql, guest): c.at(s + age, *q)
            ):
                return found
    return None


def _below(cache, ask_at):
    for age in (0, cache.seconds - 0.25):
        if ask_at(age).calls:
            return cache.found("expires-early", age=age, seconds=cache.seconds)
        if found := cache.wrong_rows():
            return found
    return None


def _at_the_limit(cache, ask_at):
    seconds = cache.seconds
    if ask_at(seconds).calls == 0:
        return cache.found("keeps-them-too-long", age=seconds, seconds=seconds)
    for age in (0, seconds - 0.25):
        if ask_at(seconds + age).calls:
            return cache.found("never-fresh-again", age=age, seconds=seconds)
        if found := cache.wrong_rows():
            return found
    return None


def _used_between(cache, ask_at):
    seconds = cache.seconds
    ask_at(0.75 * seconds)
    if ask_at(1.5 * seconds).calls == 0:
        return cache.found("renews-the-age", age=f"{1.5 * seconds:g}", seconds=seconds)
    return cache.wrong_rows()


def _ages_of_their_own(answer):
    """Each question's rows have an age of their own."""
    sql, guest, other = _draw(answer)
    cache = Cache(answer).ask(sql, guest)
    cache.time += 45
    cache.ask(sql, other)
    cache.time += 30
    if cache.ask(sql, other).calls:
        return cache.found("expires-early", age=30, seconds=60)
    if cache.ask(sql, guest).calls == 0:
        return cache.found("keeps-them-too-long", age=75, seconds=60)
    return None


def _own_list(answer):
    """A caller changes the list that it got: the one that asked first, and the next one."""
    sql, guest, _ = _draw(answer)
    cache = Cache(answer)
    for _ in range(2):
        rows = answer.call(cache.function, sql, guest, keep=True)
        answer.call("change_the_rows", rows)
        if cache.ask(sql, guest).calls == 0 and cache.wrong_rows():
            return cache.found("shares-one-list", expected=repr(cache.wanted), got=repr(cache.got))
    return None


def _errors(answer):
    """The database is away, at the first question or when the rows are old; then it is back."""
    for known in (False, True):
        sql, guest, _ = _draw(answer)
        cache = Cache(answer)
        if known:
            cache.ask(sql, guest)
            cache.time += 60
        cache.works = False
        cache.ask(sql, guest)
        error = f"ConnectionError: call {len(cache.run.calls)} lost"
        got = str(cache.error or repr(cache.got))
        if got != error:
            return cache.found("swallows-an-error", error=error, got=got)
        cache.ask(sql, guest)
        if cache.calls == 0:
            got = str(cache.error or repr(cache.got))
            return cache.found("keeps-an-error", error=error, got=got)
        cache.works = True
        if cache.ask(sql, guest).calls == 0:
            return cache.found("keeps-an-error", error=error, got=repr(cache.got))
        if found := cache.wrong_rows():
            return found
    return None


def _empty(answer):
    """No row is an answer too."""
    sql, guest, _ = _draw(answer)
    cache = Cache(answer)
    cache.empty = True
    cache.ask(sql, guest)
    if found := cache.wrong_rows():
        return found
    if cache.ask(sql, guest).calls:
        return cache.found("forgets-empty-answers", calls=1 + cache.calls)
    return cache.wrong_rows()


def _written(name, question):
    return f"{name}({', '.join(map(repr, question))})"
