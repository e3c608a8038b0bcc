"""Does each caller reach their own bookings, and nobody else's?"""

from prodev.judge import Finding

PATH = "/api/bookings"
MOUNT = """
from django.urls import include, path
from rest_framework.routers import SimpleRouter

router = SimpleRouter(trailing_slash=False)
router.register("bookings", answer.Bookings, "booking")
urlpatterns = [path("api/", include(router.urls))]
"""
STATUSES = ("confirmed", "pending", "cancelled")
MOST_PAGES = 12
COLUMNS = "id, property_id, guest_id, check_in, check_out, guests, status"


class Stays:
    """Two guests, two hosts who also travel, an admin, and their bookings."""

    def __init__(self, answer):
        self.answer, world = answer, answer.world
        # One host's number is below those of the guests, the other one's above.
        self.other_host = world.user("host", "Ines")
        self.ann, self.bo = world.user(name="Ann"), world.user(name="Bo")
        self.host = world.user("host", "Hana")
        self.admin = world.user("admin", "Root")
        self.houses = world.properties(2, self.host, max_guests=9)
        self.far = world.property(self.other_host, max_guests=9)
        self.nobody_is_here = world.property(world.user("host"))
        self.bookings = []
        for guest, places in (
            (self.ann, (*self.houses, self.far)),
            (self.bo, (self.houses[0], self.far)),
            (self.host, (self.far, self.houses[1])),
        ):
            for place in places:
                for status in STATUSES:
                    if status == "confirmed" or answer.random.random() < 0.8:
                        self.bookings.append(world.booking(guest, place, status=status))
            if not any(
                row.guest_id == guest.id and row.status == "cancelled" for row in self.bookings
            ):
                self.bookings.append(world.booking(guest, places[0], status="cancelled"))
        answer.random.shuffle(self.bookings)

    def one(self, guest, place):
        """Return a booking of a guest at a place."""
        return next(
            row for row in self.bookings if (row.guest_id, row.property_id) == (guest.id, place.id)
        )

    def of(self, who, status=""):
        """Return the ids of the bookings that a caller may see."""
        houses = {place.id for place in self.houses} if who is self.host else set()
        houses |= {self.far.id} if who is self.other_host else set()
        return {
            row.id
            for row in self.bookings
            if (who is self.admin or row.guest_id == who.id or row.property_id in houses)
            and status in ("", row.status)
        }

    def listed(self, who, status=""):
        """Return the ids of all pages of a caller's list, or the status that says no."""
        path, found = f"{PATH}?status={status}" if status else PATH, []
        for _ in range(MOST_PAGES):
            seen = self.answer.get(path, who)
            if seen.status != 200:
                return seen.status
            found += seen.ids
            following = seen.json.get("next") if isinstance(seen.json, dict) else None
            if not isinstance(following, str) or PATH not in following:
                return found
            path = PATH + following.partition(PATH)[2]
        return found

    def row(self, booking):
        """Return a booking as the database has it now."""
        query = f"SELECT {COLUMNS} FROM bookings WHERE id = %s"
        return next(iter(self.answer.world.select(query, booking.id)), None)

    def ask(self, method, booking, who, **options):
        """Send a request about one booking."""
        data = {"guests": _other(booking.guests)} if method in ("PATCH", "PUT") else None
        options.setdefault("json", data)
        return self.answer.send(method, f"{PATH}/{booking.id}", who, **options)

    def unchanged(self, booking):
        """Whether a booking is as it was made."""
        return self.row(booking) == tuple(getattr(booking, name) for name in COLUMNS.split(", "))


def check(answer):
    stays = Stays(answer)
    answer.start(MOUNT)
    steps = (_lists, _filters, _fields, _guest, _others, _host_reads, _strangers, _admin)
    for step in steps:
        if found := step(stays):
            return found
    return None


def _other(number):
    return 3 if number != 3 else 4


def _wrong_status(what, who, expected, got):
    return Finding("wrong-status", request=what, caller=_name(who), expected=expected, got=got)


def _name(who):
    return f"the {who.role} {who.name}" if who else "a stranger"


