"""Does one table refuse the same bad rows on PostgreSQL and on MySQL, and take the good ones?"""

from datetime import date, timedelta

from prodev.judge import Finding
from prodev.judge.kinds.sql.ddl import references_behind_columns

SETUP = """
CREATE TABLE users (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL);
CREATE TABLE properties (id BIGINT PRIMARY KEY, name VARCHAR(100) NOT NULL);
INSERT INTO users VALUES (1, 'Amara'), (2, 'Bilal'), (3, 'Chipo');
INSERT INTO properties VALUES (1, 'Sea View'), (2, 'Old Mill'), (3, 'City Loft');
"""
TYPES = """
SELECT column_name, data_type FROM information_schema.columns
WHERE table_name = 'bookings' AND table_schema NOT IN ('information_schema', 'pg_catalog')
"""
FLOATS = ("double precision", "real", "double", "float")


def check(answer):
    good, bad = _rows(answer.random)
    room = answer.database("postgresql", setup=SETUP)
    if found := _runs(answer, room, "not-on-postgresql") or _judge(room, good, bad, {}):
        return found
    if columns := references_behind_columns(answer.text):
        return Finding("references-behind-a-column", columns=", ".join(columns))
    on_postgresql = {name: room.try_insert("bookings", row) for name, row in bad.items()}

    room = answer.database("mysql", setup=SETUP)
    return _runs(answer, room, "not-on-mysql") or _judge(room, good, bad, on_postgresql)


def _rows(random):
    """The good rows and the bad ones, by what is special about them."""
    start = date(2030, 1, 1) + timedelta(days=random.randrange(300))
    nights = random.randrange(2, 15)
    row = {
        "id": random.randrange(100, 10_000),
        "reference": "",
        "property_id": random.randrange(1, 4),
        "guest_id": random.randrange(1, 3),
        "check_in": str(start),
        "check_out": str(start + timedelta(days=nights)),
        "guests": random.randrange(2, 9),
        "total_cents": random.randrange(5_000, 3_000_000),
        "breakfast": True,
    }
    good = {
        "an ordinary booking": row,
        "the same guest and house again": {**row},
        "one person, one night, no breakfast": row
        | {"guests": 1, "breakfast": False, "check_out": str(start + timedelta(days=1))},
        "a free stay on a leap day": row
        | {"total_cents": 0, "check_in": "2028-02-29", "check_out": "2028-03-01"},
        "a stay in 2040": row | {"check_in": "2040-05-01", "check_out": "2040-05-04"},
    }
    day = random.choice(["2030-02-30", "2031-02-29", "2030-04-31"])
    bad = {f"no {name}": row | {name: None} for name in row if name != "id"}
    bad |= {
        "zero people": row | {"guests": 0},
        "a price below zero": row | {"total_cents": -1},
        "leaves on the day of arriving": row | {"check_out": str(start)},
        "leaves before arriving": row | {"check_out": str(start - timedelta(days=nights))},
        f"arrives on {day}": row | {"check_in": day, "check_out": "2031-12-01"},
        f"leaves on {day}": row | {"check_in": "2029-12-01", "check_out": day},
        "a guest who does not exist": row | {"guest_id": random.randrange(4, 99)},
        "a house that does not exist": row | {"property_id": random.randrange(4, 99)},
        "breakfast: 2": row | {"breakfast": 2},
    }
    # Each row has an id of its own: not every table of MySQL takes a row back.
    for number, one in enumerate([*good.values(), *bad.values()]):
        one["id"] += number
        if one["reference"] is not None:
            one["reference"] = f"ST-{one['id']:017}"
    taken = row | {"id": row["id"] + 1_000, "reference": f"ST-{row['id'] + 1_000:017}"}
    bad["an id that is taken"] = taken | {"id": row["id"]}
    bad["a reference that is taken"] = taken | {"reference": row["reference"]}
    return good, bad


def _runs(answer, room, code):
    for ran in answer.execute(room):
        if ran.refusal:
            seen = {"line": ran.statement.line, "said": ran.refusal.message}
            return Finding(code, engine=room.title, **seen)
    if not room.rows(TYPES):
        return Finding("no-table", engine=room.title)
    return None


def _judge(room, good, bad, elsewhere):
    """Try all rows; ``elsewhere`` says what the other engine answered to the bad ones."""
    for name, row in good.items():
        if refusal := room.try_insert("bookings", row):
            seen = {"row": name, "said": refusal.message}
            return Finding("refuses-a-good-row", engine=room.title, **seen)
    for column, kind in room.rows(TYPES):
        if kind in FLOATS:
            return Finding("M8-float-column", engine=room.title, column=column, type=kind)
    first = good["an ordinary booking"]
    if not room.rows("SELECT id FROM bookings"):
        room.insert("bookings", first)
    for name, row in bad.items():
        if room.try_insert("bookings", row) is None:
            seen = {"engine": room.title, "row": name}
            if refused := elsewhere.get(name):
                seen["postgresql"] = refused.message
            return Finding(_code(name, elsewhere), **seen)
    for table, column in (("users", "guest_id"), ("properties", "property_id")):
        if room.attempt(f"DELETE FROM {table} WHERE id = %s", first[column]) is None:
            return Finding("loses-bookings", engine=room.title, table=table)
    return None


def _code(name, elsewhere):
    if name == "breakfast: 2":
        return "boolean-on-mysql" if elsewhere else "not-yes-or-no"
    if name.endswith("does not exist"):
        return "key-ignored" if elsewhere else "no-foreign-key"
    if name.endswith("is taken"):
        return "taken-twice"
    if name.startswith("no "):
        return "value-missing"
    return "dates-as-text" if " on 203" in name else "rule-missing"
