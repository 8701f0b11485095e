#!/usr/bin/env python3
"""Writes the first corpus of each target out of the string literals of the tests: python3 proof/fuzz/seeds.py

What tests have as rows, fuzzing begins with. Only files that are not there yet are written, so that a corpus that has
grown is kept.
"""

import hashlib
import re
from pathlib import Path

FUZZ = Path(__file__).resolve().parent
ROOT = FUZZ.parent.parent

TOKEN = re.compile(
    r"""//[^\n]*
      | b?r(?P<hashes>\#*)"(?P<raw>.*?)"(?P=hashes)
      | b?"(?P<text>(?:\\.|[^"\\])*)"
      | '(?:\\.[^']*|[^'\\])'
      | const\s+(?P<const>[A-Z_]+)
      | policy:\s*(?P<use>[A-Z_]+)""",
    re.DOTALL | re.VERBOSE,
)
ESCAPE = re.compile(r"\\(?:\n\s*|x(?P<byte>[0-9a-fA-F]{2})|u\{(?P<char>[0-9a-fA-F]+)\}|(?P<one>.))", re.DOTALL)
ONE = {"n": "\n", "r": "\r", "t": "\t", "0": "\0"}


def unescape(match):
    number = match["byte"] or match["char"]
    if number:
        return chr(int(number, 16))
    return ONE.get(match["one"], match["one"] or "")


def literals(*paths):
    """The string literals of Rust sources in their order; a constant where it is used as a policy counts again."""
    for path in paths:
        constants, name = {}, None
        for token in TOKEN.finditer((ROOT / path).read_text()):
            if token["const"]:
                name = token["const"]
            elif token["use"]:
                yield constants.get(token["use"], "")
            elif token["raw"] is not None or token["text"] is not None:
                text = token["raw"]
                if text is None:
                    text = ESCAPE.sub(unescape, token["text"])
                if name:
                    constants[name], name = text, None
                yield text


def write(target, seeds):
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    seeds = {seed if isinstance(seed, bytes) else seed.encode() for seed in seeds}
    for seed in seeds:
        file = folder / hashlib.sha1(seed).hexdigest()
        if not file.exists():
            file.write_bytes(seed)
    print(f"{target}: {len(seeds)} seeds")


TESTS = [f"tests/it/{name}.rs" for name in ("api", "cases", "environment", "errors", "laws", "stacked", "wire")]
ORIGIN = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "src/origin").rglob("*.rs"))


def one_line(texts):
    return [text for text in texts if 0 < len(text) <= 330 and "\n" not in text]


def entries():
    # On either side of each bound: scheme, label, host, all.
    yield from (f"{'s' * count}://a" for count in (64, 65))
    for count in (63, 64):
        yield f"https://{'a' * count}.example"
        yield f"https://*.{'a' * count}.example"
    for count in (59, 60, 61, 62):
        for start in ("https://", "https://*.", f"{'s' * 64}://"):
            yield f"{start}{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * count}"
            yield f"{start}{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * count}:65535"
    yield from one_line(literals(*ORIGIN))
    yield from (text for text in one_line(literals(*TESTS)) if "://" in text)


RULES = ("laws", "errors", "regexes", "regex_choices")


def regexes():
    for line in (ROOT / "tests/it/data/regexes.tsv").read_text().splitlines():
        if not line.startswith("#"):
            yield f"{line.split(chr(9))[1]}\nhttps://a.example.com"
    # Every control character and some that cannot be seen, where they are refused and where they mean nothing.
    for number in (*range(0x20), *range(0x7F, 0xA1), 0x202E, 0x2028, 0x2066, 0xFEFF, 0xE9):
        if chr(number) != "\n":
            yield f"https://[a{chr(number)}]\\.example\nhttps://a.example"
            yield f"(?x)https://a\\.example#{chr(number)}\nhttps://a.example"
    # Below wildcards of the public suffix list, and labels and schemes near the bounds on their lengths.
    for root in ("eth.limo", "compute-1.amazonaws.com", "ck", "kawasaki.jp", "ex.futurecms.at", "run.app"):
        dotted = root.replace(".", "\\.")
        for before in ("[a-z0-9-]+", "acme-[a-z]+", "acme", "(.+\\.)?[a-z]+", "city", "www\\.acme"):
            yield f"https://{before}\\.{dotted}(:\\d+)?\nhttps://acme-a.{root}"
    for count in (60, 62, 63, 64, 65):
        for scheme in ("(https://)?", "[a-z]{%d}://" % count, "(ws|http)://", "https?://"):
            for end in ("", ".*", ":80", "(:443|:21)"):
                yield f"{scheme}[a-z]{{{count}}}\\.example\\.com{end}\nhttps://{'a' * min(count, 63)}.example.com"
    texts = list(literals("src/origin/regex/regex.rs", "src/origin/regex/regex_text.rs", *(f"tests/it/{name}.rs" for name in RULES)))
    for text, after in zip(texts, texts[1:] + [""]):
        if len(text) <= 200:
            yield f"{text}\n{after if '://' in after else 'https://a.example'}"


