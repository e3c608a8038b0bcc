import asyncio


def fetch_all(fetch, urls, limit):
    async def main():
        gate = asyncio.Semaphore(limit)

        async def one(url):
            async with gate:
                try:
                    return await fetch(url)
                except ConnectionError:
                    return None

        return await asyncio.gather(*[one(url) for url in urls])

    return asyncio.run(main())