def _lists(stays):
    for who in (stays.ann, stays.bo, stays.host, stays.other_host, stays.admin):
        listed, wanted = stays.listed(who), stays.of(who)
        if isinstance(listed, int):
            return _wrong_status(f"GET {PATH}", who, 200, listed)
        if extra := set(map(str, listed)) - set(map(str, wanted)):
            return _leak(stays, who, len(listed), len(extra))
        if missing := wanted - set(listed):
            return _missing(stays, who, missing)
        if len(listed) != len(wanted):
            return Finding(
                "own-bookings-missing", caller=_name(who), expected=len(wanted), got=len(listed)
            )
    return None


def _leak(stays, who, rows, extra):
    seen = stays.ask("GET", stays.one(stays.bo, stays.far), stays.ann)
    code = "M10-every-booking" if seen.status == 200 else "only-objects-are-checked"
    return Finding(code, caller=_name(who), rows=rows, others=extra, one=seen.status)


def _missing(stays, who, missing):
    code = "own-bookings-missing"
    if who is stays.admin:
        code = "forgets-the-admin"
    elif who in (stays.host, stays.other_host):
        own = [row for row in stays.bookings if row.guest_id == who.id]
        houses = {place.id for place in (*stays.houses, stays.far) if place.host_id == who.id}
        if missing == stays.of(who) - {row.id for row in own}:
            code = "forgets-the-host"
        elif missing == {row.id for row in own if row.property_id not in houses}:
            code = "host-loses-own-trips"
    wanted = len(stays.of(who))
    return Finding(code, caller=_name(who), expected=wanted, got=wanted - len(missing))


def _filters(stays):
    for who in (stays.ann, stays.host, stays.admin):
        for status in STATUSES:
            request, wanted = f"GET {PATH}?status={status}", stays.of(who, status)
            listed = stays.listed(who, status)
            if isinstance(listed, int):
                return _wrong_status(request, who, 200, listed)
            seen = {"caller": _name(who), "request": request}
            if extra := set(listed) - stays.of(who):
                return Finding(
                    "filter-starts-from-all", **seen, rows=len(listed), others=len(extra)
                )
            if sorted(listed) != sorted(wanted):
                return Finding("filter-is-wrong", **seen, expected=len(wanted), got=len(listed))
    return None


def _others(stays):
    """A booking of others is not found, by whatever method, and stays as it is."""
    booking = stays.one(stays.bo, stays.houses[0])
    never = booking._replace(id=booking.id + 100_000)
    for who in (stays.ann, stays.other_host):
        for method in ("GET", "PATCH", "PUT", "DELETE"):
            seen = stays.ask(method, booking, who)
            request = f"{method} {PATH}/{booking.id}"
            if not stays.unchanged(booking) or (seen.status < 300 and method != "GET"):
                return _changed(request, who, seen.status)
            if isinstance(seen.json, dict) and seen.json.get("id") == booking.id:
                return Finding(
                    "only-the-list-is-scoped", request=request, caller=_name(who), got=seen.status
                )
            unknown = stays.ask(method, never, who)
            if unknown.status != 404:
                return _wrong_status(f"{method} {PATH}/{never.id}", who, 404, unknown.status)
            if seen.status == 403 or seen.text != unknown.text:
                return Finding(
                    "tells-that-it-exists",
                    request=request,
                    caller=_name(who),
                    got=seen.status,
                    unknown=unknown.status,
                )
            if seen.status != 404:
                return _wrong_status(request, who, 404, seen.status)
    return None


def _changed(request, who, status):
    return Finding("changes-are-not-scoped", request=request, caller=_name(who), got=status)


def _host_reads(stays):
    """A host reads a booking of their house, and may not change it."""
    for host, booking in (
        (stays.host, stays.one(stays.ann, stays.houses[1])),
        (stays.other_host, stays.one(stays.ann, stays.far)),
    ):
        seen = stays.ask("GET", booking, host)
        request = f"GET {PATH}/{booking.id}"
        if (
            seen.status != 200
            or not isinstance(seen.json, dict)
            or seen.json.get("id") != booking.id
        ):
            return _wrong_status(request, host, 200, seen.status)
        for method in ("PATCH", "PUT", "DELETE"):
            seen = stays.ask(method, booking, host)
            request = f"{method} {PATH}/{booking.id}"
            if seen.status < 300 or not stays.unchanged(booking):
                return Finding(
                    "host-may-change", request=request, caller=_name(host), got=seen.status
                )
            if seen.status != 403:
                return _wrong_status(request, host, 403, seen.status)
    return None


