from collections import deque


class Stream:
    def __init__(self, connection, page):
        self.connection, self.page = connection, page
        self.waiting, self.last, self.ended = deque(), 0, False

    def __iter__(self):
        return self

    def __next__(self):
        if not self.waiting and not self.ended:
            self.fetch()
        if not self.waiting:
            raise StopIteration
        row = self.waiting.popleft()
        self.last = row[0]
        return row

    def fetch(self):
        found = self.connection.execute(
            "select id, total_cents from bookings where id > :last order by id asc limit :page",
            {"last": self.last, "page": self.page},
        )
        self.waiting.extend(found)
        self.ended = len(self.waiting) < self.page


def stream_rows(connection, page):
    return Stream(connection, page)
