import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args):
            for failed in range(attempts - 1):
                try:
                    return function(*args)
                except on:
                    time.sleep(min(2**failed, longest))
            return function(*args)

        return wrapper

    return decorate
