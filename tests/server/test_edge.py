"""At the proxy: TLS, certificates, redirects, compression, and what of a visitor's own words goes through."""

import http.client
import json
import ssl
import urllib.request
from collections.abc import Mapping

import pytest

from tests.hamaynk.domains.conftest import Zone
from tests.server.machine import wait_for
from tests.server.stack import BASE, OWN, Stack
from tests.server.visitor import Answer, Visitor, links

pytestmark = pytest.mark.server
NOTHING: Mapping[str, str] = {}
SITE, OFFICE = f"sevan.{BASE}", f"sevan.office.{BASE}"


def plain(stack: Stack, port: str, host: str, path: str, **headers: str) -> http.client.HTTPResponse:
    """A request without TLS, to the proxy ("http") or past it ("web")."""
    connection = http.client.HTTPConnection("127.0.0.1", stack.ports[port], timeout=30)
    connection.request("GET", path, headers={"Host": host, **{n.replace("_", "-"): v for n, v in headers.items()}})
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer


def test_every_surface_answers_under_the_wildcard_certificate(stack: Stack) -> None:
    """Two towns, their offices, console and oversight; an unknown town below the base is 404 and no more."""
    assert stack.visitor(SITE).get("/").status == 200
    assert stack.visitor(f"dilijan.{BASE}").get("/").status in (200, 301)  # 301 once it has a domain of its own
    for host in (OFFICE, f"dilijan.office.{BASE}", f"console.{BASE}", f"oversight.{BASE}"):
        answer = stack.visitor(host).get("/")
        assert (answer.status, answer.place.split("?")[0]) == (302, "/accounts/login/"), host
    assert stack.visitor(f"nowhere.{BASE}").get("/").status == 404


def test_plain_http_is_sent_to_https(stack: Stack) -> None:
    """By the proxy, to the same page, at the port of https that the world knows."""
    answer = plain(stack, "http", f"{SITE}:{stack.ports['http']}", "/budget/?year=2015")
    assert answer.status in (301, 308)
    assert answer.headers["Location"] == f"https://{SITE}/budget/?year=2015"
    assert "max-age=31536000" in stack.visitor(SITE).get("/").headers["Strict-Transport-Security"]


def test_pages_are_compressed_and_revalidated(stack: Stack) -> None:
    """zstd or gzip as the browser likes; the control: none where it likes none. What has not changed is not sent again."""
    visitor = stack.visitor(SITE)
    whole = visitor.get("/")
    assert whole.headers["Content-Encoding"] is None
    for coding in ("zstd", "gzip"):
        small = visitor.get("/", Accept_Encoding=coding)
        assert small.headers["Content-Encoding"] == coding
        assert len(small.body) < len(whole.body) / 2
    again = visitor.get("/", Accept_Encoding="gzip", If_None_Match=small.headers["ETag"])
    assert (again.status, again.body) == (304, b"")


