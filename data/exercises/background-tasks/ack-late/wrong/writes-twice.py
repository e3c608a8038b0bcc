from stays_invoices import app, find_invoice, write_invoice

done = {}


@app.task(acks_late=True, reject_on_worker_lost=True)
def make_invoice(booking_id):
    if booking_id not in done:
        done[booking_id] = write_invoice(booking_id)
    return done[booking_id]
