from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


@app.task(bind=True)
def send_confirmation(self, booking_id):
    """Send the confirmation of a booking; return the mail's id.

    A mail server that is down gets 4 more attempts, after 10, 20, 40 and 60 seconds. Whoever gives
    up tells the staff and fails.
    """
    ...
