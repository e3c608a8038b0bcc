from stays_invoices import app, find_invoice, write_invoice


@app.task(acks_late=True, reject_on_worker_lost=True)
def make_invoice(booking_id):
    number = find_invoice(booking_id)
    if number is None:
        make_invoice.apply_async((booking_id,), countdown=300)
        number = write_invoice(booking_id)
    return number
