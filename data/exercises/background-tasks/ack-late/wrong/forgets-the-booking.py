from stays_invoices import app, find_invoice, write_invoice


@app.task(bind=True, acks_late=True, reject_on_worker_lost=True)
def make_invoice(self, booking_id):
    return find_invoice(self.request.id) or write_invoice(booking_id)
