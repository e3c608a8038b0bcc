"""Does ``retry`` keep its promise: so many calls, for these errors, with these pauses?"""

from prodev.judge import Finding, Raise, same

LOOK = """
from inspect import iscoroutinefunction as judge_is_async

def name_of_decorated(function):
    return getattr(function, "__name__", None)

def judge_type_of(value):
    return type(value).__name__

def judge_result_of(value):
    return f"the exception itself, {value!r}" if isinstance(value, BaseException) else value
"""
BUGS = {"NameError", "TypeError", "AttributeError"}
LATE = "an answer that nobody should wait for"


class Scene:
    """A decorated function that follows a script, and what the judge saw of its last call."""

    def __init__(self, answer, *, attempts, on="ConnectionError", longest=64):
        self.answer = answer
        self.script = iter(())
        given = tuple(answer.exception(name) for name in on.split(", "))
        self.function = answer.function("charge", self._follow)
        decorate = answer.call(
            "retry",
            attempts=attempts,
            on=given if len(given) > 1 else given[0],
            longest=longest,
            keep=True,
        )
        self.decorated = answer.call(decorate, self.function, keep=True)

    def _follow(self, *args, **kwargs):  # noqa: ARG002 - the calls are recorded
        return next(self.script, LATE)

    def play(self, script, *args, **kwargs):
        """Call the decorated function once; a name in the script is an exception to raise."""
        words = [
            Raise(word[0], f"request {n} lost") if type(word) is tuple else word
            for n, word in enumerate(script, 1)
        ]
        self.script = iter(words)
        before, slept, start = len(self.function.calls), len(self.answer.slept), self.answer.now
        outcome = self.answer.attempt(self.decorated, *args, keep=True, **kwargs)
        self.calls = self.function.calls[before:]
        self.made = len(self.calls)
        self.pauses = self.answer.slept[slept:]
        self.slept_first = bool(self.calls) and self.calls[0].at > start
        self.slept_last = bool(self.calls) and self.answer.now > self.calls[-1].at
        self.error = outcome.error
        self.got = None if self.error else self.answer.call("judge_result_of", outcome.value)
        return self

    def raise_bug(self):
        """An error of the answer's own, such as a wrong name, is shown with its line."""
        if self.error and BUGS & {self.error.name, *self.error.bases}:
            raise self.error


def failing(count, name="ConnectionError"):
    return [(name,)] * count


def check(answer):
    answer.prepare(LOOK)
    steps = (_shape, _success, _attempts, _other_errors, _listed_errors, _last_error)
    steps += (_later_success, _pauses, _second_call, _name)
    for step in steps:
        if found := step(answer):
            return found
    return None


def _shape(answer):
    """What the line with ``@`` makes, before anybody calls it."""
    charge = answer.function("charge", lambda *args, **kwargs: LATE)  # noqa: ARG005
    on = answer.exception("ConnectionError")
    decorate = answer.call("retry", attempts=3, on=on, longest=64, keep=True)
    if found := _no_function(answer, "retry(...)", decorate):
        return found
    decorated = answer.call(decorate, charge, keep=True)
    if charge.calls:
        return Finding("calls-when-decorating", made=len(charge.calls))
    if found := _no_function(answer, "retry(...)(charge)", decorated):
        return found
    return Finding("makes-it-async") if answer.call("judge_is_async", decorated) else None


def _no_function(answer, of, made):
    if answer.callable(made):
        return None
    return Finding("returns-no-function", of=of, type=answer.call("judge_type_of", made))


def _success(answer):
    """One call is enough: arguments and result pass through, whatever they are."""
    paid = answer.random.randrange(100, 10_000)
    scene = Scene(answer, attempts=3)
    scene.play([paid])
    if scene.error:
        raise scene.error
    if scene.made > 1:
        return _too_many(scene, paid, 1)
    if not same(scene.got, paid):
        returned = paid if scene.made else "nothing (it was not called)"
        return Finding("loses-the-result", returned=returned, got=repr(scene.got))
    args, kwargs = _order(answer)
    scene.play([paid], *args, **kwargs)
    if found := _handed(scene, args, kwargs):
        return found
    for nothing in (None, 0, "", [], False):
        scene.play([nothing])
        if scene.made > 1:
            return _too_many(scene, nothing, 1)
        if scene.error:
            raise scene.error
        if not same(scene.got, nothing):
            return Finding("loses-the-result", returned=repr(nothing), got=repr(scene.got))
    return None


def _order(answer):
    draw = answer.random.randrange
    return (draw(100, 10_000), "EUR"), {"key": f"order-{draw(1000)}"}


def _handed(scene, args, kwargs):
    """Every call must be made with what the caller wrote."""
    for call in scene.calls:
        if not same((call.args, call.kwargs), (args, kwargs)):
            got = _written(call.args, call.kwargs)
            return Finding("loses-the-arguments", caller=_written(args, kwargs), got=got)
    if not scene.calls:
        got = str(scene.error or "no call")
        return Finding("loses-the-arguments", caller=_written(args, kwargs), got=got)
    return None


def _attempts(answer):
    """A function that always fails, for several limits."""
    for attempts in (3, 1, 2, 4, 5, answer.random.randrange(6, 10)):
        scene = Scene(answer, attempts=attempts, longest=1_000).play(failing(attempts + 6))
        scene.raise_bug()
        seen = {"attempts": attempts, "made": scene.made}
        if scene.made > attempts:
            endless = scene.got == LATE
            return Finding("never-gives-up" if endless else "M1-one-attempt-too-many", **seen)
        if scene.made < attempts:
            return Finding("too-few-attempts", **seen)
    return None


