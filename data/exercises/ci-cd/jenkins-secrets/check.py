"""Does the token come from the credentials, to the deploy alone, and does no log show it?"""

import base64
import hashlib
import json

from prodev.judge import Finding

NAME = "stays-deploy"
OLD = "stays-7f3a91c2d8"
STARS = "****"

DEPLOY = """\
import hashlib, os, sys

if os.path.exists("tests.log"):
    print(open("tests.log").read())
token = os.environ.get("DEPLOY_TOKEN", "")
mark = hashlib.sha256(token.encode()).hexdigest()[:16] if token else "none"
good = mark == "@accepted@"
print("deploy.py: token", mark, "accepted" if good else "refused")
if good:
    open("deployed.txt", "w").write("Stays is deployed.\\n")
sys.exit(not good)
"""
TESTS = """\
import hashlib, os, unittest

def mark(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


seen = [name for name, text in os.environ.items() if mark(text) == "@token@"]
told = "tests: the token is in " + (", ".join(seen) or "no variable")
print(told)
open("tests.log", "w").write(told)  # a test runner may keep what is printed for itself


class Prices(unittest.TestCase):
    def test_two_nights_cost_twice_as_much(self):
        self.assertEqual(2 * 9000, @twice@)
"""


def check(answer):
    old, token = OLD, _draw(answer)
    if found := _written(answer, old):
        return found
    ran = _rehearse(answer, token, accepted=token)
    for step in (_bound, _interpolated, _printed, _archived, _tested, _deployed):
        if found := step(answer, ran, token):
            return found
    return _untested(answer) or _refused(answer)


def _rehearse(answer, token, *, accepted, healthy=True):
    tests = TESTS.replace("@token@", _mark(token)).replace("@twice@", str(18_000 + (not healthy)))
    files = {
        "deploy.py": DEPLOY.replace("@accepted@", _mark(accepted)),
        "tests/__init__.py": "",
        "tests/test_prices.py": tests,
    }
    return answer.rehearse(files, credentials={NAME: token}, branch="main")


def _draw(answer):
    return f"stays-{answer.random.getrandbits(96):024x}"


def _mark(token):
    return hashlib.sha256(token.encode()).hexdigest()[:16]


def _written(answer, old):
    """The old token, as it is or in another form, anywhere in the file."""
    for number, line in enumerate(answer.text.splitlines(), 1):
        if old in line:
            return Finding("M32-password-in-the-file", line=number)
        for how, form in _forms(old).items():
            if form in line:
                return Finding("M32-in-disguise", how=f"{how}, in line {number}")
    return None


def _bound(answer, ran, token):
    """What the deploy was given."""
    told = [line for line in ran.log if line.startswith("deploy.py: token ")]
    marks = [line.split()[2] for line in told]
    asked = [each["id"] for each in answer.outline["credentials"]]
    if _mark(OLD) in marks:
        return Finding("M32-in-disguise", how="put together from parts")
    if any("Could not find credentials" in line for line in ran.log):
        wrong = [name for name in asked if name != NAME]
        return Finding("wrong-credential", id=", ".join(wrong), log=ran.last_error)
    if not told:
        log = ran.last_error or _why_skipped(ran)
        return Finding("does-not-deploy", result=ran.result, log=log)
    if _mark(token) not in marks:
        given = "no token" if "none" in marks else "another text"
        return Finding("token-does-not-arrive", given=given, credentials=", ".join(asked) or "none")
    return None


def _interpolated(_, ran, __):
    return Finding("groovy-writes-it", warning=ran.warnings[0]) if ran.warnings else None


def _printed(_, ran, token):
    """The token in the log, hidden or not. The shell's own trace of a line is not an echo."""
    for line in ran.log:
        shown = [how for how, form in _forms(token).items() if form in line]
        if token in line or shown:
            return Finding("prints-the-token", line=line, form="".join(shown[:1]) or "as it is")
        if STARS in line and not line.startswith(("+ ", "Masking ")):
            return Finding("prints-the-token", line=line, form="hidden by Jenkins this time")
    return None


def _archived(_, ran, token):
    for name, text in ran.artifacts.items():
        if any(form in text for form in (token, *_forms(token).values())):
            return Finding("archives-the-token", file=name)
    return None


def _tested(_, ran, __):
    """What the tests could read."""
    told = [line for line in ran.log if line.startswith("tests: the token is in ")]
    if not told:
        return Finding("runs-no-tests", result=ran.result)
    seen = told[0].removeprefix("tests: the token is in ")
    return None if seen == "no variable" else Finding("token-for-everyone", variable=seen)


def _deployed(_, ran, __):
    if ran.result == "SUCCESS":
        return None
    return Finding("does-not-deploy", result=ran.result, log=ran.last_error)


def _untested(answer):
    """A project whose tests fail."""
    token = _draw(answer)
    ran = _rehearse(answer, token, accepted=token, healthy=False)
    deployed = any(line.startswith("deploy.py: ") for line in ran.log)
    if deployed or ran.result == "SUCCESS":
        said = "was deployed" if deployed else "was not deployed"
        return Finding("deploys-untested", project=said, result=ran.result)
    return _printed(answer, ran, token)


def _refused(answer):
    """A token that the service does not take."""
    token = _draw(answer)
    ran = _rehearse(answer, token, accepted=_draw(answer))
    if ran.result == "SUCCESS":
        return Finding("hides-a-failed-deploy", result=ran.result)
    return _printed(answer, ran, token) or _archived(answer, ran, token)


def _why_skipped(ran):
    reasons = [f"{stage['name']}: {stage['reason']}" for stage in ran.stages if stage["reason"]]
    return "; ".join(reasons) or "no line of deploy.py"


def _forms(token):
    """Forms that no masking knows, or that are easily undone."""
    core = token.encode()
    shifts = [base64.b64encode(b"\0" * n + core).decode() for n in range(3)]
    forms = {
        "backwards": token[::-1],
        "in base64": shifts[0].rstrip("=")[:-1],
        "in base64, behind one letter": shifts[1].rstrip("=")[2:-1],
        "in base64, behind two letters": shifts[2].rstrip("=")[3:-1],
        "in hexadecimal": core.hex(),
        "letter by letter": " ".join(token),
        "in capitals": token.upper(),
        "in JSON": json.dumps(list(token))[1:-1],
    }
    return {how: form for how, form in forms.items() if form != token}
