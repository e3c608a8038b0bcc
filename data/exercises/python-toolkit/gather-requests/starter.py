async def fetch_all(fetch, urls, limit):
    """Return the answers of all urls, as a list in the order of `urls`.

    At most `limit` requests are open at the same time, and no place stays empty while urls are
    left. A url whose `fetch(url)` raises ConnectionError gives None; other errors go to the caller.
    """
    ...
