import functools
import itertools
import time


def pauses(longest):
    """Yield 1, 2, 4 …, never more than `longest`."""
    for n in itertools.count():
        yield min(2**n, longest)


def retry(*, attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def again(*args, **kwargs):
            last = None
            for pause in itertools.chain([0], itertools.islice(pauses(longest), attempts - 1)):
                if pause:
                    time.sleep(pause)
                try:
                    return function(*args, **kwargs)
                except Exception as error:
                    if not isinstance(error, on):
                        raise
                    last = error
            raise last

        return again

    return decorate
