"""Does ``my_bookings`` keep each answer in Redis under all that it depends on, and no longer?"""

from prodev.judge import Finding

PATH = "/api/my-bookings"
MOUNT = """
from django.urls import path

urlpatterns = [path("api/my-bookings", answer.my_bookings)]
"""
STATUSES = ("confirmed", "pending", "cancelled")
SECONDS, AT_LEAST = 60, 50


class Cache:
    """Some guests with bookings, and what each question brings."""

    def __init__(self, answer):
        self.answer, self.world = answer, answer.world
        random = answer.random
        # Two people can have one name; and one number can be the beginning of another one.
        number = random.randrange(200_000, 900_000)
        self.ann = self.world.user(name="Ann", id=number)
        self.same_name = self.world.user(name="Ann")
        self.longer = self.world.user(name="Bo", id=number * 10 + 1)
        self.nobody = self.world.user(name="Esi")
        place = self.world.property()
        for guest, count in ((self.ann, 24), (self.same_name, 13), (self.longer, 11)):
            for at in range(count + random.randrange(3)):
                status = STATUSES[at] if at < len(STATUSES) else random.choice(STATUSES)
                self.world.booking(guest, place, status=status)

    def ask(self, who, status="", page=None, **options):
        """Ask one question; note the rows, and how often the bookings were asked for."""
        given = [f"status={status}"] * bool(status) + [f"page={page}"] * (page is not None)
        self.question = f"GET {PATH}{'?' if given else ''}{'&'.join(given)}"
        self.who = who
        seen = self.answer.get(self.question.removeprefix("GET "), who, **options)
        self.asked = sum("bookings" in one.sql for one in seen.statements)
        self.seen, self.got = seen, _shown(seen)
        self.expected = self.rows(who, status, page or 1)
        return self

    def rows(self, who, status, page):
        """Return the rows that the database has now."""
        query = """
            SELECT id, status, total_cents FROM bookings
            WHERE guest_id = %s AND %s IN ('', status) ORDER BY id LIMIT 10 OFFSET %s
        """
        found = self.world.select(query, who.id, status, 10 * (page - 1))
        return [row._asdict() for row in found]

    @property
    def right(self):
        return self.seen.status == 200 and self.seen.json == self.expected

    def found(self, code, **seen):
        caller = f"{self.who.name} (id {self.who.id})"
        return Finding(code, question=self.question, caller=caller, **seen)

    def wrong_rows(self):
        """The mistake where the rows are not those of the database."""
        if self.right:
            return None
        rows = f"200, {len(self.expected)} rows"
        return self.found("wrong-rows", expected=rows, got=self.got)

    def change(self):
        """Change every booking around the service, so that old rows can be told from new ones."""
        self.world.execute("UPDATE bookings SET total_cents = total_cents + 100")


def check(answer):
    cache = Cache(answer)
    answer.start(MOUNT, redis=True)
    steps = (_strangers, _first, _empty, _restarted, _parameters, _glued, _age_is_kept, _ages)
    for step in (*steps, _signed_out, _error, _down):
        answer.cache.flush()
        if found := step(cache):
            return found
    return None


def _shown(seen):
    if isinstance(seen.json, list):
        return f"{seen.status}, {len(seen.json)} rows"
    return f"{seen.status}, {seen.error or seen.text}"[:90]


def _strangers(cache):
    seen = cache.answer.get(PATH, may_raise=True)
    if seen.status != 401:
        return Finding("strangers-are-let-in", request=f"GET {PATH}", got=seen.status)
    return None


def _first(cache):
    """The same question twice: the database is asked once."""
    for question in ((), ("confirmed",), ("", 2), ("cancelled", 1)):
        if cache.ask(cache.ann, *question).asked > 1:
            return cache.found("asks-twice", statements=cache.asked)
        if found := cache.wrong_rows():
            return found
        if cache.asked == 0:
            return cache.found("M2-ignores-the-status", first="other questions", got=cache.got)
        if cache.ask(cache.ann, *question).asked:
            return cache.found("asks-every-time", statements=cache.asked)
        if found := cache.wrong_rows():
            return found
        cache.answer.cache.flush()
    return None


def _parameters(cache):
    """Another guest, status or page is another question."""
    ann, bo = cache.ann, cache.same_name
    for code, first, second in (
        ("M2-ignores-the-guest", (ann,), (bo,)),
        ("M2-ignores-the-guest", (ann, "confirmed"), (bo, "confirmed")),
        ("M2-ignores-the-guest", (ann, "", 2), (bo, "", 2)),
        ("M2-ignores-the-page", (ann,), (ann, "", 2)),
        ("M2-ignores-the-page", (ann, "", 3), (ann, "", 2)),
        ("M2-ignores-the-page", (ann, "pending", 1), (ann, "pending", 2)),
        ("M2-ignores-the-status", (ann,), (ann, "pending")),
        ("M2-ignores-the-status", (ann, "confirmed", 1), (ann, "cancelled", 1)),
    ):
        if found := _kept_apart(cache, code, first, second):
            return found
    return None


def _glued(cache):
    """Two questions whose parts make the same text when nothing stands between them."""
    ann = cache.ann
    for first, second in (
        ((ann, "", 11), (cache.longer, "", 1)),
        ((ann, "confirmed", 11), (cache.longer, "confirmed", 1)),
        ((ann, "", 11), (ann, "1", 1)),
        ((ann, "confirmed"), (ann, "Confirmed")),
        ((ann,), (ann, "None")),
    ):
        if found := _kept_apart(cache, "glues-the-key", first, second):
            return found
    return None


