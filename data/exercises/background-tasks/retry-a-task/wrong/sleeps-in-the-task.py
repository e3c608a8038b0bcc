import time

from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task
def send_confirmation(booking_id):
    for wait in (10, 20, 40, 60, None):
        try:
            return send_mail(booking_id)
        except AddressRefused:
            tell_staff(booking_id)
            raise
        except MailServerDown:
            if wait is None:
                tell_staff(booking_id)
                raise
            time.sleep(wait)
