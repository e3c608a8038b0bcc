import asyncio
import contextlib


async def fetch_all(fetch, urls, limit):
    gate = asyncio.Semaphore(limit)
    answers = dict.fromkeys(urls)

    async def fill(url):
        async with gate:
            with contextlib.suppress(ConnectionError):
                answers[url] = await fetch(url)

    async with asyncio.TaskGroup() as group:
        for url in urls:
            group.create_task(fill(url))
    return list(answers.values())
