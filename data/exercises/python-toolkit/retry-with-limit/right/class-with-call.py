import functools
from time import sleep


class retry:  # noqa: N801 - it is used as a decorator
    """A decorator whose settings live in an object."""

    def __init__(self, attempts, on, longest):
        self.attempts, self.on, self.longest = attempts, on, longest

    def __call__(self, function):
        return functools.update_wrapper(_Retried(self, function), function)


class _Retried:
    def __init__(self, settings, function):
        self.settings, self.function = settings, function

    def __call__(self, *args, **kwargs):
        for left in reversed(range(self.settings.attempts)):
            try:
                return self.function(*args, **kwargs)
            except self.settings.on:
                if left == 0:
                    raise
            sleep(min(2 ** (self.settings.attempts - left - 1), self.settings.longest))
        return None
