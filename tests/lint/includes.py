# The arrows of the house point down only, and heavy or private headers stay behind the doors of their rooms:
#   arrow    a folder includes one that it must not know
#   missing  a quoted include that is no file of the tree (they are written from the top)
#   sql      SQLite's header, Poco::Data or an SQL statement outside store/
#   openssl  an OpenSSL header outside appliance/runtime
#   heavy    a library header in a .h file: it costs every file that includes it its compile time. A folder's private
#            header, NAME_impl.h, may have one
#   private  a NAME_impl.h of another folder
import os
import re

_runtime = "appliance/runtime"
_below = {  # folder: folders whose headers it may include, besides its own
    _runtime: (),
    "store/message": (_runtime,),
    "store": ("store/message", _runtime),
    "smtp": ("store", "store/message", _runtime),
    "smtp/delivery": ("smtp", "store", "store/message", _runtime),
    "smtp/relay": ("smtp", "store", "store/message", _runtime),
    "smtp/auth": ("store", "store/message", _runtime),
    "imap": ("store", "store/message", _runtime),
    "webstatus": ("store", "store/message", _runtime),
}
_include = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
_heavy = re.compile(r"^(Poco|cryptopp|openssl|CLI)/|^(sqlite3|ares|zstd|zlib|idn2|uni\w+)\.h$")
_openssl_homes = (_runtime,)
_sql = re.compile(
    r'"\s*(SELECT\b.*\bFROM\b|INSERT\s+(OR \w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|CREATE\s+(TABLE|INDEX)\b'
    r"|PRAGMA\s+\w|BEGIN\s+IMMEDIATE\b)"
)


def folder_of(path):
    """The folder of the house that a file lies in: the longest known one, or its top folder."""
    folder = os.path.dirname(path)
    while folder and folder not in _below and "/" in folder:
        folder = os.path.dirname(folder)
    return folder


def check(path, text, exists):
    """(line, rule) for each breach in the file `path` (from the top); `exists` tells whether a path is a file."""
    found, folder = [], folder_of(path)
    for match in _include.finditer(text):
        line, name = text.count("\n", 0, match.start(2)) + 1, match.group(2)
        if match.group(1) == '"':
            if not exists(name):
                found.append((line, "missing"))
            elif folder in _below and folder_of(name) not in (folder, *_below[folder]):
                found.append((line, "arrow"))
            elif name.endswith("_impl.h") and folder_of(name) != folder:
                found.append((line, "private"))
            continue
        if not path.startswith("store/") and (name == "sqlite3.h" or name.startswith("Poco/Data/")):
            found.append((line, "sql"))
        if name.startswith("openssl/") and folder not in _openssl_homes:
            found.append((line, "openssl"))
        if path.endswith(".h") and not path.endswith("_impl.h") and _heavy.search(name):
            found.append((line, "heavy"))
    if not path.startswith("store/"):
        found += [(text.count("\n", 0, match.start()) + 1, "sql") for match in _sql.finditer(text)]
    return sorted(found)
