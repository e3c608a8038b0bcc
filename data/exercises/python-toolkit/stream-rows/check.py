"""Does ``stream_rows`` give every booking in order, with few rows in hand, whatever happens?"""

from collections import Counter

from prodev.judge import Finding, same

# The table stands in the answer's process. Its connection counts the rows that SQLite made
# (`made`), how many of them lived at the same time (`held`), and the statements that were sent.
GIVEN = '''
import sqlite3 as given_sqlite3

given_table = """CREATE TABLE bookings
    (id INTEGER PRIMARY KEY, guest_id INTEGER, total_cents INTEGER, status TEXT)"""
given_series = """WITH RECURSIVE series (n) AS
    (SELECT 1 UNION ALL SELECT n + 1 FROM series WHERE n < ?)
    INSERT INTO bookings SELECT n, n % 97, n * 7919 % 100003, 'confirmed' FROM series"""


class GivenRow(tuple):
    def __new__(cls, seen, values):
        row = tuple.__new__(cls, values)
        row.seen = seen
        seen["made"] += 1
        seen["alive"] += 1
        seen["held"] = max(seen["held"], seen["alive"])
        return row

    def __del__(self):
        self.seen["alive"] -= 1


def given_bookings(rows, count=0, backwards=False, counted=True):
    global given, given_seen, given_settings
    seen = {"made": 0, "alive": 0, "held": 0, "statements": 0, "first": ""}

    def note(statement):
        seen["first"] = seen["first"] or " ".join(statement.split())
        seen["statements"] += 1

    given, given_seen = given_sqlite3.connect(":memory:"), seen
    given.execute(given_table)
    if count:
        given.execute(given_series, (count,))
    given.executemany("INSERT INTO bookings VALUES (?, 7, ?, ?)", rows)
    if backwards:
        given.execute("CREATE INDEX by_money ON bookings (total_cents)")
        given.execute("PRAGMA reverse_unordered_selects = ON")
    given.commit()
    if counted:
        given.row_factory = lambda _, values: GivenRow(seen, values)
    given_settings = given_look()
    given.set_trace_callback(note)


def given_look():
    return [(name, getattr(given, name)) for name in ("row_factory", "isolation_level")]


def given_connection():
    return given


def given_counts():
    return given_seen


def given_kind(stream):
    """The type's name where no loop can take rows from it; else nothing."""
    single = isinstance(stream, (tuple, str, bytes, dict))
    many = hasattr(type(stream), "__iter__") and not single
    return "" if many else type(given_plain(stream)).__name__


def given_first(stream):
    for _ in stream:
        break


def given_plain(value):
    if type(value) is GivenRow:
        return tuple(value)
    return [given_plain(item) for item in value] if type(value) is list else value


def given_read(stream, most, delete=0):
    rows = []
    for row in stream:
        rows.append(given_plain(row))
        if delete and len(rows) >= delete:
            given.execute("DELETE FROM bookings WHERE id = ?", rows[-delete][:1])
        if len(rows) >= most:
            break
    return rows


def given_size(stream):
    return sum(1 for _ in stream)


def given_in_transaction():
    return given.in_transaction


def given_closed():
    try:
        given.execute("SELECT 1").close()
    except given_sqlite3.ProgrammingError as error:
        return str(error)
    return ""


def given_changed():
    for (name, before), (_, after) in zip(given_settings, given_look()):
        if after != before:
            return [name, *(getattr(value, "__name__", repr(value)) for value in (before, after))]
    return []
'''
MANY, MOST = 3_000, 60_000  # bookings: to see a list, and to measure one
MEMORY_MB = 2  # a dict of MOST rows takes 6 MB, a set of their ids 4, a stream in pages 0.1


def check(answer):
    answer.callable("stream_rows")  # says so where it is missing
    answer.prepare(GIVEN)
    for step in (_first_row, _rows, _settings, _deleted_rows, _memory):
        if found := step(answer):
            return found
    return None


def _stream(answer, page, rows=(), **table):
    answer.call("given_bookings", list(rows), **table)
    connection = answer.call("given_connection", keep=True)
    return answer.call("stream_rows", connection, page, keep=True)


def _ask(answer, kind, name, *arguments, **named):
    """Call what was prepared; an answer may have put something else in its place."""
    value = answer.call(name, *arguments, **named)
    return value if type(value) is kind else kind()


def _count(answer, name):
    value = _ask(answer, dict, "given_counts").get(name)
    return value if type(value) is int else 0


def _first_row(answer):
    """What is read, and when: before the first row is asked for, and for it."""
    page = answer.random.randrange(8, 20)
    stream = _stream(answer, page, count=MANY)
    if kind := _ask(answer, str, "given_kind", stream):
        return Finding("returns-no-stream", got=f"a value of type {kind}")
    statements = _count(answer, "statements")
    if statements and _count(answer, "made") < MANY:
        first = _ask(answer, dict, "given_counts").get("first")
        return Finding("reads-before-asked", statements=statements, first=first)
    answer.call("given_first", stream)
    made = _count(answer, "made")
    if made >= MANY:
        return _too_many(MANY, page, 1, made)
    if made > _allowed(page):
        return Finding("ignores-the-page", page=page, rows=MANY, held=made)
    return None


def _allowed(page):
    return 3 * page + 2  # who reads one row more, to know whether there is a next page, may


def _too_many(rows, page, asked_for, held):
    seen = {"rows": rows, "page": page, "asked_for": asked_for, "held": held}
    return Finding("materialises-the-list", **seen)


