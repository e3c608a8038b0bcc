"""Is the page right, and does the number of its statements stay the same at any size?"""

import re
from collections import Counter
from datetime import date, timedelta

from prodev.judge import Finding

PATH = "/api/homes"
MOUNT = """
from django.urls import path

urlpatterns = [path("api/homes", answer.homes)]
"""
MOST, ALL, TOGETHER = 3, 200, 5
LONGEST = 240
SIZES = (10, 100, 1_000)
HOMES = """
INSERT INTO properties (host_id, name, city, country, kind, price_cents, max_guests, listed_on)
SELECT host, 'Place ' || host, 'Nairobi', 'KE', 'house', 5000 + 100 * (host %% 37), 4, '2026-01-01'
FROM unnest(%s::int[]) AS host
"""
STAYS = """
INSERT INTO bookings (property_id, guest_id, check_in, check_out, nights, guests, total_cents,
    status, created_at)
SELECT id, (%s::int[])[1 + id %% %s], '2030-03-01', '2030-03-03', 2, 1, 10000, 'confirmed',
    '2026-06-01'
FROM properties WHERE city = 'Nairobi' AND id %% 9 > 0
"""
FIELDS = ("name", "price_cents", "host")


class Page:
    """Homes in three cities, with their hosts, bookings and guests; and one page of them."""

    def __init__(self, answer):
        self.answer, self.world = answer, answer.world
        random = answer.random
        self.caller = self.world.user(name="Ann")
        self.city, second, third = random.sample(["Accra", "Quito", "Porto", "Hanoi", "Lyon"], 3)
        cities = [self.city] * random.randrange(56, 64) + [second] * 9 + [third] * 6
        homes = self.world.properties(len(cities))
        random.shuffle(cities)
        # Few prices for many homes, and rows that do not lie in the order of their ids.
        columns = [
            (home.id, city, 5_000 + 1_000 * random.randrange(7))
            for home, city in zip(homes, cities, strict=True)
        ]
        random.shuffle(columns)
        for home, city, price in columns:
            self.world.execute(
                "UPDATE properties SET city = %s, price_cents = %s WHERE id = %s", city, price, home
            )
        self._make_bookings(homes)
        self.world.execute("UPDATE users SET name = name || ' ' || id")
        self.hosts = {str(home.host_id) for home in homes}

    def _make_bookings(self, homes):
        """Some homes without any booking, and some without a confirmed one."""
        random, planned = self.answer.random, []
        for at, home in enumerate(homes):
            confirmed = 0 if at % 5 == 0 else random.randrange(1, 3)
            others = 0 if at % 10 == 0 else random.randrange(4, 8)
            days = random.sample(range(40), confirmed + others)
            states = ["confirmed"] * confirmed + random.choices(["pending", "cancelled"], k=others)
            planned += [
                (home.id, state, date(2030, 1, 1) + timedelta(days=10 * day))
                for state, day in zip(states, days, strict=True)
            ]
        random.shuffle(planned)
        made = self.world.bookings(len(planned), place=homes[0])
        for row, (home, state, begin) in zip(made, planned, strict=True):
            self.world.execute(
                "UPDATE bookings SET property_id = %s, status = %s, check_in = %s, check_out = %s "
                "WHERE id = %s",
                home, state, begin, begin + timedelta(days=row.nights), row.id,
            )  # fmt: skip
        self.guests = {str(row.guest_id) for row in made}

    def grow(self):
        """Make a thousand more homes; most of them have one stay."""
        people = [one.id for one in self.world.users(ALL + ALL)]
        hosts, guests = people[:ALL] * TOGETHER, people[ALL:]
        self.world.execute(HOMES, hosts)
        self.world.execute(STAYS, guests, len(guests))
        self.hosts |= set(map(str, hosts))
        self.guests |= set(map(str, guests))

    def wanted(self, city=""):
        """Return all rows of a city as they must be, in their order."""
        homes = self.world.select(
            "SELECT p.id, p.name, p.price_cents, u.name AS host, (SELECT count(*) FROM bookings b "
            "WHERE b.property_id = p.id) AS bookings FROM properties p JOIN users u "
            "ON u.id = p.host_id WHERE %s IN ('', p.city) ORDER BY p.price_cents, p.id",
            city,
        )
        stays = {}
        for home, begin, guest in self.world.select(
            "SELECT b.property_id, b.check_in, u.name FROM bookings b JOIN users u "
            "ON u.id = b.guest_id WHERE b.status = 'confirmed' ORDER BY b.check_in"
        ):
            stays.setdefault(home, []).append({"check_in": str(begin), "guest": guest})
        return [{**row._asdict(), "stays": stays.get(row.id, [])} for row in homes]

    def ask(self, city, page, size):
        """Ask for a page; keep the response, and what should be in it. What is 0 is left out."""
        given = {"city": city, "page": page, "size": size}
        self.question = f"GET {PATH}?{'&'.join(f'{k}={v}' for k, v in given.items() if v)}"
        self.seen = self.answer.get(self.question.removeprefix("GET "), self.caller, may_raise=True)
        self.all = self.wanted(city)
        page, size = page or 1, size or 20
        self.rows = self.all[(page - 1) * size : page * size]
        # One statement finds the caller; it is not the answer's.
        self.sent = [one for one in self.seen.queries if "access_tokens" not in one.sql]
        return self

    def found(self, code, **seen):
        return Finding(code, question=self.question, **seen)


