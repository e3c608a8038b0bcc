import functools


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for _ in range(attempts - 1):
                try:
                    return function(*args, **kwargs)
                except on as error:
                    print("trying again after", error)
            return function(*args, **kwargs)

        return wrapper

    return decorate
