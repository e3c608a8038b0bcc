from celery.utils.log import get_task_logger
from stays_invoices import NoSuchBooking, app, find_invoice, write_invoice

log = get_task_logger(__name__)


class Careful(app.Task):
    acks_late = True
    reject_on_worker_lost = True
    acks_on_failure_or_timeout = False


@app.task(base=Careful, bind=True, name="invoices.make")
def make_invoice(self, booking_id):
    if self.request.delivery_info.get("redelivered"):
        log.warning("job %s comes again", self.request.id)
    if (written := find_invoice(booking_id=booking_id)) is not None:
        return written
    try:
        return write_invoice(booking_id=booking_id)
    except NoSuchBooking:
        log.warning("there is no booking %s", booking_id)
        raise
