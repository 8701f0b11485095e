"""Asks the example server what the README asks it, over a socket, and fails if an answer is another."""

import http.client
import sys
import time

ORIGIN = "http://localhost:5173"


def ask(port, method, path, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


def wait(port):
    for _ in range(100):
        try:
            return ask(port, "GET", "/api/items", {})
        except OSError:
            time.sleep(0.2)
    sys.exit("the server does not answer")


def main():
    port = int(sys.argv[1])
    wait(port)
    preflight = {"Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    for name, method, path, headers, status, acao in [
        ("an allowed preflight", "OPTIONS", "/api/items/7", {"Origin": ORIGIN, **preflight}, 204, ORIGIN),
        ("a denied preflight", "OPTIONS", "/api/items/7", {"Origin": "https://evil.example", **preflight}, 403, None),
        ("an allowed request", "GET", "/api/items", {"Origin": ORIGIN}, 200, ORIGIN),
        ("a denied request", "GET", "/api/items", {"Origin": "https://evil.example"}, 200, None),
        ("a handler's error", "GET", "/api/fail", {"Origin": ORIGIN}, 500, ORIGIN),
        ("an inner layer's error", "GET", "/private/me", {"Origin": ORIGIN}, 401, ORIGIN),
        ("nothing there", "GET", "/nowhere", {"Origin": ORIGIN}, 404, ORIGIN),
    ]:
        got_status, got_headers, body = ask(port, method, path, headers)
        got_acao = got_headers.get("access-control-allow-origin")
        vary = got_headers.get("vary", "")
        if (got_status, got_acao) != (status, acao) or not vary.startswith("Origin"):
            sys.exit(f"{name}: {got_status} {got_headers} {body!r}")
        print(f"{name}: {got_status}, {got_acao}")


main()
