"""Starts the example server as the README does, asks it over a socket, and fails if an answer is another."""

import http.client
import os
import signal
import subprocess
import sys

ORIGIN = "http://localhost:5173"


def ask(port, method, path, headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    connection.request(method, path, headers=headers)
    response = connection.getresponse()
    body = response.read().decode()
    return response.status, {name.lower(): value for name, value in response.getheaders()}, body


def start():
    """The server on a free port of its own, and that port. `cargo` may start it as a child: both are of one group."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("CORS_")}
    command = ["cargo", "run", "--locked", "--quiet", "--example", "server"]
    server = subprocess.Popen(
        command, env={**env, "PORT": "0"}, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    for line in server.stdout:
        print(line, end="")
        if line.startswith("Listening on http://"):
            return server, int(line.rsplit(":", 1)[1])
    sys.exit(f"the server ended with status {server.wait()}")


def main():
    server, port = start()
    try:
        check(port)
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait()


def check(port):
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
