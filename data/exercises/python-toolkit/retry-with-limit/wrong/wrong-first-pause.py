import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for attempt in range(1, attempts):
                try:
                    return function(*args, **kwargs)
                except on:
                    time.sleep(min(2**attempt, longest))
            return function(*args, **kwargs)

        return wrapper

    return decorate