def check(answer):
    page = Page(answer)
    answer.start(MOUNT)
    for step in (_whole_city, _pages, _statements, _rows_loaded, _later):
        if found := step(page):
            return found
    return None


def _whole_city(page):
    """All homes of a city, and all homes there are, on one page."""
    for city in (page.city, ""):
        page.ask(city, 1, ALL)
        if found := _raised(page) or _which_homes(page) or _what_is_in_them(page):
            return found
    return None


def _raised(page):
    error = page.seen.error
    if error is None:
        return None
    if error.name == "FieldError" and "select_related" in error.message:
        return page.found("joins-a-collection", error=str(error))
    error.call = page.question
    raise error


def _which_homes(page):
    """The homes that are on a page that has room for all of them."""
    held = page.seen.json
    if page.seen.status != 200 or not isinstance(held, dict) or not _is_list(held):
        return _no_page(page)
    ids, wanted = page.seen.ids, [row["id"] for row in page.rows]
    if len(set(map(str, ids))) < len(ids):
        (home, times), *_ = Counter(map(str, ids)).most_common(1)
        return page.found(
            "repeats-homes", expected=len(wanted), got=len(ids), home=home, times=times
        )
    if missing := [row for row in page.rows if row["id"] not in ids]:
        empty = sum(not row["stays"] for row in missing)
        code = "loses-empty-homes" if empty == len(missing) else "wrong-homes"
        return page.found(code, expected=len(wanted), got=len(ids), missing=len(missing))
    if len(ids) > len(wanted):
        return page.found("wrong-homes", expected=len(wanted), got=len(ids), missing=0)
    return _order(page)


def _no_page(page):
    got = f"{page.seen.status}, {page.seen.text}"[:120]
    expected = "status 200, with count and results"
    return page.found("wrong-row", field="the page", expected=expected, got=got)


def _is_list(held):
    return isinstance(held.get("results"), list) and all(
        isinstance(row, dict) for row in held["results"]
    )


def _order(page):
    ids = page.seen.ids
    for at, (got, row) in enumerate(zip(ids, page.rows, strict=True), 1):
        if got != row["id"]:
            prices = {one["id"]: one["price_cents"] for one in page.all}
            same = [prices.get(one) for one in ids] == [one["price_cents"] for one in page.rows]
            code = "ties-change-places" if same else "wrong-order"
            return page.found(
                code, place=at, expected=_home(row["id"], prices), got=_home(got, prices)
            )
    return None


def _home(number, prices):
    return f"home {number}, {prices.get(number, '?')} cents"