def _strangers(stays):
    booking = stays.one(stays.ann, stays.far)
    requests = [("GET", PATH), *((m, f"{PATH}/{booking.id}") for m in ("GET", "PATCH", "DELETE"))]
    for method, path in requests:
        data = {"guests": _other(booking.guests)} if method == "PATCH" else None
        seen = stays.answer.send(method, path, None, json=data, may_raise=True)
        if seen.status != 401 or not stays.unchanged(booking):
            return Finding("strangers-are-let-in", request=f"{method} {path}", got=seen.status)
    return None


def _guest(stays):
    """Who made a booking changes it and gives it back, a host on a journey too."""
    for who, place in ((stays.ann, stays.houses[0]), (stays.host, stays.far)):
        booking = stays.one(who, place)
        for method in ("PATCH", "PUT"):
            number = _new_number(stays, booking)
            seen = stays.ask(method, booking, who, json={"guests": number})
            request = f"{method} {PATH}/{booking.id}"
            if seen.status != 200:
                return _refused("guest-may-not-change", request, who, 200, seen.status)
            if stays.row(booking).guests != number:
                return Finding(
                    "change-is-lost",
                    request=request,
                    caller=_name(who),
                    expected=number,
                    got=stays.row(booking).guests,
                )
        if found := _deletes(stays, booking, who, "guest-may-not-change"):
            return found
    return None


def _new_number(stays, booking):
    """Return a number of guests that the booking does not have."""
    now = stays.row(booking).guests
    return stays.answer.random.choice([number for number in range(1, 9) if number != now])


def _deletes(stays, booking, who, code):
    seen = stays.ask("DELETE", booking, who)
    request = f"DELETE {PATH}/{booking.id}"
    if seen.status != 204:
        return _refused(code, request, who, 204, seen.status)
    if stays.row(booking) is not None:
        return Finding(
            "change-is-lost", request=request, caller=_name(who), expected="no row", got="the row"
        )
    return None


def _refused(code, request, who, expected, got):
    if got in (403, 404, 405):
        return Finding(code, request=request, caller=_name(who), expected=expected, got=got)
    return _wrong_status(request, who, expected, got)


def _fields(stays):
    """Nobody gives a booking away, or confirms it, by what the body says."""
    booking = stays.one(stays.bo, stays.far)
    for name, value in (
        ("guest", stays.ann.id),
        ("property", stays.houses[0].id),
        ("status", "pending" if booking.status != "pending" else "confirmed"),
        ("check_in", "2026-01-01"),
        ("check_out", "2031-01-01"),
    ):
        data = {"guests": booking.guests, name: value}
        seen = stays.ask("PATCH", booking, stays.bo, json=data, may_raise=True)
        if not stays.unchanged(booking) or seen.status >= 500:
            return Finding("gives-a-booking-away", field=name, value=value, got=seen.status)
    return None


def _admin(stays):
    booking = stays.one(stays.bo, stays.houses[0])
    seen = stays.ask("GET", booking, stays.admin)
    if seen.status != 200:
        return _wrong_status(f"GET {PATH}/{booking.id}", stays.admin, 200, seen.status)
    number = _new_number(stays, booking)
    seen = stays.ask("PATCH", booking, stays.admin, json={"guests": number})
    request = f"PATCH {PATH}/{booking.id}"
    if seen.status != 200:
        return _refused("admin-may-not-change", request, stays.admin, 200, seen.status)
    if stays.row(booking).guests != number:
        return Finding(
            "change-is-lost",
            request=request,
            caller=_name(stays.admin),
            expected=number,
            got=stays.row(booking).guests,
        )
    return _deletes(stays, booking, stays.admin, "admin-may-not-change")
