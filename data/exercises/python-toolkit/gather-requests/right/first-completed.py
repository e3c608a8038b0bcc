import asyncio


async def fetch_all(fetch, urls, limit):
    """Keep a set of open tasks; wait for the first of them before the next begins."""
    tasks, pending = [], set()
    for url in urls:
        if len(pending) == limit:
            _, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        tasks.append(asyncio.create_task(fetch(url)))
        pending.add(tasks[-1])
    answers = []
    for answer in await asyncio.gather(*tasks, return_exceptions=True):
        if isinstance(answer, BaseException) and not isinstance(answer, ConnectionError):
            raise answer
        answers.append(None if isinstance(answer, ConnectionError) else answer)
    return answers
