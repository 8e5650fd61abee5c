"""A receiver of nedwatch's webhooks in Python's standard library alone: verifies, keeps, and answers only then.

Run: WEBHOOK_SECRET=whsec_… python3 receiver.py 8080 received.ndjson
"""

import base64
import hashlib
import hmac
import json
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock

TOLERANCE_SECONDS = 300
LARGEST_BODY = 1_000_000

port = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
path = sys.argv[2] if len(sys.argv) > 2 else "received.ndjson"
key = base64.b64decode(os.environ.get("WEBHOOK_SECRET", "").removeprefix("whsec_"))
if len(key) < 24:
    sys.exit("Set WEBHOOK_SECRET to the secret that nedwatch showed: whsec_…")


class Kept:
    """What was received, on the disk; known by id, because each may be sent again."""

    def __init__(self):
        self.lock, self.known, self.highest = Lock(), set(), 0
        if os.path.exists(path):
            with open(path, encoding="utf-8") as lines:
                for line in lines:
                    try:
                        message = json.loads(line)
                    except ValueError:
                        continue  # a line that a crash cut off was never answered, so it comes again
                    self.known.add(message["id"])
                    self.highest = max(self.highest, message["sequence"])
        self.file = open(path, "a", encoding="utf-8")

    def keep(self, message):
        """Answers whether it is new. It is on the disk before that."""
        with self.lock:
            if message["id"] in self.known:
                return False
            self.file.write("\n" + json.dumps(message, ensure_ascii=False))
            self.file.flush()
            os.fsync(self.file.fileno())
            self.known.add(message["id"])
            if message["sequence"] > self.highest + 1:
                print(f"waiting for {self.highest + 1} to {message['sequence'] - 1}: they are still being tried", flush=True)
            self.highest = max(self.highest, message["sequence"])
            return True


def is_genuine(headers, body):
    """Whether it was signed with our secret (Standard Webhooks 1.0), lately."""
    identity, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not identity or not timestamp.isascii() or not timestamp.isdigit():
        return False
    if abs(time.time() - int(timestamp)) > TOLERANCE_SECONDS:
        return False
    signed = f"{identity}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(), f"v1,{expected}".encode()) for one in given)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("content-length") or 0)
        if length > LARGEST_BODY:
            return self.answer(413)
        body = self.rfile.read(length)  # the bytes as they came: what is signed
        if not is_genuine(self.headers, body):
            return self.answer(401)
        message = json.loads(body)
        if kept.keep(message):
            print(message["sequence"], message["type"], flush=True)
            # Here: hand it to whoever acts on it. What takes long is done after the answer.
        else:
            print("again", message["id"], flush=True)
        self.answer(204)

    def answer(self, status):
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


kept = Kept()
server = ThreadingHTTPServer(("127.0.0.1", port), Receiver)
print(f"listening on {server.server_address[1]}", flush=True)
server.serve_forever()
