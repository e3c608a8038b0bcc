from celery.exceptions import MaxRetriesExceededError
from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff

WAITS = [10, 20, 40, 60]


@app.task(bind=True, name="mail.confirm")
def send_confirmation(self, booking_id):
    try:
        mail = send_mail(booking_id)
    except MailServerDown as error:
        number = min(self.request.retries, len(WAITS) - 1)
        try:
            self.retry(countdown=WAITS[number], max_retries=len(WAITS))
        except MaxRetriesExceededError:
            tell_staff(booking_id)
            raise error
    except AddressRefused:
        tell_staff(booking_id)
        raise
    return mail
