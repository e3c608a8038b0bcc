import asyncio


async def fetch_all(fetch, urls, limit):
    results = [None] * len(urls)
    share = len(urls) // limit

    async def worker(number):
        for place in range(number * share, (number + 1) * share):
            try:
                results[place] = await fetch(urls[place])
            except ConnectionError:
                results[place] = None

    await asyncio.gather(*[worker(number) for number in range(limit)])
    return results
