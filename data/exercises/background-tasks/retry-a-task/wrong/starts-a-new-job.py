from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task
def send_confirmation(booking_id, attempt=0):
    try:
        return send_mail(booking_id)
    except AddressRefused:
        tell_staff(booking_id)
        raise
    except MailServerDown:
        if attempt == 4:
            tell_staff(booking_id)
            raise
        wait = min(10 * 2**attempt, 60)
        send_confirmation.apply_async((booking_id, attempt + 1), countdown=wait)
