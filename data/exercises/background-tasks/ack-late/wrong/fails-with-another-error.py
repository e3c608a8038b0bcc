from celery.exceptions import Reject
from stays_invoices import NoSuchBooking, app, find_invoice, write_invoice


@app.task(acks_late=True, reject_on_worker_lost=True)
def make_invoice(booking_id):
    try:
        return find_invoice(booking_id) or write_invoice(booking_id)
    except NoSuchBooking as error:
        raise Reject(error, requeue=False)
