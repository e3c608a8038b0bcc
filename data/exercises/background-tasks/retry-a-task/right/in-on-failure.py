from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


class Confirmation(app.Task):
    autoretry_for = (MailServerDown,)
    max_retries = 4
    retry_backoff = 10
    retry_backoff_max = 60
    retry_jitter = False

    def on_failure(self, error, _job, args, *_):
        if isinstance(error, (MailServerDown, AddressRefused)):
            tell_staff(args[0])


@app.task(base=Confirmation)
def send_confirmation(booking_id):
    return send_mail(booking_id)
