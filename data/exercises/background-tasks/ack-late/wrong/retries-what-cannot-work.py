from stays_invoices import app, find_invoice, write_invoice


@app.task(
    acks_late=True,
    reject_on_worker_lost=True,
    autoretry_for=(Exception,),
    max_retries=3,
    retry_backoff=True,
)
def make_invoice(booking_id):
    number = find_invoice(booking_id)
    if number is None:
        number = write_invoice(booking_id)
    return number
