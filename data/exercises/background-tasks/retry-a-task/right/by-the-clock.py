from datetime import UTC, datetime, timedelta

from celery import shared_task
from stays_mail import AddressRefused, MailServerDown, send_mail, tell_staff


def give_up(booking_id, error):
    tell_staff(booking_id=booking_id)
    raise error


@shared_task(bind=True, max_retries=None, acks_late=True)
def send_confirmation(self, booking_id):
    try:
        return send_mail(booking_id)
    except AddressRefused as error:
        give_up(booking_id, error)
    except MailServerDown as error:
        attempt = self.request.retries + 1
        if attempt == 5:
            give_up(booking_id, error)
        due = datetime.now(UTC) + timedelta(seconds=min(5 * 2**attempt, 60))
        raise self.retry(eta=due)