def _other_errors(answer):
    """An error that is not listed is a bug, and stays one: at the first call, or later."""
    for on, other in (
        ("ConnectionError", "ValueError"),
        ("ConnectionError", "OSError"),
        ("TimeoutError", "ConnectionError"),
        ("LookupError, TimeoutError", "ConnectionError"),
    ):
        for before in (0, 1):
            first = failing(before, on.split(", ")[0])
            scene = Scene(answer, attempts=4, on=on).play(first + failing(9, other))
            scene.raise_bug()
            if scene.made > before + 1:
                return Finding("M1-catches-everything", on=on, raised=other, made=scene.made)
            if scene.made <= before:
                return Finding("misses-listed-errors", on=on, raised=first[0][0], made=scene.made)
            if found := _heard(scene, other):
                return found
    return None


def _listed_errors(answer):
    """Subclasses and every type of a tuple are worth a new attempt."""
    for on, names in (
        ("ConnectionError", ["ConnectionResetError", "ConnectionError", "BrokenPipeError"]),
        ("TimeoutError, ConnectionError", ["ConnectionError", "TimeoutError", "ConnectionError"]),
        ("LookupError, ValueError", ["IndexError", "ValueError", "KeyError"]),
    ):
        for raised in names:
            scene = Scene(answer, attempts=3, on=on).play(failing(3, raised))
            scene.raise_bug()
            if scene.made < 3:
                return Finding("misses-listed-errors", on=on, raised=raised, made=scene.made)
        scene = Scene(answer, attempts=3, on=on).play([(name,) for name in names[:2]] + ["paid"])
        if scene.made < 3:
            raised = names[scene.made - 1]
            return Finding("misses-listed-errors", on=on, raised=raised, made=scene.made)
        if not same(scene.got, "paid"):
            return Finding("loses-the-result", returned="'paid'", got=repr(scene.got))
    return None


def _last_error(answer):
    """After the last attempt the caller hears the function's own last error."""
    for attempts in (3, 1, 2):
        scene = Scene(answer, attempts=attempts).play(failing(attempts))
        if found := _heard(scene, "ConnectionError"):
            return found
    return None


def _heard(scene, name):
    last = f"{name}: request {scene.made} lost"
    if scene.error is None:
        return Finding("swallows-the-last-error", error=last, got=repr(scene.got))
    if str(scene.error) != last:
        return Finding("raises-another-error", error=last, got=str(scene.error))
    return None


def _later_success(answer):
    """The function fails some times, then works."""
    for failures in (1, 2, 3):
        paid = answer.random.randrange(100, 10_000)
        args, kwargs = _order(answer)
        scene = Scene(answer, attempts=4).play([*failing(failures), paid], *args, **kwargs)
        if found := _handed(scene, args, kwargs):
            return found
        scene.raise_bug()
        if scene.made > failures + 1:
            return _too_many(scene, paid, failures + 1)
        if scene.made < failures + 1:
            return Finding("too-few-attempts", attempts=4, made=scene.made)
        if not same(scene.got, paid):
            return Finding("loses-the-result", returned=paid, got=repr(scene.got))
    return None


def _too_many(scene, returned, at):
    return Finding("goes-on-after-success", returned=repr(returned), at=at, made=scene.made)


def _pauses(answer):
    """What was slept, and where."""
    some = answer.random.randrange(3, 8) + 0.5
    for longest in (64, 5, some, 0.5):
        for failures in (0, 2, 7):
            scene = Scene(answer, attempts=7, longest=longest).play([*failing(failures), "paid"])
            wanted = [min(2**n, longest) for n in range(min(failures, 6))]
            if found := _pause(scene, longest, wanted):
                return found
    return _pause(Scene(answer, attempts=1).play(failing(1)), 64, [])


def _pause(scene, longest, wanted):
    seen = {"longest": longest, "expected": _seconds(wanted), "got": _seconds(scene.pauses)}
    code = _pause_code(scene, longest, wanted)
    return Finding(code, calls=scene.made, **seen) if code else None


def _pause_code(scene, longest, wanted):
    mistakes = (
        ("sleeps-before-the-first", scene.slept_first),
        ("sleeps-after-the-last", scene.slept_last),
        ("gives-up-at-the-longest", scene.made <= len(wanted)),
        ("", scene.pauses == wanted),
        ("does-not-wait", not scene.pauses),
        ("waits-beyond-the-longest", max(scene.pauses, default=0) > longest),
        ("wrong-first-pause", scene.pauses[:1] != wanted[:1]),
        ("pauses-do-not-double", True),
    )
    return next(code for code, made in mistakes if made)


def _second_call(answer):
    """The decorated function is called again: it begins anew, after a failure and a success."""
    scene = Scene(answer, attempts=3)
    for script in (failing(3), failing(3), ["paid"], [*failing(1), "paid"], failing(3)):
        scene.play(script)
        made, pauses = scene.made, scene.pauses
        if made != len(script) or pauses != [1, 2][: made - 1]:
            expected, got = _told(len(script), [1, 2][: len(script) - 1]), _told(made, pauses)
            return Finding("shares-its-count", expected=expected, got=got)
    return None


def _name(answer):
    scene = Scene(answer, attempts=3)
    name = answer.call("name_of_decorated", scene.decorated)
    return None if name == "charge" else Finding("loses-the-name", expected="charge", got=name)


def _told(made, pauses):
    return f"{made} {'call' if made == 1 else 'calls'}, {_seconds(pauses)}"


def _seconds(pauses):
    return f"pauses of {', '.join(f'{s:g}' for s in pauses)} s" if pauses else "no pause"


def _written(args, kwargs):
    parts = [repr(value) for value in args] + [f"{k}={value!r}" for k, value in kwargs.items()]
    return f"charge({', '.join(parts)})"
