# The coroutine rules. g++ 12 destroys some temporaries of a `co_await` expression twice (15 of 74 patterns tried), so
# that a statement with `co_await` is kept so simple that it has none of them:
#   two-awaits        more than one co_await in a statement
#   braces            a braced value in a statement with co_await
#   conditional       ?: in one
#   new               a new expression in one
#   capture           a capturing lambda in one
#   binding           a structured binding of a co_await
#   await-in-catch    a co_await in a catch block, which the language forbids in words that few compilers say clearly
#   lambda-coroutine  a capturing lambda that is a coroutine: its captures die with the lambda, not with the coroutine
#   bare-awaiter      an awaiter type without a constructor (an aggregate temporary is destroyed twice); one for
#                     final_suspend() is named Final and may do without
from cpp import Source

_control = ("if", "while", "for", "switch", "constexpr")


def check(text):
    """(line, rule) for each breach, ascending."""
    if "co_" not in text and "await_" not in text:
        return []
    source, found = Source(text), set()
    for index, token in enumerate(source.tokens):
        if token.text == "co_await" and source.text(index - 1) != "operator":
            found |= {(token.line, rule) for rule in _statement(source, index)}
            if _in_catch(source, index):
                found.add((token.line, "await-in-catch"))
    for intro, body in source.lambdas.items():
        if source.captures(intro) and _is_coroutine(source, body):
            found.add((source.tokens[intro].line, "lambda-coroutine"))
    return sorted(found | set(_bare_awaiters(source)))


def _begin(source, index):
    """The first token of the statement around a token."""
    at = index - 1
    while at >= 0:
        text = source.text(at)
        if text in (")", "]", "}") and at in source.pair:
            opening = source.pair[at]
            if text == ")" and source.text(opening - 1) in _control:
                return at + 1
            if text == "}" and source.block[opening] and opening not in source.bodies:
                return at + 1
            at = opening
        elif text == "(" and source.text(at - 1) in _control:
            return at + 1
        elif text in (";", "else", "do") or (text == "{" and source.block[at]):
            return at + 1
        elif text == ":" and _is_label(source, at):
            return at + 1
        at -= 1
    return 0


def _is_label(source, colon):
    at = colon - 1
    while at >= 0 and source.text(at) not in (";", "{", "}", "?"):
        if source.text(at) in ("case", "default"):
            return True
        at -= 1
    return False


def _statement(source, index):
    at, rules, awaits, begin = _begin(source, index), set(), 0, _begin(source, index)
    depth = 0
    while at < len(source.tokens):
        text = source.text(at)
        if at in source.lambdas:
            if source.captures(at):
                rules.add("capture")
            at = source.pair[source.lambdas[at]]  # the body's statements are looked at on their own
        elif text == "{":
            if source.block[at]:
                break
            rules.add("braces")
            depth += 1
        elif text in "([":
            depth += 1
        elif text in ")]}":
            depth -= 1
            if depth < 0:
                break
        elif text == ";" and depth == 0:
            break
        elif text == "co_await":
            awaits += 1
        elif text in ("?", "new"):
            rules.add("conditional" if text == "?" else "new")
        at += 1
    if awaits > 1:
        rules.add("two-awaits")
    if _binds(source, begin):
        rules.add("binding")
    return rules


def _binds(source, begin):
    at = begin
    while source.text(at) in ("const", "static", "auto", "&", "&&"):
        at += 1
    return at > begin and source.text(at) == "[" and "auto" in [source.text(i) for i in range(begin, at)]


def _in_catch(source, index):
    around = source.parent[index]
    while around is not None:
        if around in source.bodies:
            return False
        if source.text(around) == "{" and source.head(around) == "catch":
            return True
        around = source.parent[around]
    return False


def _is_coroutine(source, body):
    at = body + 1
    while at < source.pair[body]:
        if at in source.lambdas:
            at = source.pair[source.lambdas[at]]
        if source.text(at) in ("co_await", "co_return", "co_yield"):
            return True
        at += 1
    return False


def _bare_awaiters(source):
    for index, token in enumerate(source.tokens):
        if token.text != "await_ready" or source.text(index - 1) in (".", "->"):
            continue
        body = source.parent[index]
        if body is None or not source.block.get(body):
            continue
        at = body - 1
        while at >= 0 and source.text(at) not in (";", "{", "}", "struct", "class"):
            at -= 1
        if source.text(at) not in ("struct", "class"):
            continue
        inside = range(body + 1, source.pair[body])
        at += 1
        while source.text(at) == "[":  # [[nodiscard]]
            at = source.pair[at] + 1
        name = source.text(at)
        if name == "Final":
            continue  # of a final_suspend(): stateless, and in no statement of ours
        if not any(source.text(i) == name and source.text(i + 1) == "(" and source.text(i - 1) != "~" for i in inside):
            yield source.tokens[at].line, "bare-awaiter"