def is_variables(text):
    return re.match(r"\s*[A-Z_]+=", text) is not None


def variables():
    texts = list(literals(*TESTS))
    for text, after in zip(texts, texts[1:] + [""]):
        if is_variables(text):
            yield "\n".join(f"CORS_{line.strip()}" for line in text.splitlines())
        elif text.startswith("CORS_"):
            yield f"{text}={after}".replace("\n", "\\n")


RICH = (
    "ALLOWED_ORIGINS=https://a.example,https://*.example.com:*,http://localhost:*,https://[::1]\n"
    "ALLOWED_ORIGIN_REGEXES=https://pr-[0-9]+\\.example\\.dev\nALLOWED_METHODS=*\nALLOWED_HEADERS=*,authorization\n"
    "EXPOSED_HEADERS=*\nMAX_AGE=60\nPREFLIGHT_STATUS=200",
    "ALLOWED_ORIGINS=*\nALLOWED_METHODS=*\nALLOWED_HEADERS=*\nDANGER_OMIT_VARY_FOR_ANY_ORIGIN=1",
    "ALLOWED_ORIGINS=https://*.com,https://*.example.com.evil.org:8443,app://*.example.co,https://example.co:*\n"
    "DANGER_ALLOW_PUBLIC_SUFFIX_SUBDOMAINS=1\nALLOWED_HEADERS=*,authorization\nALLOW_CREDENTIALS=1",
    "ALLOWED_ORIGINS=https://app.example\nREJECT_DENIED_ORIGINS=1",
    "ALLOWED_ORIGINS=null,https://a.example\nALLOWED_METHODS=PUT,CHICKEN\nALLOWED_HEADERS=x-a\nEXPOSED_HEADERS=x-b",
)


def decisions():
    policy = "ALLOWED_ORIGINS=https://a.example"
    requests = []
    for text in literals("tests/it/cases.rs", "tests/it/wire.rs", "tests/it/stacked.rs"):
        preflight = "OPTIONS /\norigin: https://a.example\naccess-control-request-"
        if is_variables(text):
            policy = text.strip() if "ALLOWED_ORIGIN" in text else f"ALLOWED_ORIGINS=https://a.example\n{text.strip()}"
        elif re.match(r"[A-Za-z]+ /", text):
            yield f"{policy}\n\n{text}".encode("latin-1", "replace")
            requests.append(text)
        elif text.startswith("access-control-request-"):
            request = f"OPTIONS /\norigin: https://a.example\n{text}"
            yield f"{policy}\n\n{request}".encode("latin-1", "replace")
            requests.append(request)
        elif "://" in text and " " not in text:
            requests.append(f"GET /own\norigin: {text}")
            host = text.partition("://")[2] or text
            requests.append(f"GET /\n:authority: {host}\norigin: {text}")
            requests.append(f"GET /\nhost: {host}\norigin: {text}")
        elif re.fullmatch(r"[\w*,\t -]{1,40}", text) and not re.search(r"\w \w", text):
            # Names, and lists of them, that a test puts into a header.
            requests.append(f"{preflight}method: {text}\naccess-control-request-headers: {text}")
            requests.append(f"{preflight}method: GET\naccess-control-request-headers: {text}")
            requests.append(f"{preflight}method: {text}")
    credentials = [f"{policy}\nALLOW_CREDENTIALS=1" for policy in RICH[:1]]
    for policy in [*RICH, *credentials]:
        for request in requests:
            yield f"{policy}\n\n{request}".encode("latin-1", "replace")


def requested_headers():
    name = "access-control-request-headers:"
    lists = [[""], ["", ""], ["x-a"], ["X-A, x-bb"], ["x-a", "content-type"], [" ,\tauthorization, "]]
    for text in literals(*TESTS):
        lines = [line[len(name):] for line in text.splitlines() if line.startswith(name)]
        if lines:
            lists.append(lines)
    # On either side of each bound.
    for count in (256, 257):
        lists.append([",".join(["x-a"] * count)])
    for count in (33, 34):
        lists.append(["," * (count - 1)])
    for count in (8192, 8193):
        lists += [["x" * count], ["x-a" + " " * (count - 6) + "x-a"[:2] + "a"], ["x" * 4096, "y" * (count - 4096)]]
    for lines in lists:
        for policy in "012345":
            yield "\n".join([policy, *lines]).encode("latin-1", "replace")


write("origin", entries())
write("entry", entries())
write("regex", regexes())
write("lint", regexes())
write("variables", variables())
write("decide", decisions())
write("request_headers", requested_headers())
