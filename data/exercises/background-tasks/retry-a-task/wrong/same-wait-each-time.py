from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task(bind=True, max_retries=4, default_retry_delay=10)
def send_confirmation(self, booking_id):
    try:
        return send_mail(booking_id)
    except AddressRefused:
        tell_staff(booking_id)
        raise
    except MailServerDown as error:
        if self.request.retries == 4:
            tell_staff(booking_id)
        raise self.retry(exc=error)