def test_static_files_are_kept_for_ever_and_come_compressed(stack: Stack) -> None:
    """Their names change with their content."""
    visitor = stack.visitor(SITE)
    styles = links(visitor.get("/").text, r"/static/[^\"]+\.css")
    assert styles
    answer = visitor.get(styles[0], Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "max-age=315360000" in answer.headers["Cache-Control"]


def test_what_is_asked_inside_is_not_answered_outside(stack: Stack) -> None:
    """The control: the same addresses past the proxy, over plain HTTP, are not sent away to TLS."""
    visitor = stack.visitor(SITE)
    for path in (f"/tls/ask?domain={SITE}", "/readyz", "/metrics"):
        answer = visitor.get(path)
        assert (answer.status, answer.headers["X-Request-Id"]) == (404, None), path
    assert plain(stack, "web", "127.0.0.1", f"/tls/ask?domain={SITE}").status == 200
    assert plain(stack, "web", "127.0.0.1", "/tls/ask?domain=www.stranger.example").status == 404
    assert plain(stack, "web", "127.0.0.1", "/healthz").status == 200
    assert plain(stack, "web", "127.0.0.1", "/readyz").status in (200, 404)  # never a redirect to TLS
    assert plain(stack, "web", SITE, "/").status == 301


def test_a_visitor_s_own_forwarding_headers_are_dropped(stack: Stack) -> None:
    """Scheme, host and id as the proxy saw them. The control: past the proxy they are believed."""
    lies = {"X_Forwarded_Proto": "http", "X_Forwarded_Host": "www.stranger.example", "X_Request_Id": "visitors-own-id"}
    answer = stack.visitor(SITE).get("/", **lies)
    assert answer.status == 200
    assert answer.headers["X-Request-Id"] != "visitors-own-id"
    assert "stranger" not in answer.text
    believed = plain(stack, "web", SITE, "/", X_Forwarded_Proto="https", X_Request_Id="visitors-own-id")
    assert (believed.status, believed.headers["X-Request-Id"]) == (200, "visitors-own-id")


def test_an_own_domain_gets_a_certificate_once_it_is_the_town_s(stack: Stack, names: tuple[Zone, int]) -> None:
    """Refused in the handshake while the registry does not know it; asked for and proved in the office; then served."""
    stranger, own = stack.visitor("www.stranger.example"), stack.visitor(OWN)
    for visitor in (stranger, own):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            visitor.get("/")
    administrator = stack.invited("dilijan", f"dilijan.office.{BASE}", "head@dilijan.example", "accounts.administrator")
    answer = administrator.fill_in("/addresses/", {"host": OWN})
    assert answer.status == 302, answer.text
    page = administrator.get("/addresses/").text
    (proof,) = {word for word in page.replace("<", " ").replace(">", " ").replace('"', " ").split()
                if word.startswith("hamaynk-verify=")}  # fmt: skip
    zone, _ = names
    zone.records[f"_hamaynk.{OWN}"] = [proof]
    assert administrator.fill_in("/addresses/", {}).status == 422  # the form's own: nothing typed
    assert administrator.post("/addresses/check/", {"host": OWN}).status == 302
    moved = wait_for(lambda: _answer(own, "/"), what="the town's own domain")
    assert (moved.status, moved.headers["Location"]) == (301, f"https://dilijan.{BASE}:{stack.ports['https']}/")
    assert administrator.post("/addresses/primary/", {"host": OWN}).status == 302
    wait_for(lambda: own.get("/").status == 200, what="the main address")
    with pytest.raises((ssl.SSLError, ConnectionError)):
        stranger.get("/")
    assert _asked(stack, "www.stranger.example") == 404
    assert _asked(stack, OWN) == 200


def _answer(visitor: Visitor, path: str) -> Answer | None:
    """None while the handshake is refused."""
    try:
        return visitor.get(path)
    except (ssl.SSLError, ConnectionError):
        return None


def _asked(stack: Stack, host: str) -> int:
    """The answer of our endpoint to the question that Caddy, by its running configuration, asks."""
    with urllib.request.urlopen(
        f"http://localhost:{stack.ports['admin']}/config/apps/tls/automation/on_demand"
    ) as told:
        ask = json.load(told)["ask"]
    assert ask == f"http://127.0.0.1:{stack.ports['web']}/tls/ask"
    return plain(stack, "web", "127.0.0.1", f"/tls/ask?domain={host}").status


def test_the_limit_of_sign_ins_counts_the_true_address(stack: Stack) -> None:
    """Another X-Forwarded-For each time does not help. The control: past the proxy it would."""
    host = f"dilijan.office.{BASE}"  # where nobody else signs in from now on
    visitor = stack.visitor(host)
    assert not _limited(_wrong(visitor, 0))
    assert any(_limited(_wrong(visitor, number)) for number in range(1, 14))
    straight = _Straight(host, stack.ports["web"], visitor.context)
    assert not any(_limited(_wrong(straight, number)) for number in range(14))


class _Straight(Visitor):
    """Past the proxy, as if it were the proxy."""

    def ask(self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] = NOTHING) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        jar = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        sent = {"Host": self.host, "X-Forwarded-Proto": "https", **({"Cookie": jar} if jar else {}), **dict(headers)}
        sent["Origin"] = f"https://{self.host}"
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        found = Answer(answer.status, answer.headers, answer.read())
        connection.close()
        self.keep(found)
        return found


def _wrong(visitor: Visitor, number: int) -> Answer:
    visitor.get("/accounts/login/")
    token = visitor.cookies["__Host-csrftoken"].value
    body = f"csrfmiddlewaretoken={token}&login=nobody{number}%40example.am&password=wrong-word-{number}".encode()
    return visitor.ask("POST", "/accounts/login/", body, {
        "Content-Type": "application/x-www-form-urlencoded", "Origin": visitor.origin,
        "Referer": f"{visitor.origin}/accounts/login/", "X-Forwarded-For": f"203.0.113.{number + 1}",
    })  # fmt: skip


def _limited(answer: Answer) -> bool:
    """Told to come back later: by a page of its own, or by the form."""
    assert answer.status in (200, 429), answer.status
    return answer.status == 429 or any(word in answer.text for word in ("շատ անհաջող", "Too many failed"))
