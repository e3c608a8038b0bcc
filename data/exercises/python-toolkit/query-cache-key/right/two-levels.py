from collections import defaultdict


def cached(run, seconds, now):
    rows_of = defaultdict(dict)
    fetched = defaultdict(dict)

    def ask(sql, *parameters):
        try:
            age = now() - fetched[sql][parameters]
        except KeyError:
            age = None
        if age is None or not age < seconds:
            rows = run(sql, *parameters)
            rows_of[sql][parameters] = tuple(rows)
            fetched[sql][parameters] = now()
        return [*rows_of[sql][parameters]]

    return ask
