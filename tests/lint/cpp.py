# Reads C++ as tokens, and tells blocks from braced values and lambdas from subscripts: enough for the lints here.
import re
from collections import namedtuple

Token = namedtuple("Token", "text line")  # a literal's text is '""'

_pattern = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|\#(?:[^\n\\]|\\.|\\\n)*)
      | (?P<raw>(?:u8|[uUL])?R"(?P<mark>[^(\s]*)\(.*?\)(?P=mark)")
      | (?P<string>(?:u8|[uUL])?"(?:[^"\\\n]|\\.)*")
      | (?P<number>\.?\d(?:'?[\w.]|[eEpP][+-])*)
      | (?P<char>(?:u8|[uUL])?'(?:[^'\\\n]|\\.)+')
      | (?P<word>[A-Za-z_]\w*)
      | (?P<sign>::|->|&&|\|\||<=>|[-+*/%&|^<>=!]=|.)""",
    re.DOTALL | re.VERBOSE,
)


def tokens(text):
    """The tokens of a source text; comments and preprocessor lines are left out."""
    line, end, found = 1, 0, []
    for match in _pattern.finditer(text):
        line += text.count("\n", end, match.start())
        end = match.start()
        kind = match.lastgroup
        if kind == "skip":
            continue
        found.append(Token('""' if kind in ("raw", "mark", "string", "char") else match.group(), line))
    return found


class Source:
    """Tokens with their brackets paired and their braces and lambdas named."""

    def __init__(self, text):
        self.tokens = tokens(text)
        self.pair = {}  # index of a bracket -> index of its partner
        self.parent = []  # for each token: index of the bracket it lies in, or None
        self._pair_brackets()
        self.block = {}  # index of "{" -> True for a block, False for a braced value
        for index, token in enumerate(self.tokens):
            if token.text == "{":
                self.block[index] = self._is_block(index)
        self.lambdas = {}  # index of a lambda's "[" -> index of its body's "{"
        for index, token in enumerate(self.tokens):
            if token.text == "[" and self._opens_lambda(index):
                body = self._lambda_body(index)
                if body is not None:
                    self.lambdas[index] = body
        self.bodies = {body: intro for intro, body in self.lambdas.items()}

    def text(self, index):
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def captures(self, intro):
        return self.pair[intro] > intro + 1

    def head(self, opening):
        """The word before the parentheses that precede a block: if, catch, a function's name; or ''."""
        closing = opening - 1
        return self.text(self.pair[closing] - 1) if self.text(closing) == ")" else ""

    def _pair_brackets(self):
        stack = []
        for index, token in enumerate(self.tokens):
            self.parent.append(stack[-1] if stack else None)
            if token.text in "([{":
                stack.append(index)
            elif token.text in ")]}" and stack:
                opening = stack.pop()
                self.parent[index] = self.parent[opening]
                self.pair[opening], self.pair[index] = index, opening
        for opening in stack:  # an unbalanced text: its brackets reach to the end
            self.pair[opening] = len(self.tokens)

    def _is_block(self, index):
        before, around = self.text(index - 1), self.parent[index]
        if around is not None and (self.text(around) != "{" or not self.block.get(around, True)):
            return self._after_function_head(index)  # within parentheses or a braced value only a lambda has a block
        if before in ("", ";", "{", "}", "else", "do", "try", ":", '""'):
            return True
        return self._after_function_head(index) or self._after_declaration_head(index)

    def _after_function_head(self, index):
        at = index - 1
        while self.text(at) in ("const", "noexcept", "override", "final", "mutable", "&", "&&"):
            at -= 1
        if self.text(at) == ")":
            return True
        if self.text(at) == "]":
            return self.text(at) == "]" and self._opens_lambda(self.pair[at])
        while re.fullmatch(r"\w+|::|[<>,*&]|&&", self.text(at)):  # the words of a trailing return type
            at -= 1
        return self.text(at) == "->" and (self.text(at - 1) in (")", "]", "const", "noexcept", "mutable", "override"))

    def _after_declaration_head(self, index):
        at, words = index - 1, set()
        while at >= 0 and self.text(at) not in (";", "{", "}", "="):
            if self.text(at) in (")", "]") and at in self.pair:
                at = self.pair[at]
            words.add(self.text(at))
            at -= 1
        return bool(words & {"namespace", "struct", "class", "union", "enum", "extern", "requires"})

    def _opens_lambda(self, index):
        before = self.text(index - 1)
        if before == "[" or self.text(index + 1) == "[":
            return False  # an attribute
        if before in ("return", "co_return", "co_await", "co_yield", "case", "else", "do", "throw"):
            return True
        bare = self.text(index - 2) if before in ("&", "&&") else before
        if bare == "auto":
            return False  # a structured binding
        return not re.fullmatch(r'\w+|\)|\]|""|>', before)

    def _lambda_body(self, intro):
        at = self.pair[intro] + 1
        while at < len(self.tokens) and self.text(at) != "{":
            if self.text(at) in (";", ")", "}", "]", ","):
                return None
            at = self.pair.get(at, at) + 1 if self.text(at) in "([" else at + 1
        return at if at < len(self.tokens) else None
