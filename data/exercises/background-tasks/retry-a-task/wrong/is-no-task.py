from stays_mail import AddressRefused, MailServerDown, send_mail, tell_staff


def send_confirmation(booking_id):
    for attempt in range(5):
        try:
            return send_mail(booking_id)
        except AddressRefused:
            break
        except MailServerDown:
            continue
    tell_staff(booking_id)
