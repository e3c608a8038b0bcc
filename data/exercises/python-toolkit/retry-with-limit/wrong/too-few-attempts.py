import functools
import time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            error = None
            for attempt in range(1, attempts):
                try:
                    return function(*args, **kwargs)
                except on as e:
                    error = e
                    if attempt < attempts - 1:
                        time.sleep(min(2 ** (attempt - 1), longest))
            raise error

        return wrapper

    return decorate
