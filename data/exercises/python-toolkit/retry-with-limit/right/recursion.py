import time
from functools import partial, wraps


def retry(attempts, on, longest, pause=1):
    return partial(decorated, attempts, on, longest, pause)


def decorated(attempts, on, longest, pause, function):
    @wraps(function)
    def call(*args, **kwargs):
        if attempts == 1:
            return function(*args, **kwargs)
        try:
            return function(*args, **kwargs)
        except on:
            time.sleep(min(pause, longest))
        rest = retry(attempts - 1, on, longest, pause * 2)
        return rest(function)(*args, **kwargs)

    return call
