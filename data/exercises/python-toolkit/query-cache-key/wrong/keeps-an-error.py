def cached(run, seconds, now):
    rows = {}
    asked_at = {}

    def ask(sql, *parameters):
        key = (sql, parameters)
        if key not in asked_at or now() - asked_at[key] >= seconds:
            asked_at[key] = now()
            rows[key] = run(sql, *parameters)
        return list(rows.get(key, []))

    return ask
