from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task
def send_confirmation(booking_id):
    for attempt in range(5):
        try:
            return send_mail(booking_id)
        except AddressRefused:
            tell_staff(booking_id)
            raise
        except MailServerDown as error:
            last = error
    tell_staff(booking_id)
    raise last
