from celery import shared_task
from stays_invoices import app, find_invoice, write_invoice

app.conf.update(task_acks_late=True, task_reject_on_worker_lost=True)


@shared_task
def make_invoice(booking_id):
    return find_invoice(booking_id) or write_invoice(booking_id)
