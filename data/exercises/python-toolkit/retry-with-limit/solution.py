import functools
import time


def retry(attempts, on, longest):
    """Return a decorator: at most `attempts` calls, again only after `on`, with growing pauses."""

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for failed in range(attempts - 1):
                try:
                    return function(*args, **kwargs)
                except on:
                    time.sleep(min(2**failed, longest))
            return function(*args, **kwargs)

        return wrapper

    return decorate
