def cached(run, seconds, now):
    fetched_at = {}
    rows = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        fetched_at.setdefault(key, now())
        if key not in rows or now() - fetched_at[key] >= seconds:
            rows[key] = run(sql, *parameters)
        return list(rows[key])

    return ask
