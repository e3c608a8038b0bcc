"""The answer's side of the kind ``service``: a part of Stays, and Stays around it, in one process.

The forker sets Django up once, before any answer; see ``warm``. A forked child connects to the
judge's proxy before any wall stands, and behind the walls takes requests from the judge: each goes
through Django's whole stack, from the middleware to the view, as a web server would send it.
"""
