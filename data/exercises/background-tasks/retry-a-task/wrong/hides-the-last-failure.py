from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task(bind=True, max_retries=4)
def send_confirmation(self, booking_id):
    try:
        return send_mail(booking_id)
    except AddressRefused:
        tell_staff(booking_id)
        raise
    except MailServerDown as error:
        if self.request.retries >= self.max_retries:
            tell_staff(booking_id)
            return None
        raise self.retry(exc=error, countdown=min(10 * 2**self.request.retries, 60))
