"""What a mail program does over IMAP, with Python's imaplib: one line a test, `ok   TITLE` or `FAIL TITLE`."""
import argparse
import imaplib
import re
import smtplib
import socket
import ssl
import sys
import time
import traceback

PLAIN = (
    b"From: Ann Example <ann@sender.example>\r\nTo: alice@example.org\r\nSubject: %s\r\n"
    b"Date: Mon, 02 Nov 2026 10:00:00 +0000\r\nMessage-ID: <%s@sender.example>\r\n\r\nHello %s, a walrus waits.\r\n"
)
MIXED = (
    b"From: =?utf-8?q?J=C3=BCrgen?= <juergen@sender.example>\r\nTo: Alice <alice@example.org>, bob@example.org\r\n"
    b"Cc: carol@example.org\r\nSubject: parts\r\nDate: Tue, 03 Nov 2026 11:00:00 +0100\r\n"
    b"Message-ID: <parts@sender.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=cut\r\n\r\n"
    b"preamble\r\n--cut\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"Gr\xc3\xbc\xc3\x9fe\r\n--cut\r\nContent-Type: application/octet-stream; name=a.bin\r\n"
    b"Content-Disposition: attachment; filename=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    b"AAECAwQFBgc=\r\n--cut\r\nContent-Type: message/rfc822\r\n\r\n"
    b"From: deep@sender.example\r\nSubject: inside\r\n\r\ndeep text\r\n--cut--\r\n"
)

tests = []
options = None


def exercise(title):
    def keep(function):
        tests.append((title, function))
        return function

    return keep


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def connect(account="alice"):
    client = imaplib.IMAP4("127.0.0.1", options.imap, timeout=20)
    client.login(account, options.secret)
    # More may be offered after log-in; imaplib does not ask again by itself.
    client.capabilities = tuple(client.capability()[1][0].decode().upper().split())
    return client


def good(answer):
    """The data of an OK answer; anything else fails the test."""
    assert answer[0] == "OK", answer
    return answer[1]


def refused(answer):
    assert answer[0] == "NO", answer


def plain(name):
    return PLAIN % (name, name, name)


def mailbox(client, name, *messages):
    """A new mailbox with these messages, selected."""
    client.delete(name)
    good(client.create(name))
    for message in messages:
        good(client.append(name, None, None, message))
    good(client.select(name))
    return name


def names(client, pattern="*", command="list"):
    found = []
    for line in good(getattr(client, command)('""', pattern)):
        if line:
            found.append(re.sub(r'^\(.*?\) (?:"(?:\\.|[^"])*"|NIL) ', "", line.decode()).strip('"'))
    return found


def delimiter(client):
    return re.search(r'\) "(.)" ', good(client.list('""', '""'))[0].decode()).group(1)


def flags(client, number):
    return {f.decode() for f in imaplib.ParseFlags(good(client.fetch(number, "(FLAGS)"))[0])}


def fetch_octets(client, number, item):
    """The literal that answers one item of FETCH."""
    data = good(client.fetch(number, f"({item})"))
    return next(d[1] for d in data if isinstance(d, tuple))


class Raw:
    """A bare connection, for what imaplib does not do."""

    def __init__(self, account="alice"):
        self.socket = socket.create_connection(("127.0.0.1", options.imap), timeout=10)
        self.file = self.socket.makefile("rb")
        assert self.line().startswith("* OK")
        self.send(f"l LOGIN {account} {quoted(options.secret)}")
        self.until("l OK")

    def send(self, text):
        self.socket.sendall(text.encode() + b"\r\n")

    def line(self):
        line = self.file.readline()
        assert line.endswith(b"\r\n"), f"the connection ended: {line!r}"
        return line.decode(errors="replace").rstrip("\r\n")

    def until(self, start):
        """Lines up to the one that begins so."""
        seen = []
        while not (seen and seen[-1].startswith(start)):
            seen.append(self.line())
        return seen


@exercise("STARTTLS, then LOGIN; the certificate is checked")
def _():
    client = imaplib.IMAP4("127.0.0.1", options.imap, timeout=20)
    assert "STARTTLS" in client.capabilities, client.capabilities
    context = ssl.create_default_context(cafile=options.certificate)
    context.check_hostname = False  # the name is mail.example.org, checked by curl
    good(client.starttls(context))
    good(client.login("alice", options.secret))
    client.logout()