def _bookings(answer, count, page):
    """Rows with gaps in their ids, one of them of several pages, and what shall come of them."""
    draw, number, rows = answer.random, 1, []
    for place in range(count):
        status = "cancelled" if place % 3 == 1 else "confirmed"
        rows.append((number, draw.randrange(1, 90_000), status))
        number += 12 * page if place == count // 2 else draw.randrange(1, 4)
    if count > 2:
        rows[2] = (rows[2][0], 0, "pending")
    return rows, [(number, cents) for number, cents, _ in rows]


def _rows(answer):
    """Every booking once, in order: with full pages, broken pages, one row a page, no row."""
    some = answer.random.randrange(30, 60)
    for count, page in ((23, 5), (20, 5), (0, 5), (1, 1), (7, 1), (3, 10), (some, 4)):
        rows, wanted = _bookings(answer, count, page)
        most = count + 2 * page + 3
        got = _ask(answer, list, "given_read", _stream(answer, page, rows), most)
        if not same(got, wanted):
            return _mistake(got, wanted, page)
        held = _count(answer, "held")
        if held > _allowed(page):
            return _too_many(count, page, count, held)
        if error := _ask(answer, str, "given_closed"):
            return Finding("closes-the-connection", error=error)
        # Rows in no order come in another one now: SQLite reads backwards, or in an index's order.
        stream = _stream(answer, page, rows, backwards=True, counted=False)
        got = _ask(answer, list, "given_read", stream, most)
        if not same(got, wanted):
            return Finding("pages-without-order", page=page, **_difference(got, wanted))
        if found := _changed(answer, "After the stream"):
            return found
    return None


def _settings(answer):
    """The caller uses its connection while the stream is read, and may stop after a row."""
    rows, _ = _bookings(answer, 20, 5)
    answer.call("given_first", _stream(answer, 5, rows, counted=False))
    return _changed(answer, "After the first row")


def _changed(answer, when):
    changed = _ask(answer, list, "given_changed")
    names = ("setting", "before", "after")
    seen = dict(zip(names, changed, strict=False))
    return Finding("changes-the-connection", when=when, **seen) if changed else None


def _mistake(got, wanted, page):
    seen = {"rows": len(wanted), "page": page}
    there = _difference(got, wanted)
    if any(type(item) is list and item and type(item[0]) is tuple for item in got):
        return Finding("yields-pages", page=page, expected=there["expected"], got=there["got"])
    booking, times = _most_common(got)
    if times > 1:
        return Finding("repeats-rows", **seen, booking=booking, times=times)
    came = len(got)
    if came < len(wanted) and same(got, wanted[:came]):
        if came and wanted[came][0] - wanted[came - 1][0] > page:
            ends = {"last": wanted[came - 1][0], "next": wanted[came][0]}
            return Finding("stops-at-a-gap", **seen, **ends)
        if came == page:
            return Finding("stops-after-a-page", **seen)
        if came == len(wanted) // page * page:
            return Finding("loses-the-last-page", **seen, came=came)
    return Finding("wrong-rows", **seen, **there)


def _most_common(got):
    numbers = [row[0] for row in got if type(row) is tuple and row and type(row[0]) is int]
    return Counter(numbers).most_common(1)[0] if numbers else (None, 0)


def _difference(got, wanted):
    """The first place where two lists differ, and what stands there."""
    pairs = enumerate(zip(got, wanted, strict=False), 1)
    place = next((n for n, (one, other) in pairs if not same(one, other)), None)
    place = place or min(len(got), len(wanted)) + 1
    end = "the end of the stream"
    told = [repr(rows[place - 1]) if place <= len(rows) else end for rows in (wanted, got)]
    return {"place": place, "expected": told[0], "got": told[1]}


def _deleted_rows(answer):
    """The reader deletes every booking that it has got, at once or some bookings later."""
    for count, page, delete in ((23, 5, 1), (20, 5, 1), (12, 1, 1), (9, 2, 1), (23, 5, 4)):
        rows, wanted = _bookings(answer, count, page)
        stream = _stream(answer, page, rows, counted=False)
        got = _ask(answer, list, "given_read", stream, count + 2 * page + 3, delete=delete)
        if same(got, wanted):
            if not answer.call("given_in_transaction"):
                return Finding("ends-the-transaction", rows=count, page=page)
            continue
        missing = [row[0] for row in wanted if row not in got]
        seen = {"rows": count, "page": page}
        if missing:
            return Finding("skips-rows", **seen, came=len(got), missing=missing[0])
        return Finding("wrong-rows", **seen, **_difference(got, wanted))
    return None


def _memory(answer):
    """A long table: what the process needs for it, as the operating system says."""
    page = 500
    stream = _stream(answer, page, count=MOST, counted=False)
    before = _peak(answer)
    came = _ask(answer, int, "given_size", stream)
    if came != MOST:
        there = {"place": min(came, MOST) + 1, "expected": f"{MOST} bookings", "got": f"{came}"}
        return Finding("wrong-rows", rows=MOST, page=page, **there)
    grown = _peak(answer) - before
    if grown > MEMORY_MB:
        seen = {"rows": MOST, "page": page, "memory_mb": round(grown)}
        return Finding("remembers-what-it-gave", **seen)
    return None


def _peak(answer):
    try:
        return answer.peak_memory()
    except OSError:  # a system that does not tell: the counts above must do
        return 0.0
