import asyncio


async def fetch_all(fetch, urls, limit):
    answers = dict.fromkeys(urls)
    waiting = iter(urls)

    async def worker():
        try:
            for url in waiting:
                answers[url] = await fetch(url)
        except ConnectionError:
            pass

    await asyncio.gather(*(worker() for _ in range(limit)))
    return list(answers.values())