@exercise("TLS from the start, AUTHENTICATE PLAIN")
def _():
    context = ssl.create_default_context(cafile=options.certificate)
    context.check_hostname = False
    client = imaplib.IMAP4_SSL("127.0.0.1", options.imaps, ssl_context=context, timeout=20)
    good(client.authenticate("PLAIN", lambda _: b"\0alice\0" + options.secret.encode()))
    client.logout()


@exercise("TLS below 1.2 is refused")
def _():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    context.minimum_version, context.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    try:
        imaplib.IMAP4_SSL("127.0.0.1", options.imaps, ssl_context=context, timeout=20)
    except (ssl.SSLError, ConnectionError):
        return
    raise AssertionError("TLS 1.1 was spoken")


@exercise("a wrong password and an unknown name get the same answer")
def _():
    answers = []
    for account in ("alice", "nobody"):
        client = imaplib.IMAP4("127.0.0.1", options.imap, timeout=20)
        try:
            client.login(account, "wrong")
        except client.error as error:
            answers.append(str(error))
        client.shutdown()
    assert len(answers) == 2 and answers[0] == answers[1], answers


@exercise("CREATE, LIST with % and *, DELETE")
def _():
    client = connect()
    d = delimiter(client)
    for name in ("Work", f"Work{d}Plans", f"Work{d}Plans{d}Old"):
        good(client.create(name))
    assert {"INBOX", "Work", f"Work{d}Plans", f"Work{d}Plans{d}Old"} <= set(names(client)), names(client)
    top = names(client, '"%"')
    assert "Work" in top and f"Work{d}Plans" not in top, top
    assert set(names(client, f'"Work{d}*"')) == {f"Work{d}Plans", f"Work{d}Plans{d}Old"}
    refused(client.create("Work"))
    good(client.delete(f"Work{d}Plans{d}Old"))
    assert f"Work{d}Plans{d}Old" not in names(client)
    refused(client.delete("Nowhere"))
    refused(client.delete("INBOX"))
    client.logout()


@exercise("RENAME takes the mailboxes below with it, and the messages")
def _():
    client = connect()
    d = delimiter(client)
    mailbox(client, "Before", plain(b"kept"))
    good(client.close())
    good(client.create(f"Before{d}Below"))
    good(client.rename("Before", "After"))
    found = names(client)
    assert {"After", f"After{d}Below"} <= set(found) and "Before" not in found, found
    assert good(client.select("After"))[0] == b"1"
    refused(client.rename("Nowhere", "Else"))
    client.logout()


@exercise("a mailbox name in modified UTF-7")
def _():
    client = connect()
    good(client.create('"Entw&APw-rfe"'))
    assert "Entw&APw-rfe" in names(client), names(client)
    good(client.select('"Entw&APw-rfe"'))
    client.logout()


@exercise("SUBSCRIBE, LSUB, UNSUBSCRIBE")
def _():
    client = connect()
    good(client.create("News"))
    good(client.subscribe("News"))
    assert "News" in names(client, command="lsub")
    good(client.unsubscribe("News"))
    assert "News" not in names(client, command="lsub")
    client.logout()


@exercise("APPEND keeps octets, flags and date")
def _():
    client = connect()
    mailbox(client, "Appended")
    when = '"03-Nov-2026 11:22:33 +0100"'
    good(client.append("Appended", r"(\Flagged $Label)", when, MIXED))
    good(client.noop())
    answer = good(client.fetch("1", "(FLAGS INTERNALDATE RFC822.SIZE)"))[0].decode()
    assert r"\Flagged" in answer and "$Label" in answer and f"RFC822.SIZE {len(MIXED)}" in answer, answer
    stamp = time.mktime(imaplib.Internaldate2tuple(answer.encode()))
    assert stamp == 1793701353, (stamp, answer)
    assert fetch_octets(client, "1", "BODY.PEEK[]") == MIXED
    refused(client.append("Nowhere", None, None, MIXED))
    client.logout()


@exercise("APPEND of a large message, and parts of it")
def _():
    client = connect()
    large = plain(b"large") + b"0123456789abcdef" * 63 + b"\r\n" + (b"y" * 76 + b"\r\n") * 20000
    mailbox(client, "Large", large)
    assert fetch_octets(client, "1", "BODY.PEEK[]") == large
    assert fetch_octets(client, "1", "BODY.PEEK[]<0.100>") == large[:100]
    assert fetch_octets(client, "1", "BODY.PEEK[]<70000.5000>") == large[70000:75000]
    assert fetch_octets(client, "1", f"BODY.PEEK[]<{len(large) - 10}.100>") == large[-10:]
    client.logout()


