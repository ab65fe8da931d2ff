"""The sandbox behind the page: what an agent and the other phones do, and what became of what the page did."""

import http.server
import json
import os
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PAGE = os.environ["PAGE"]
BASE = PAGE.removesuffix("/_sandbox/page")
KEY = "titan_sandbox_full"
ANA, SUPPORT, SALES, ECHO = "+5511988880001", "+5511999990001", "+5511999990002", "+12025550199"
PATIENCE = 30
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def jid(phone):
    """The JID of a phone number."""
    return f"{phone.removeprefix('+')}@s.whatsapp.net"


def call(method, path, body=None):
    """What a route answers; the page's own routes and Titan's alike."""
    request = urllib.request.Request(
        BASE + path,
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json", "authorization": f"Bearer {KEY}"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{method} {path}: {error.code} {error.read().decode()}") from None


def begin():
    """The demo as it was, at an instant and with a seed that are always the same; time stands still."""
    call("DELETE", "/_sandbox/faults")
    call("PUT", "/_sandbox/clock", {"mode": "manual", "now": "2026-03-02T09:30:00.000Z"})
    call("PUT", "/_sandbox/seed", {"seed": 42})
    call("POST", "/_sandbox/reset", {"to": "demo"})


def advance(seconds):
    """Lets time pass."""
    call("POST", "/_sandbox/clock/advance", {"milliseconds": round(seconds * 1000)})


def send(account, chat, **message):
    """What another phone sends."""
    path = f"/_sandbox/accounts/{account}/chats/{chat}/messages"
    return call("POST", path, {"type": "text", **message})["data"]


def on_message(account, chat, message, method, what="", body=None):
    """What another phone does to a message."""
    path = f"/_sandbox/accounts/{account}/chats/{chat}/messages/{message}{what}"
    return call(method, path, body)["data"]


def agent_sends(chat, text, session="main"):
    """What an agent sends through Titan's REST API."""
    body = {"session": session, "chatId": chat, "type": "text", "text": text}
    return call("POST", "/api/messages/send", body)["data"]


def agent_hears(test):
    """A webhook that an agent has registered through Titan's REST API for what it receives."""
    receiver = Receiver(200)
    test.addCleanup(receiver.close)
    call("POST", "/api/webhooks", {"url": receiver.url, "events": ["message.received"]})
    return receiver


def messages(account, chat):
    """The messages of a chat as another phone shows them."""
    return call("GET", f"/_sandbox/accounts/{account}/chats/{chat}/messages")["data"]


def until(what, look):
    """Waits for something that is not empty."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited in vain for {what}")


class Receiver:
    """The target of a webhook on this machine, which answers as it is told."""

    def __init__(self, status):
        self.status = status
        self.bodies = []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["content-length"])
                receiver.bodies.append(json.loads(self.rfile.read(length)))
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Wire:
    """A way to the sandbox that can be cut, and hears what is asked on it."""

    def __init__(self):
        self.target = urllib.parse.urlparse(BASE)
        self.heard = []
        self.pairs = []
        self.is_cut = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.page = f"http://127.0.0.1:{self.listener.getsockname()[1]}/_sandbox/page"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                near.close()
                continue
            far = socket.create_connection((self.target.hostname, self.target.port))
            self.pairs.append((near, far))
            threading.Thread(target=self._pass, args=(near, far, self.heard), daemon=True).start()
            threading.Thread(target=self._pass, args=(far, near, None), daemon=True).start()

    @staticmethod
    def _pass(source, sink, heard):
        try:
            while data := source.recv(65536):
                if heard is not None:
                    heard.append(data)
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            end.close()

    def cut(self):
        """Ends all connections, and lets no new one through."""
        self.is_cut = True
        for pair in self.pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
        self.pairs.clear()

    def mend(self):
        self.is_cut = False

    def close(self):
        self.cut()
        self.listener.close()
