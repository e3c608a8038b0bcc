from stays_invoices import NoSuchBooking, app, find_invoice, write_invoice


@app.task(acks_late=True, reject_on_worker_lost=True)
def make_invoice(booking_id):
    number = find_invoice(booking_id)
    if number is None:
        try:
            number = write_invoice(booking_id)
        except NoSuchBooking as error:
            return f"no invoice: {error}"
    return number