def _what_is_in_them(page):
    for got, row in zip(page.seen.rows, page.rows, strict=True):
        for field in FIELDS:
            if got.get(field) != row[field]:
                return _field(page, "wrong-row", got, row, field)
        if got.get("bookings") != row["bookings"] or isinstance(got["bookings"], bool):
            return _field(page, "wrong-number", got, row, "bookings")
        if found := _stays(page, got, row):
            return found
    if page.seen.json.get("count") != len(page.all):
        return page.found("wrong-total", expected=len(page.all), got=page.seen.json.get("count"))
    return None


def _stays(page, got, row):
    held = got.get("stays")
    if isinstance(held, list) and [_asked(stay) for stay in held] == row["stays"]:
        return None
    if isinstance(held, list):
        dates, wanted = ([_begin(stay) for stay in stays] for stays in (held, row["stays"]))
        if set(dates) > set(wanted):
            seen = {"expected": len(wanted), "got": len(held)}
            return page.found("shows-every-booking", home=row["id"], **seen)
        if dates != wanted and sorted(dates) == sorted(wanted):
            seen = {"expected": ", ".join(wanted), "got": ", ".join(dates)}
            return page.found("stays-out-of-order", home=row["id"], **seen)
    return _field(page, "wrong-row", got, row, "stays")


def _asked(stay):
    """A stay without what else the answer tells of it."""
    asked = ("check_in", "guest")
    return {key: stay[key] for key in asked if key in stay} if isinstance(stay, dict) else stay


def _begin(stay):
    return str(stay.get("check_in")) if isinstance(stay, dict) else ""


def _field(page, code, got, row, field):
    return page.found(
        code,
        home=row["id"],
        field=field,
        expected=str(row[field])[:200],
        got=str(got.get(field))[:200],
    )


