import functools
import time


def retry(attempts, on, longest):
    pauses = (min(2**n, longest) for n in range(attempts - 1))

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for pause in pauses:
                try:
                    return function(*args, **kwargs)
                except on:
                    time.sleep(pause)
            return function(*args, **kwargs)

        return wrapper

    return decorate
