from stays_invoices import app, find_invoice, write_invoice


def make_invoice(booking_id):
    return find_invoice(booking_id) or write_invoice(booking_id)
