import asyncio, functools


def retry(attempts, on, longest):
    def decorate(function):
        @functools.wraps(function)
        async def wrapper(*args, **kwargs):
            for n in range(attempts):
                try:
                    return function(*args, **kwargs)
                except on:
                    if n == attempts - 1:
                        raise
                    await asyncio.sleep(min(2**n, longest))

        return wrapper

    return decorate
