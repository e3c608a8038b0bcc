def connected(connect):
    def decorator(func):
        def wrapper(*args, **kwargs):
            conn = connect()
            try:
                result = func(conn, *args, **kwargs)
            except Exception:
                conn.rollback()
                raise
            else:
                conn.commit()
                return result
            finally:
                conn.close()

        return wrapper

    return decorator
