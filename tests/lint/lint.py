#!/usr/bin/python3
# Checks the tree against the coroutine rules and the house's arrows, and the lints themselves against samples.
# Names each breach as FILE:LINE: RULE and ends with the line `N passed, N failed`, one count a file or sample.
import os
import re
import sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, here)
sys.dont_write_bytecode = True
import coroutines  # noqa: E402
import includes  # noqa: E402

top = os.path.dirname(os.path.dirname(here))
counts = {True: 0, False: 0}


def report(name, good, words=()):
    counts[good] += 1
    for line in words:
        print(f"{name}{line}")


def check_coroutine_samples():
    with open(os.path.join(here, "samples/coroutines.cpp"), encoding="utf-8") as file:
        text = file.read()
    expected = {}
    for number, line in enumerate(text.split("\n"), 1):
        mark = re.search(r"// BAD: ([\w ,-]+)$", line)
        if mark:
            expected[number] = set(re.split(r"[ ,]+", mark.group(1)))
    found = {}
    for line, rule in coroutines.check(text):
        found.setdefault(line, set()).add(rule)
    for number in range(1, text.count("\n") + 1):
        want, have = expected.get(number, set()), found.get(number, set())
        if want or have:
            report(f"samples/coroutines.cpp:{number}", want == have, [] if want == have else [f": {have}, not {want}"])


include_samples = [  # path, text, rules expected
    ("imap/a.cpp", '#include "store/store.h"\n#include "appliance/runtime/task.h"\n#include "imap/a.h"', []),
    ("imap/a.cpp", '#include "smtp/a.h"', ["arrow"]),
    ("smtp/a.cpp", '#include "imap/a.h"', ["arrow"]),
    ("smtp/a.cpp", '#include "smtp/delivery/a.h"', ["arrow"]),
    ("smtp/delivery/a.cpp", '#include "smtp/a.h"', []),
    ("webstatus/a.cpp", '#include "appliance/main.h"', ["arrow"]),
    ("store/a.cpp", '#include "imap/a.h"', ["arrow"]),
    ("store/message/a.cpp", '#include "store/store.h"', ["arrow"]),
    ("store/a.cpp", '#include "store/message/a.h"\n#include <sqlite3.h>', []),
    ("appliance/runtime/a.cpp", '#include "store/store.h"', ["arrow"]),
    ("appliance/a.cpp", '#include "imap/a.h"\n#include "smtp/delivery/a.h"\n#include "webstatus/a.h"', []),
    ("imap/a.cpp", '#include "a.h"', ["missing"]),
    ("imap/a.cpp", "#include <sqlite3.h>", ["sql"]),
    ("appliance/a.cpp", "#include <Poco/Data/Session.h>", ["sql"]),
    ("imap/a.cpp", 'auto q = "SELECT id FROM mailbox";', ["sql"]),
    ("imap/a.cpp", 'auto q = "SELECT INBOX";', []),
    ("store/a.cpp", 'auto q = "SELECT id FROM mailbox";', []),
    ("imap/a.cpp", "#include <openssl/ssl.h>", ["openssl"]),
    ("appliance/runtime/tls.cpp", "#include <openssl/ssl.h>", []),
    ("store/a.h", "#include <sqlite3.h>", ["heavy"]),
    ("appliance/a.h", "#include <Poco/Path.h>\n#include <vector>", ["heavy"]),
    ("store/a_impl.h", "#include <sqlite3.h>", []),
    ("imap/a.cpp", '#include "store/a_impl.h"', ["private"]),
    ("store/a.cpp", '#include "store/a_impl.h"', []),
    ("appliance/a.h", "#include <CLI/CLI.hpp>", ["heavy"]),
]


def check_include_samples():
    for number, (path, text, want) in enumerate(include_samples):
        have = [rule for _, rule in includes.check(path, text, lambda name: "/" in name)]
        report(f"include sample {number}", have == want, [] if have == want else [f": {have}, not {want}"])


def sources(folders):
    for folder in folders:
        for path, inner, files in os.walk(os.path.join(top, folder)):
            inner[:] = [name for name in inner if name != "samples"]
            for name in sorted(files):
                if name.endswith((".cpp", ".h")):
                    yield os.path.relpath(os.path.join(path, name), top)


def check_tree():
    house = ("appliance", "smtp", "imap", "webstatus", "store")
    for path in sources(house + ("tests",)):
        with open(os.path.join(top, path), encoding="utf-8") as file:
            text = file.read()
        found = coroutines.check(text)
        if path.startswith(house):
            found += includes.check(path, text, lambda name: os.path.isfile(os.path.join(top, name)))
        report(path, not found, [f":{line}: {rule}" for line, rule in found])


check_coroutine_samples()
check_include_samples()
check_tree()
print(f"{counts[True]} passed, {counts[False]} failed")
sys.exit(1 if counts[False] else 0)
