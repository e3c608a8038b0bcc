from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task
def send_confirmation(booking_id):
    try:
        return send_mail(booking_id)
    except (MailServerDown, AddressRefused) as error:
        tell_staff(booking_id)
        return f"Mail could not be sent: {error}"
