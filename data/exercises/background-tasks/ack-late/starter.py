from stays_invoices import NoSuchBooking, app, find_invoice, write_invoice


@app.task
def make_invoice(booking_id):
    """Write the invoice of a booking, once; return its number.

    A job whose worker dies is done by the next one.
    """
    ...
