"""Load and check of kill9.sh: kills the server under load, again and again, then counts what it had acknowledged.

Twenty connections send messages of various sizes, each with an id and the SHA-256 of its body in the header. A message
counts as acknowledged once its 250 was read. After the last restart every acknowledged one must be in its mailbox exactly
once, unchanged below the trace header; one that was not acknowledged may be there, once, and unchanged too.
"""
import argparse
import hashlib
import imaplib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

ACCOUNTS = ["alice", "bob", "carol", "dave"]
CONNECTIONS = 20
SECRET = "secret-of-the-test"


class Ledger:
    """What was sent and what was acknowledged, by id. Written by many threads."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent = {}  # id -> (account, sha256 of all octets sent, dot-stuffing undone)
        self.acknowledged = set()

    def begin(self, ident, account, digest):
        with self.lock:
            self.sent[ident] = (account, digest)

    def acknowledge(self, ident):
        with self.lock:
            self.acknowledged.add(ident)


def make_message(ident, account, chance):
    """A message whose body is lines of hexadecimal, some of them beginning with dots; now and then larger than 64 KiB."""
    size = chance.choice([200, 3000, 3000, 10000, 10000, 30000, 90000])
    lines = []
    while size > 0:
        line = "." * chance.choice([0, 0, 0, 1, 2]) + f"{chance.getrandbits(280):070x}"
        lines.append(line)
        size -= len(line) + 2
    body = "\r\n".join(lines) + "\r\n"
    head = (
        f"From: <load@sender.example>\r\nTo: <{account}@example.org>\r\nSubject: {ident}\r\n"
        f"Message-ID: <{ident}@sender.example>\r\nDate: Mon, 02 Nov 2026 10:00:00 +0000\r\n"
        f"X-Test-Id: {ident}\r\nX-Body-Sha256: {hashlib.sha256(body.encode()).hexdigest()}\r\n\r\n"
    )
    return (head + body).encode()


class Sender(threading.Thread):
    """One connection: sends until the server dies or is told to stop."""

    def __init__(self, ledger, port, round_number, number, stop):
        super().__init__(daemon=True)
        self.ledger, self.port, self.stop = ledger, port, stop
        self.prefix = f"r{round_number}.c{number}"
        self.chance = random.Random(self.prefix)
        self.refusal = None

    def run(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
                self.converse(connection, connection.makefile("rb"))
        except OSError:
            pass  # the server was killed: what is expected here

    def converse(self, connection, replies):
        self.reply(replies, b"220")
        connection.sendall(b"EHLO sender.example\r\n")
        self.reply(replies, b"250")
        count = 0
        while not self.stop.is_set():
            ident = f"{self.prefix}.m{count}"
            count += 1
            account = self.chance.choice(ACCOUNTS)
            message = make_message(ident, account, self.chance)
            self.ledger.begin(ident, account, hashlib.sha256(message).hexdigest())
            envelope = f"MAIL FROM:<load@sender.example>\r\nRCPT TO:<{account}@example.org>\r\nDATA\r\n"
            connection.sendall(envelope.encode())
            for code in (b"250", b"250", b"354"):
                self.reply(replies, code)
            stuffed = (b"\r\n" + message).replace(b"\r\n.", b"\r\n..")[2:]
            connection.sendall(stuffed + b".\r\n")
            self.reply(replies, b"250")
            self.ledger.acknowledge(ident)

    def reply(self, replies, code):
        while True:
            line = replies.readline()
            if not line.endswith(b"\n"):
                raise ConnectionResetError("the connection ended")
            if line[3:4] != b"-":
                break
        if not line.startswith(code):
            self.refusal = line.decode(errors="replace").strip()
            raise ConnectionResetError("refused")


class Server:
    def __init__(self, arguments):
        self.arguments = arguments
        self.process = None

    def start(self):
        self.log = open(self.arguments.log, "ab")
        self.process = subprocess.Popen(self.arguments.serve, stdout=self.log, stderr=self.log)
        deadline = time.monotonic() + 20
        for port in (self.arguments.smtp, self.arguments.imap):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=5).close()
                    break
                except OSError:
                    if self.process.poll() is not None:
                        raise SystemExit(f"kill9: the server ended with {self.process.returncode}; see {self.arguments.log}")
                    if time.monotonic() > deadline:
                        raise SystemExit("kill9: the server does not answer")
                    time.sleep(0.02)

    def kill(self, number=signal.SIGKILL):
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def one_round(server, ledger, number, chance):
    """Load, then kill -9 at a moment between 0.2 and 1.5 s. Returns how many were acknowledged in it."""
    before = len(ledger.acknowledged)
    stop = threading.Event()
    senders = [Sender(ledger, server.arguments.smtp, number, i, stop) for i in range(CONNECTIONS)]
    for sender in senders:
        sender.start()
    time.sleep(chance.uniform(0.2, 1.5))
    server.kill()
    stop.set()
    for sender in senders:
        sender.join(timeout=40)
    refusals = {sender.refusal for sender in senders if sender.refusal}
    if refusals:
        print(f"  round {number}: the server refused: {sorted(refusals)}")
    return len(ledger.acknowledged) - before, not refusals


def strip_trace(message):
    """The octets below the trace fields that delivery added: from the first field we sent on."""
    at = message.find(b"From: <load@sender.example>\r\n")
    return message[at:] if at == 0 or message[at - 2 : at] == b"\r\n" else b""


def fetch_all(port, account):
    """All messages of the INBOX as (id, digest of what was sent), read in pages."""
    client = imaplib.IMAP4("127.0.0.1", port, timeout=60)
    client.login(account, SECRET)
    count = int(client.select("INBOX", readonly=True)[1][0])
    for first in range(1, count + 1, 200):
        _, data = client.fetch(f"{first}:{min(first + 199, count)}", "(BODY.PEEK[])")
        for item in data:
            if not isinstance(item, tuple):
                continue
            original = strip_trace(item[1])
            ident = next((line[11:].decode() for line in original.split(b"\r\n") if line.startswith(b"X-Test-Id: ")), "?")
            yield ident, hashlib.sha256(original).hexdigest()
    client.logout()


def wait_until_delivered(port):
    """Until no mailbox grows for a second: what the spool held at the restart is delivered by then."""

    def counts():
        found = []
        for account in ACCOUNTS:
            client = imaplib.IMAP4("127.0.0.1", port, timeout=60)
            client.login(account, SECRET)
            found.append(int(client.select("INBOX", readonly=True)[1][0]))
            client.logout()
        return found

    deadline = time.monotonic() + 60
    last = counts()
    while time.monotonic() < deadline:
        time.sleep(1)
        current = counts()
        if current == last:
            return
        last = current


class Tally:
    def __init__(self):
        self.passed = self.failed = 0

    def check(self, title, wrong):
        """@param wrong: the list of what is not as it should be"""
        if wrong:
            self.failed += 1
            print(f"FAIL {title}: {len(wrong)}, as {', '.join(map(str, sorted(wrong)[:5]))}")
        else:
            self.passed += 1
            print(f"ok   {title}")


def verify(ledger, port, tally):
    seen = {}
    changed, misplaced, strangers = [], [], []
    for account in ACCOUNTS:
        for ident, digest in fetch_all(port, account):
            seen[ident] = seen.get(ident, 0) + 1
            if ident not in ledger.sent:
                strangers.append(ident)
            elif ledger.sent[ident][0] != account:
                misplaced.append(ident)
            elif ledger.sent[ident][1] != digest:
                changed.append(ident)
    tally.check("every acknowledged message is there", [i for i in ledger.acknowledged if i not in seen])
    tally.check("none is there twice", [i for i, times in seen.items() if times > 1])
    tally.check("none is changed below the trace header", changed)
    tally.check("each is in the mailbox it was sent to", misplaced)
    tally.check("there is nothing that was not sent", strangers)
    extra = sum(1 for i in seen if i in ledger.sent and i not in ledger.acknowledged)
    print(f"     {len(ledger.acknowledged)} acknowledged, {len(seen)} found, {extra} of them unacknowledged (allowed)")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, required=True)
    parser.add_argument("--seed", type=int, default=9)
    parser.add_argument("--smtp", type=int, required=True)
    parser.add_argument("--imap", type=int, required=True)
    parser.add_argument("--log", required=True)
    parser.add_argument("serve", nargs="+", help="the command that serves")
    arguments = parser.parse_args()

    chance = random.Random(arguments.seed)
    ledger, tally, server = Ledger(), Tally(), Server(arguments)
    try:
        for number in range(1, arguments.rounds + 1):
            server.start()
            acknowledged, clean = one_round(server, ledger, number, chance)
            print(f"     round {number}: {acknowledged} acknowledged before kill -9", flush=True)
            tally.check(f"round {number}: mail was taken, none refused", [] if acknowledged and clean else [number])
        server.start()
        wait_until_delivered(arguments.imap)
        verify(ledger, arguments.imap, tally)
        status = server.kill(signal.SIGTERM)
        tally.check("SIGTERM ends the server with status 0", [status] if status else [])
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
    print(f"{tally.passed} passed, {tally.failed} failed")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