def _pages(page):
    """Small pages: without numbers, the first, the middle, the last, one beyond, and no home."""
    size = page.answer.random.randrange(5, 9)
    total = len(page.wanted(page.city))
    last = -(-total // size)
    for city, number, rows in (
        (page.city, 0, 0), (page.city, 1, size), (page.city, 2, size), (page.city, 3, size),
        (page.city, last, size), ("", 2, size + 1), (page.city, last + 1, size),
        ("Nowhere", 1, size),
    ):  # fmt: skip
        page.ask(city, number, rows)
        if found := _raised(page) or _which_slice(page) or _what_is_in_them(page):
            return found
    return None


def _which_slice(page):
    if page.seen.status != 200:
        return _no_page(page)
    ids, wanted = page.seen.ids, [row["id"] for row in page.rows]
    if sorted(map(str, ids)) == sorted(map(str, wanted)):
        return _order(page)
    places = {row["id"]: at for at, row in enumerate(page.all, 1)}
    if len(ids) == len(wanted) and (found := _order(page)).code == "ties-change-places":
        return found
    expected, got = ([places.get(one, 0) for one in some] for some in (wanted, ids))
    return page.found("wrong-page", expected=_span(expected), got=_span(got))


def _span(places):
    return f"{len(places)} homes, {places[0]} to {places[-1]}" if places else "no home"


def _statements(page):
    """The same page with 10, 100 and 1,000 homes; the first that sends too much is the last."""
    page.grow()
    counts = []
    for size in SIZES:
        page.ask("", 1, size)
        counts.append(len(page.sent))
        if size > SIZES[0] and max(counts) > MOST:
            return _too_many(page, counts)
        if found := _raised(page) or _which_slice(page) or _what_is_in_them(page):
            return found
    return None


def _too_many(page, counts):
    seen = {"homes": _listed(SIZES[: len(counts)]), "statements": _listed(counts)}
    often = {text for text, times in _texts(page.sent).items() if times >= TOGETHER}
    alone = [one.sql for one in page.sent if _text(one.sql) in often and not _portion(one.sql)]
    if any(one.sql.startswith("DECLARE") for one in page.sent):
        code, text = "reads-by-cursor", ""
    elif alone:
        code, text = _repeated(page, alone)
    elif counts[-1] > counts[0]:
        code, text = "in-portions", _last_portion(page.sent)
    else:
        tables = sorted({_table(one.sql) for one in page.sent} - {""})
        return page.found("more-than-three", **seen, tables=", ".join(tables))
    short = re.sub(r"SELECT .*? FROM", "SELECT … FROM", text)
    return page.found(code, **seen, repeated=_cut(short, LONGEST))


def _listed(numbers):
    *first, last = [f"{number:,}" for number in numbers]
    return f"{', '.join(first)} and {last}"


def _cut(text, most):
    return text if len(text) <= most else f"{text[:most]}…"


def _texts(sent):
    return Counter(_text(one.sql) for one in sent)


def _text(sql):
    """A statement without its values: the same for each turn of a loop."""
    return re.sub(r"\b\d+\b(, \d+\b)*", "?", re.sub(r"'[^']*'", "?", sql))


def _table(sql):
    found = re.search(r'FROM "?(\w+)', sql)
    return found[1] if found else ""


def _portion(sql):
    """Whether a statement is for several homes, or for the rows of several homes."""
    return bool(re.search(r" IN \(\d+, ", sql)) or (
        _table(sql) == "properties" and "ORDER BY" in sql
    )


def _last_portion(sent):
    found = [one.sql for one in sent if _portion(one.sql)]
    return found[-1] if found else sent[-1].sql


def _repeated(page, alone):
    """What the loop asks for, and one of its statements."""
    asked = {}
    for sql in alone:
        table, values = _table(sql), set(re.findall(r"\b\d+\b", sql))
        if table == "users" and values & page.hosts:
            asked.setdefault("hosts-one-by-one", sql)
        elif table == "users" and values & page.guests:
            asked.setdefault("guests-one-by-one", sql)
        elif table == "bookings" and "COUNT(" in sql.upper():
            asked.setdefault("counts-one-by-one", sql)
        elif table == "bookings":
            asked.setdefault("stays-one-by-one", sql)
        else:
            asked.setdefault("M6-n-plus-one", sql)
    if len(asked) >= MOST or "M6-n-plus-one" in asked:
        return "M6-n-plus-one", asked.get("M6-n-plus-one") or next(iter(asked.values()))
    loaded = any(_table(one.sql) == "bookings" and _portion(one.sql) for one in page.sent)
    if "stays-one-by-one" in asked and loaded:
        return "filters-what-was-prefetched", asked["stays-one-by-one"]
    order = ("stays-one-by-one", "counts-one-by-one", "hosts-one-by-one", "guests-one-by-one")
    code = next(one for one in order if one in asked)
    return code, asked[code]


def _rows_loaded(page):
    """What comes from the database is about what the page shows."""
    for size in (page.answer.random.randrange(2, 5), 45):
        page.ask(page.city, 1, size)
        stays = sum(len(row["stays"]) for row in page.rows)
        # A host may come with each home, and a guest with each stay; and a page may look one ahead.
        allowed = 2 * (len(page.rows) + stays) + TOGETHER
        loaded = sum(one.rows or 0 for one in page.sent)
        if loaded <= allowed:
            continue
        homes = [one.rows or 0 for one in page.sent if _table(one.sql) == "properties"]
        seen = {"homes": len(page.rows), "stays": stays, "loaded": loaded}
        if max(homes, default=0) <= len(page.rows) + 1:
            return page.found("loads-unseen-bookings", **seen)
        aside = any(rows <= len(page.rows) + 1 and rows > 1 for rows in homes)
        return page.found("loads-all-to-count" if aside else "loads-every-home", **seen)
    return None


def _later(page):
    """Rows that have changed since they were shown."""
    page.ask(page.city, 1, 9)
    first = page.rows[0]["id"]
    page.world.execute("UPDATE users SET name = name || ' Jr'")
    page.world.execute("UPDATE bookings SET status = 'cancelled' WHERE status = 'confirmed'")
    page.world.execute("DELETE FROM bookings WHERE property_id = %s", first)
    page.world.property(city=page.city, price_cents=5_000)
    page.ask(page.city, 1, 9)
    if found := _raised(page) or _which_slice(page) or _what_is_in_them(page):
        seen = {name: found.observed.get(name) for name in ("field", "expected", "got")}
        return page.found("remembers-old-rows", **seen)
    return None