@exercise("FETCH of sections of a multipart message")
def _():
    client = connect()
    mailbox(client, "Parts", MIXED)
    head, text = MIXED.split(b"\r\n\r\n", 1)
    expected = {
        "BODY.PEEK[HEADER]": head + b"\r\n\r\n",
        "BODY.PEEK[TEXT]": text,
        "BODY.PEEK[1]": b"Gr\xc3\xbc\xc3\x9fe",
        "BODY.PEEK[1.MIME]": b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
        "BODY.PEEK[2]": b"AAECAwQFBgc=",
        "BODY.PEEK[3]": b"From: deep@sender.example\r\nSubject: inside\r\n\r\ndeep text",
        "BODY.PEEK[3.HEADER]": b"From: deep@sender.example\r\nSubject: inside\r\n\r\n",
        "BODY.PEEK[3.TEXT]": b"deep text",
        "BODY.PEEK[HEADER.FIELDS (SUBJECT CC)]": b"Cc: carol@example.org\r\nSubject: parts\r\n\r\n",
        "BODY.PEEK[3.HEADER.FIELDS (SUBJECT)]": b"Subject: inside\r\n\r\n",
        "RFC822.HEADER": head + b"\r\n\r\n",
    }
    for item, octets in expected.items():
        got = fetch_octets(client, "1", item)
        assert got == octets, (item, got)
    assert r"\Seen" not in flags(client, "1")
    client.logout()


@exercise("FETCH ENVELOPE and BODYSTRUCTURE")
def _():
    client = connect()
    mailbox(client, "Structure", MIXED)
    envelope = good(client.fetch("1", "(ENVELOPE)"))[0].decode()
    for piece in ('"parts"', '"=?utf-8?q?J=C3=BCrgen?=" NIL "juergen" "sender.example"', '(NIL NIL "carol" "example.org")',
                  '"<parts@sender.example>"'):
        assert piece in envelope, (piece, envelope)
    structure = good(client.fetch("1", "(BODYSTRUCTURE)"))[0].decode().lower()
    for piece in ('("text" "plain" ("charset" "utf-8")', '"application" "octet-stream" ("name" "a.bin")', '"attachment"',
                  '"message" "rfc822"', '"inside"', '"mixed" ("boundary" "cut")'):
        assert piece in structure, (piece, structure)
    client.logout()


@exercise("SEARCH by header, text, flags, date, size and UID")
def _():
    client = connect()
    mailbox(client, "Search", plain(b"apple"), plain(b"banana"), MIXED)
    good(client.store("2", "+FLAGS", r"(\Flagged $Fruit)"))
    for criteria, numbers in (
        ("ALL", b"1 2 3"), ("SUBJECT apple", b"1"), ("FROM sender.example", b"1 2 3"), ("BODY walrus", b"1 2"),
        ("TEXT BANANA", b"2"), ("FLAGGED", b"2"), ("UNFLAGGED", b"1 3"), ("KEYWORD $Fruit", b"2"), ("NOT SUBJECT apple", b"2 3"),
        ("OR SUBJECT apple SUBJECT parts", b"1 3"), ("SENTON 3-Nov-2026", b"3"), ("SENTBEFORE 3-Nov-2026", b"1 2"),
        ("LARGER 500", b"3"), ("SMALLER 500", b"1 2"), ("2:3 UNFLAGGED", b"3"), ("(1:2 FLAGGED)", b"2"),
        ('HEADER Message-ID "banana@"', b"2"), ("CC carol", b"3"), ("SUBJECT nothing", b""), ("UNSEEN UNDELETED", b"1 2 3"),
    ):  # fmt: skip
        got = good(client.search(None, criteria))[0] or b""
        assert got == numbers, (criteria, got)
    client.literal = "Grüße".encode()
    assert good(client.search("UTF-8", "BODY"))[0] == b"3"
    uids = good(client.uid("SEARCH", "SUBJECT", "banana"))[0]
    assert good(client.uid("SEARCH", "UID", uids.decode()))[0] == uids
    client.logout()


