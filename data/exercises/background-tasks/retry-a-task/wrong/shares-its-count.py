from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff

failed = 0


@app.task(bind=True, max_retries=None)
def send_confirmation(self, booking_id):
    global failed
    try:
        return send_mail(booking_id)
    except AddressRefused:
        tell_staff(booking_id)
        raise
    except MailServerDown as error:
        failed += 1
        if failed > 4:
            tell_staff(booking_id)
            raise
        raise self.retry(exc=error, countdown=min(5 * 2**failed, 60))
