from stays_invoices import app, find_invoice, write_invoice


@app.task(bind=True, acks_late=True, reject_on_worker_lost=True)
def make_invoice(self, booking_id):
    number = find_invoice(booking_id)
    if number is None and not self.request.delivery_info["redelivered"]:
        number = write_invoice(booking_id)
    return number