@exercise("STORE adds, removes and replaces flags; .SILENT is silent")
def _():
    client = connect()
    mailbox(client, "Flags", plain(b"one"), plain(b"two"))
    answer = good(client.store("1:2", "+FLAGS", r"(\Answered $Mine)"))
    assert len(answer) == 2 and all(rb"\Answered" in line and b"$Mine" in line for line in answer), answer
    good(client.store("1", "-FLAGS", r"(\Answered)"))
    assert r"\Answered" not in flags(client, "1") and "$Mine" in flags(client, "1")
    good(client.store("2", "FLAGS", r"(\Draft)"))
    assert flags(client, "2") - {r"\Recent"} == {r"\Draft"}, flags(client, "2")
    assert good(client.store("1:2", "+FLAGS.SILENT", r"(\Seen)")) == [None]
    assert r"\Seen" in flags(client, "1")
    client.logout()
    again = connect()
    good(again.select("Flags"))
    assert {"$Mine", r"\Seen"} <= flags(again, "1"), flags(again, "1")
    again.logout()


@exercise("BODY[] sets \\Seen, BODY.PEEK[] and EXAMINE do not")
def _():
    client = connect()
    mailbox(client, "Peek", plain(b"one"))
    fetch_octets(client, "1", "BODY.PEEK[]")
    assert r"\Seen" not in flags(client, "1")
    good(client.select("Peek", readonly=True))
    fetch_octets(client, "1", "BODY[]")
    assert r"\Seen" not in flags(client, "1")
    client._simple_command("STORE", "1", "+FLAGS", r"(\Seen)")  # NO, or OK without effect
    assert r"\Seen" not in flags(client, "1")
    good(client.select("Peek"))
    fetch_octets(client, "1", "BODY[TEXT]")
    assert r"\Seen" in flags(client, "1")
    client.logout()


@exercise("COPY keeps flags, date and octets")
def _():
    client = connect()
    good(client.create("Copies"))
    mailbox(client, "Originals")
    good(client.append("Originals", r"(\Flagged $Kept)", '"03-Nov-2026 11:22:33 +0100"', MIXED))
    good(client.noop())
    good(client.copy("1", "Copies"))
    refused(client.copy("1", "Nowhere"))
    before = good(client.fetch("1", "(INTERNALDATE)"))[0]
    good(client.select("Copies"))
    assert {r"\Flagged", "$Kept"} <= flags(client, "1")
    assert good(client.fetch("1", "(INTERNALDATE)"))[0] == before
    assert fetch_octets(client, "1", "BODY.PEEK[]") == MIXED
    client.logout()


@exercise("MOVE takes messages out of one mailbox into another")
def _():
    client = connect()
    assert "MOVE" in client.capabilities or "IMAP4REV2" in client.capabilities, client.capabilities
    good(client.create("Target"))
    mailbox(client, "Source", plain(b"one"), plain(b"two"), plain(b"three"))
    uids = good(client.uid("SEARCH", "ALL"))[0].split()
    good(client.uid("MOVE", uids[1].decode(), "Target"))
    assert good(client.uid("SEARCH", "ALL"))[0].split() == [uids[0], uids[2]]
    assert good(client.select("Target"))[0] == b"1"
    assert fetch_octets(client, "1", "BODY.PEEK[]") == plain(b"two")
    client.logout()


@exercise("EXPUNGE and CLOSE remove what is \\Deleted, UNSELECT does not")
def _():
    client = connect()
    mailbox(client, "Gone", *(plain(b"m%d" % i) for i in range(5)))
    good(client.store("2,4", "+FLAGS", r"(\Deleted)"))
    left = [0, 1, 2, 3, 4]
    for number in good(client.expunge()):  # each number counts after those before it
        del left[int(number) - 1]
    assert left == [0, 2, 4], left
    assert fetch_octets(client, "2", "BODY.PEEK[]") == plain(b"m2")
    good(client.store("1", "+FLAGS", r"(\Deleted)"))
    good(client.unselect())
    assert good(client.select("Gone"))[0] == b"3"
    good(client.close())
    assert good(client.select("Gone"))[0] == b"2"
    client.logout()