def _kept_apart(cache, code, first, second):
    cache.answer.cache.flush()
    cache.ask(*first)
    if found := cache.wrong_rows():
        return found
    asked = f"{cache.question} of {cache.who.name} (id {cache.who.id})"
    cache.ask(*second)
    if cache.asked == 0:
        return cache.found(code, first=asked, got=cache.got)
    if found := cache.wrong_rows():
        return found
    # And the first answer is still there.
    if cache.ask(*first).asked:
        return cache.found("expires-early", age=0, least=AT_LEAST)
    return cache.wrong_rows()


def _empty(cache):
    """A guest without bookings is an answer, too."""
    cache.ask(cache.nobody)
    if found := cache.wrong_rows():
        return found
    if cache.ask(cache.nobody).asked:
        return cache.found("forgets-empty-answers")
    return cache.wrong_rows()


def _restarted(cache):
    """Another process finds what the first one kept."""
    cache.ask(cache.ann)
    cache.answer.restart()
    if cache.ask(cache.ann).asked:
        return cache.found("keeps-them-in-the-process", keys=len(cache.answer.cache.keys()))
    return cache.wrong_rows()


def _ages(cache):
    """Entries of just below and just beyond the age that they may have."""
    for _ in range(3):
        cache.answer.cache.flush()
        cache.ask(cache.ann)
        cache.change()
        cache.answer.pass_time(AT_LEAST - 1)
        if cache.ask(cache.ann).asked:
            return cache.found("expires-early", age=AT_LEAST - 1, least=AT_LEAST)
        cache.answer.pass_time(SECONDS - AT_LEAST + 1.5)
        if cache.ask(cache.ann).asked == 0:
            cache.answer.pass_time(10_000)
            never = cache.ask(cache.ann).asked == 0
            code = "M2-never-expires" if never else "keeps-them-too-long"
            age = "10,060 s and longer" if never else SECONDS
            return cache.found(code, age=age, seconds=SECONDS)
        if found := cache.wrong_rows():
            return found
    return _all_expire(cache)


def _all_expire(cache):
    """A key for the cache's own use may stay; one for each question may not."""
    cache.answer.cache.flush()
    immortal = []
    for page in (1, 2, 3):
        cache.ask(cache.ann, "", page)
        immortal.append([key for key, left in cache.answer.cache.keys().items() if left is None])
    if len(immortal[0]) < len(immortal[1]) < len(immortal[2]):
        name = max(set(immortal[2]) - set(immortal[1]))
        return cache.found("M2-never-expires", age=f"in Redis for ever ({name})", seconds=SECONDS)
    return None


def _age_is_kept(cache):
    """Whoever reads an entry, or asks another question, does not make it younger."""
    for code, others in (
        ("renews-the-age", ((), ())),
        ("one-entry-for-all", (("pending",), ("", 2))),
    ):
        cache.answer.cache.flush()
        cache.ask(cache.ann)
        cache.change()
        for other in others:
            cache.answer.pass_time(SECONDS // 2 - 5)
            cache.ask(cache.ann, *other)
        cache.answer.pass_time(SECONDS // 2)
        renewed = cache.ask(cache.ann).asked == 0
        if found := None if renewed else cache.wrong_rows():
            return found
        # Left alone, does it become too old? If not, that is the mistake; see the next step.
        cache.answer.cache.flush()
        cache.ask(cache.ann)
        cache.answer.pass_time(SECONDS + 1.5)
        if renewed and cache.ask(cache.ann).asked:
            return cache.found(code, age=3 * SECONDS // 2 - 10, seconds=SECONDS)
    return None


def _signed_out(cache):
    """Whose token is gone gets no page, however young."""
    guest = cache.world.user(name="Ines")
    cache.ask(guest)
    cache.world.execute("DELETE FROM access_tokens WHERE user_id = %s", guest.id)
    if cache.ask(guest).seen.status != 401:
        return cache.found("page-cache-skips-the-sign-in", got=cache.got)
    return None


def _error(cache):
    """An error of the database reaches the caller, and is not kept."""
    cache.world.execute("ALTER TABLE bookings RENAME TO bookings_away")
    told = cache.answer.get(PATH, cache.ann, may_raise=True)
    cache.world.execute("ALTER TABLE bookings_away RENAME TO bookings")
    cache.question, cache.who = f"GET {PATH}", cache.ann
    if told.status < 500:
        return cache.found("hides-an-error", got=_shown(told))
    cache.ask(cache.ann)
    return None if cache.right else cache.found("hides-an-error", got=cache.got)


def _down(cache):
    """Without Redis the page comes from the database."""
    cache.ask(cache.ann)
    cache.answer.cache.down()
    for question in ((), ("", 2)):
        cache.ask(cache.ann, *question, may_raise=True)
        if not cache.right:
            code = (
                "empty-without-the-cache" if cache.seen.status == 200 else "fails-without-the-cache"
            )
            return cache.found(code, expected=f"200, {len(cache.expected)} rows", got=cache.got)
    cache.answer.cache.up()
    cache.answer.cache.flush()
    # Whoever rests from a cache that was down may do so for a while.
    cache.answer.pass_time(SECONDS)
    cache.ask(cache.ann)
    if cache.ask(cache.ann).asked:
        return cache.found("asks-every-time", statements=cache.asked)
    return cache.wrong_rows()
