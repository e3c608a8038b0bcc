from stays_mail import AddressRefused, MailServerDown, app, send_mail, tell_staff


class Confirmation(app.Task):
    def on_failure(self, error, task_id, args, kwargs, trace):
        if isinstance(error, (MailServerDown, AddressRefused)):
            tell_staff(args[0])


@app.task(base=Confirmation, autoretry_for=(MailServerDown,), max_retries=4, retry_backoff=True)
def send_confirmation(booking_id):
    return send_mail(booking_id)
