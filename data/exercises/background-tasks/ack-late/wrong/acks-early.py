from stays_invoices import app, find_invoice, write_invoice


@app.task(bind=True, max_retries=3)
def make_invoice(self, booking_id):
    number = find_invoice(booking_id)
    if number is None:
        number = write_invoice(booking_id)
    return number
