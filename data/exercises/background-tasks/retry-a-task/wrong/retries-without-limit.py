from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task(bind=True, max_retries=None)
def send_confirmation(self, booking_id):
    try:
        return send_mail(booking_id)
    except AddressRefused:
        tell_staff(booking_id)
        raise
    except MailServerDown as error:
        raise self.retry(exc=error, countdown=min(10 * 2**self.request.retries, 60))
