"""A person's way through a town's site over a real connection."""

import http.client
import re
from urllib.parse import urlencode


def ask_for_letters(port: int, host: str, address: str) -> int:
    """Fill in the form for letters; the status of the answer."""
    link = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        link.request("GET", "/subscribe/", headers={"Host": host})
        page = link.getresponse()
        text = page.read().decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', text)
        assert page.status == 200, page.status
        assert token is not None
        cookies = "; ".join(value.split(";")[0] for key, value in page.getheaders() if key.lower() == "set-cookie")
        form = urlencode({"csrfmiddlewaretoken": token[1], "email": address, "topics": "news"})
        headers = {"Host": host, "Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
        link.request("POST", "/subscribe/", form, headers)
        answer = link.getresponse()
        answer.read()
        return answer.status
    finally:
        link.close()
