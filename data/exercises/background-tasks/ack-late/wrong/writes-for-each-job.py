from stays_invoices import app, find_invoice, write_invoice


@app.task(bind=True, acks_late=True, reject_on_worker_lost=True)
def make_invoice(self, booking_id):
    number = None
    if self.request.delivery_info["redelivered"]:
        number = find_invoice(booking_id)
    return number or write_invoice(booking_id)
