import asyncio


async def fetch_all(fetch, urls, limit):
    semaphore = asyncio.Semaphore(limit)

    async def fetch_one(url):
        async with semaphore:
            return await fetch(url)

    # gather hands on the first error; the answers that came are lost
    return await asyncio.gather(*[fetch_one(url) for url in urls])
