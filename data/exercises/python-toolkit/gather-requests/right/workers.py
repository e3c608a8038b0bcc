import asyncio


async def fetch_all(fetch, urls, limit):
    """`limit` workers share one iterator: each takes the next url when it is done."""
    answers = [None] * len(urls)
    todo = iter(enumerate(urls))

    async def work():
        for place, url in todo:
            try:
                answers[place] = await fetch(url)
            except ConnectionError:
                answers[place] = None

    await asyncio.gather(*(work() for _ in range(limit)))
    return answers
