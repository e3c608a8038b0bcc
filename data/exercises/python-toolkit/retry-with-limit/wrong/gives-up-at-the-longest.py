import functools, time


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            waited = 0
            for n in range(attempts):
                try:
                    return function(*args, **kwargs)
                except on:
                    pause = 2**n
                    if n == attempts - 1 or waited + pause > longest:
                        raise
                    time.sleep(pause)
                    waited += pause

        return wrapper

    return decorate