@exercise("UIDs are never used again, STATUS agrees")
def _():
    client = connect()
    mailbox(client, "Uids", plain(b"one"), plain(b"two"))
    last = int(good(client.uid("SEARCH", "ALL"))[0].split()[-1])
    good(client.store("1:2", "+FLAGS", r"(\Deleted)"))
    good(client.expunge())
    good(client.append("Uids", None, None, plain(b"three")))
    good(client.noop())
    assert int(good(client.uid("SEARCH", "ALL"))[0]) > last
    other = connect()
    status = good(other.status("Uids", "(MESSAGES UNSEEN UIDNEXT UIDVALIDITY)"))[0].decode()
    assert "MESSAGES 1" in status and "UNSEEN 1" in status and f"UIDNEXT {last + 2}" in status, status
    other.logout()
    client.logout()


@exercise("two sessions see each other's new mail, flags and expunges")
def _():
    first, second = connect(), connect()
    mailbox(first, "Shared", plain(b"one"), plain(b"two"))
    good(second.select("Shared"))
    good(first.append("Shared", None, None, plain(b"three")))
    good(second.noop())
    assert second.response("EXISTS")[1][-1] == b"3"
    good(first.store("2", "+FLAGS", r"(\Flagged)"))
    good(second.noop())
    told = second.response("FETCH")[1]
    assert any(line and line.startswith(b"2 ") and rb"\Flagged" in line for line in told), told
    good(second.store("1", "+FLAGS", r"(\Deleted)"))
    good(second.expunge())
    good(first.noop())
    assert first.response("EXPUNGE")[1] == [b"1"]
    assert fetch_octets(first, "1", "BODY.PEEK[]") == plain(b"two")
    first.logout()
    second.logout()


@exercise("IDLE: new mail by APPEND and by SMTP, flags and expunges arrive unasked")
def _():
    client, idler = connect(), Raw()
    assert "IDLE" in client.capabilities or "IMAP4REV2" in client.capabilities, client.capabilities
    count = int(good(client.select("INBOX"))[0])
    idler.send("a SELECT INBOX")
    idler.until("a OK")
    idler.send("b IDLE")
    idler.until("+")
    good(client.append("INBOX", None, None, plain(b"idle")))
    idler.until(f"* {count + 1} EXISTS")
    with smtplib.SMTP("127.0.0.1", options.smtp, timeout=20) as sender:
        sender.sendmail("ann@sender.example", ["alice@example.org"], plain(b"smtp"))
    idler.until(f"* {count + 2} EXISTS")
    good(client.noop())
    good(client.store(f"{count + 1}", "+FLAGS", r"(\Deleted)"))
    assert rb"\Deleted" in idler.until(f"* {count + 1} FETCH")[-1].encode()
    good(client.expunge())
    idler.until(f"* {count + 1} EXPUNGE")
    idler.send("DONE")
    idler.until("b OK")
    client.logout()


@exercise("commands sent at once are answered in order; a bad one does not end the session")
def _():
    raw = Raw()
    raw.socket.sendall(b"a NOOP\r\nb CAPABILITY\r\nc NONSENSE\r\nd LIST (\r\ne SELECT INBOX\r\nf NOOP\r\n")
    tagged = [line for line in raw.until("f ") if line[:1] != "*"]
    assert [line[:5].rstrip() for line in tagged] == ["a OK", "b OK", "c BAD", "d BAD", "e OK", "f OK"], tagged


@exercise("a literal waits for its continuation, and may hold any argument")
def _():
    raw = Raw()
    raw.send("a STATUS {5}")
    assert raw.line().startswith("+")
    raw.send("INBOX (MESSAGES)")
    assert raw.until("a OK")[0].startswith("* STATUS ")


@exercise("ID, NAMESPACE, LOGOUT says BYE")
def _():
    raw = Raw()
    raw.send('a ID ("name" "exercise")')
    assert any(line.startswith("* ID ") for line in raw.until("a OK"))
    raw.send("b NAMESPACE")
    assert any(line.startswith("* NAMESPACE ") for line in raw.until("b OK"))
    raw.send("c LOGOUT")
    assert any(line.startswith("* BYE") for line in raw.until("c OK"))


def main():
    global options
    parser = argparse.ArgumentParser()
    for name in ("imap", "imaps", "smtp"):
        parser.add_argument(f"--{name}", type=int, required=True)
    parser.add_argument("--certificate", required=True)
    parser.add_argument("--secret", required=True)
    options = parser.parse_args()
    for title, function in tests:
        try:
            function()
            print(f"ok   imaplib: {title}", flush=True)
        except Exception:  # whatever a test throws is its failure
            print(f"FAIL imaplib: {title}")
            print("".join("     | " + line + "\n" for line in traceback.format_exc().splitlines()[-6:]), end="", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
