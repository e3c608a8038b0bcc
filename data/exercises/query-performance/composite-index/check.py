"""Does one index lead the calendar's query to the rows that it wants, and to no others?"""

from datetime import date, timedelta

from prodev.judge import Finding

SETUP = """
CREATE TABLE bookings (
    id bigint PRIMARY KEY,
    reference text NOT NULL UNIQUE,
    property_id bigint NOT NULL,
    guest_id bigint NOT NULL,
    check_in date NOT NULL,
    check_out date NOT NULL,
    total_cents integer NOT NULL,
    status text NOT NULL
);
INSERT INTO bookings
SELECT g, 'ST-' || lpad(g::text, 8, '0'),
       1 + floor(200 * power(g * 7919 % 40000 / 40000.0, 2)),
       1 + g * 31 % 9000,
       date '2023-01-01' + (g * 104729 % 1096)::integer,
       date '2023-01-03' + (g * 104729 % 1096)::integer,
       9000 + g * 17 % 50000,
       CASE g * 13 % 10 WHEN 0 THEN 'cancelled' WHEN 1 THEN 'pending' ELSE 'confirmed' END
FROM generate_series(1::bigint, 40000) g;
"""
WANTED = "property_id = %s AND check_in >= %s AND check_in < %s"
CALENDAR = f"""
SELECT id, check_in, check_out, total_cents FROM bookings
WHERE {WANTED} AND status <> 'cancelled' ORDER BY check_in, id
"""
CONTENT = """
SELECT count(*), sum(id), sum(property_id), sum(guest_id), sum(total_cents), count(DISTINCT status),
       sum(check_in - date '2023-01-01'), sum(check_out - date '2023-01-01'),
       count(DISTINCT reference)
FROM bookings
"""
COLUMNS = """
SELECT attname, atttypid::regtype::text FROM pg_catalog.pg_attribute
WHERE attrelid = to_regclass('bookings') AND attnum > 0 AND NOT attisdropped ORDER BY attname
"""
KEYS = ["property_id", "check_in"]


def check(answer):
    room = answer.database("postgresql", setup=SETUP)
    pages = _pages(answer.random)
    before = room.rows(COLUMNS), room.rows(CONTENT)
    old = room.indexes("bookings")

    for ran in answer.execute(room):
        if ran.refusal:
            line, said = ran.statement.line, ran.refusal.message
            return Finding("does-not-run", line=line, said=said)
    if found := _table(room, before):
        return found
    now = room.indexes("bookings")
    named = sorted(now.values(), key=lambda index: index.name in old)
    kept = {_rule(index): index.name for index in named if index.unique}
    for index in old.values():
        if _rule(index) not in kept:
            return Finding("drops-an-index", index=index.name)
    # By what they hold, not by name: a table may also be made anew.
    rules = {kept[_rule(index)] for index in old.values()}
    new = [index for name, index in now.items() if name not in rules]
    if not new:
        return Finding("makes-no-index", indexes=", ".join(sorted(now)))
    return _duplicate(new, now) or _plans(room, pages, new)


def _rule(index):
    return index.columns, index.where


def _pages(random):
    """A quiet house for a year, one in the middle for a season, the busiest for a summer."""
    year = date(2023, 1, 1) + timedelta(days=random.randrange(700))
    season = date(2023, 1, 1) + timedelta(days=random.randrange(1000))
    return [
        (random.randrange(120, 200), year, year + timedelta(days=365)),
        (random.randrange(20, 60), season, season + timedelta(days=92)),
        (1, date(random.choice([2023, 2024, 2025]), 6, 1), date(2026, 1, 1)),
    ]


def _table(room, before):
    """Is the table still the same one?"""
    if room.rows("SELECT relkind FROM pg_class WHERE oid = to_regclass('bookings')") != [("r",)]:
        return Finding("changes-the-table", seen="there is no table bookings any more")
    columns, content = before
    if room.rows(COLUMNS) != columns:
        return Finding("changes-the-table", seen="the columns of bookings are other ones")
    room.refresh("bookings")
    if (now := room.rows(CONTENT)) != content:
        seen = f"{content[0][0]} bookings have become {now[0][0]}, or hold other values"
        return Finding("changes-the-table", seen=seen)
    return None


def _duplicate(new, now):
    """An index whose columns are the first ones of another."""
    for index in new:
        for other in now.values():
            first = other.columns[: len(index.columns)]
            if other != index and index.columns == first and other.where in ("", index.where):
                seen = {"index": index.name, "columns": ", ".join(index.columns)}
                return Finding("M5-duplicate-index", **seen, other=other.name)
    return None


def _plans(room, pages, new):
    used = set()
    for page in pages:
        (wanted,) = room.rows(f"SELECT count(*) FROM bookings WHERE {WANTED}", *page)[0]
        plan = room.plan(CALENDAR, *page)
        names = plan.indexes & {index.name for index in new}
        used |= names
        seen = {
            "wanted": wanted,
            "visited": plan.visited,
            "pages": _index_pages(plan),
            "plan": " <- ".join(plan.types),
        }
        if not names or plan.visited > wanted or seen["pages"] > 5 + wanted // 100:
            return Finding(_mistake(new, names), **seen, index=_columns(new))
    for index in new:
        if index.name not in used:
            return Finding("index-nobody-uses", index=index.name, columns=_columns([index]))
    return None


def _index_pages(plan):
    """Pages of indexes; a plain index scan also touches at most one page of the table a row."""
    pages = 0
    for node in plan.nodes:
        if node.type == "Bitmap Index Scan":
            pages += node.buffers
        elif node.type in ("Index Scan", "Index Only Scan"):
            pages += max(0, node.buffers - node.rows - node.removed)
    return pages


def _mistake(new, names):
    """Name what was measured by the shape of the indexes."""
    if any(index.where for index in new) and not names:
        return "leaves-out-rows"
    if len(new) > 1:
        return "two-indexes"
    columns = [*new[0].columns]
    if [column for column in columns if not column.isidentifier()]:
        return "expression-in-the-index"
    if len(columns) == 1 and columns[0] in KEYS:
        return "one-column"
    if columns[:2] == KEYS[::-1]:
        return "column-order"
    return "visits-too-much"


def _columns(new):
    return " and ".join(f"({', '.join(index.columns)})" for index in new)
