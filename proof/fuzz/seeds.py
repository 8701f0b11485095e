#!/usr/bin/env python3
"""Writes the first corpus of each target out of the rows of the tests: python3 proof/fuzz/seeds.py

The rows are the files of tests/it/data, whose notation tests/it/rows.rs describes. On either side of bounds, and for
characters that cannot be seen, seeds are made here. Only files that are not there yet are written, so that a corpus
that has grown is kept.
"""

import hashlib
from pathlib import Path

FUZZ = Path(__file__).resolve().parent
DATA = FUZZ.parent.parent / "tests/it/data"


def unescaped(text):
    if text == "<>":
        return ""
    plain, *parts = text.split("<U+")
    for part in parts:
        number, _, rest = part.partition(">")
        plain += chr(int(number, 16)) + rest
    return plain


def lines(name):
    text = (DATA / name).read_text()
    return [line for line in text.split("\n") if not line.startswith("# ")]


def table(name):
    """The rows of a .tsv, each as its columns."""
    return [[unescaped(column) for column in line.split("\t")] for line in lines(name) if line]


def column(name, number):
    """What stands in a column; `-` is nothing."""
    return [row[number] for row in table(name) if row[number] != "-"]


class Block:
    """A row of a .txt."""

    def __init__(self, block):
        self.lines = [unescaped(line) for line in block]

    def marked(self, mark):
        return [line[1:].removeprefix(" ") for line in self.lines if line.startswith(mark)]

    def variables(self):
        return "\n".join(line for line in self.lines if "A" <= line[:1] <= "Z")


def blocks(name):
    block = []
    for line in [*lines(name), ""]:
        if line:
            block.append(line)
        elif block:
            yield Block(block)
            block = []


def write(target, seeds):
    folder = FUZZ / "corpus" / target
    folder.mkdir(parents=True, exist_ok=True)
    seeds = {seed if isinstance(seed, bytes) else seed.encode() for seed in seeds}
    for seed in seeds:
        file = folder / hashlib.sha1(seed).hexdigest()
        if not file.exists():
            file.write_bytes(seed)
    print(f"{target}: {len(seeds)} seeds")


# The columns of regexes, and of origins that stand next to them.
REGEXES = (
    ("regexes.tsv", 1, []),
    ("regex_verdicts.tsv", 1, []),
    ("regex_matches.tsv", 1, [2]),
    ("regex_long.tsv", 0, [1]),
    ("regex_end_dots.tsv", 2, []),
    ("regex_refused.tsv", 1, []),
    ("regex_shown.tsv", 1, [0]),
    ("regex_corrected.tsv", 1, []),
    ("regex_corrected.tsv", 0, []),
    ("regex_slow.tsv", 0, []),
    ("regex_credentials.tsv", 1, []),
    ("regex_dead_parts.tsv", 1, []),
    ("regex_choices.tsv", 5, [1, 2]),
    ("regex_choices.tsv", 3, [1, 2]),
    ("regex_choices.tsv", 4, [1, 2]),
    ("regex_no_choices.tsv", 0, []),
)


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
    yield from column("origins.tsv", 3)
    yield from column("entries_accepted.tsv", 1)
    yield from column("entries_and_suffixes.tsv", 1)
    yield from column("entries_refused.tsv", 1)
    yield from column("entries_corrected.tsv", 0)
    yield from column("entries_corrected.tsv", 1)
    yield from column("entries_or_regexes.tsv", 1)
    # People write regexes among the entries, too.
    for name, regex, origins in REGEXES:
        for number in (regex, *origins):
            yield from column(name, number)
    for block in blocks("admitted.txt"):
        yield from [*block.marked("+"), *block.marked("-")]
    for block in [*blocks("admitted.txt"), *blocks("decisions.txt"), *blocks("variables.txt")]:
        for line in block.variables().split("\n"):
            name, _, value = line.partition("=")
            if name == "ALLOWED_ORIGINS":
                yield from (entry.strip() for entry in value.replace("\\n", ",").split(","))


def regexes():
    for name, regex, origins in REGEXES:
        for row in table(name):
            others = [row[number] for number in origins]
            others = others or ["https://a.example", "https://a.example.com", "http://localhost:3000"]
            if row[regex] != "-":
                yield from (f"{row[regex]}\n{origin}" for origin in others)
    for block in blocks("admitted.txt"):
        for line in block.variables().split("\n"):
            name, _, value = line.partition("=")
            if name == "ALLOWED_ORIGIN_REGEXES":
                for origin in (*block.marked("+"), *block.marked("-")):
                    yield from (f"{regex}\n{origin}" for regex in value.split())
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
    # Among entries, some are written like regexes.
    for entry in (*column("entries_or_regexes.tsv", 1), *column("entries_corrected.tsv", 1)):
        yield f"{entry}\nhttps://a.example"


def prefixed(variables):
    return "\n".join(f"CORS_{line}" for line in variables.split("\n"))


def variables():
    for name in ("variables.txt", "decisions.txt", "admitted.txt", "request_methods.txt", "request_headers.txt"):
        for block in blocks(name):
            yield prefixed(block.variables())
    for name in (*column("near_misses.tsv", 1), *column("names.tsv", 1)):
        yield f"{name}=x"
    # Names that are set to nothing.
    for name in sorted(set(column("near_misses.tsv", 0))):
        for nothing in ("", " ", "\\n", " \t "):
            yield f"{name}={nothing}\nCORS_ALLOWED_ORIGIN_REGEXES=https://a"
    for entry in (*column("entries_and_suffixes.tsv", 1), *column("entries_refused.tsv", 1)):
        if "\n" not in entry:
            yield f"CORS_ALLOWED_ORIGINS=https://a.example,{entry}\nCORS_ALLOW_CREDENTIALS=true"


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


def lists(block):
    """The lines of a header, for each preflight of a row."""
    for mark in "+-":
        for text in block.marked(mark):
            yield text[1:-1].split("] [") if text else []


def preflight(methods, lists_of_headers):
    text = "OPTIONS /\norigin: https://a.example"
    for name, values in (("method", methods), ("headers", lists_of_headers)):
        text += "".join(f"\naccess-control-request-{name}: {value}" for value in values)
    return text


def asked():
    """Requests of the rows, each with the policy of its row."""
    for block in blocks("decisions.txt"):
        yield block.variables(), "\n".join(block.marked(">"))
    for block in blocks("admitted.txt"):
        for origin in (*block.marked("+"), *block.marked("-")):
            yield block.variables(), f"GET /\norigin: {origin}"
            yield block.variables(), f"GET /own\norigin: {origin}"
    for block in blocks("request_methods.txt"):
        for methods in lists(block):
            yield block.variables(), preflight(methods, [])
    for block in blocks("request_headers.txt"):
        for names in lists(block):
            yield block.variables(), preflight(["GET"], names)


def decisions():
    requests = []
    for policy, request in asked():
        yield f"{policy}\n\n{request}".encode("latin-1", "replace")
        requests.append(request)
    # Where a page is sent to itself, by either version.
    admitted = [origin for block in blocks("admitted.txt") for origin in (*block.marked("+"), *block.marked("-"))]
    for origin in (*admitted, *column("origins.tsv", 3), *column("regex_matches.tsv", 2)):
        host = origin.partition("://")[2] or origin
        requests.append(f"GET /own\norigin: {origin}")
        requests.append(f"GET /\n:authority: {host}\norigin: {origin}")
        requests.append(f"GET /\nhost: {host}\norigin: {origin}")
    # Names, and lists of them, where methods are asked for and where headers are.
    for block in (*blocks("request_methods.txt"), *blocks("request_headers.txt")):
        for values in lists(block):
            requests.append(preflight(values, values))
            requests.append(preflight(values, []))
            requests.append(preflight(["GET"], values))
    # What is rejected.
    for site in ("same-origin", "same-site", "cross-site", "none"):
        for more in ("", "\nsec-fetch-mode: navigate", "\nsec-fetch-mode: no-cors", "\ncookie: a=b"):
            for origin in ("", "\norigin: https://app.example", "\norigin: https://evil.example"):
                requests.append(f"POST /\nsec-fetch-site: {site}{more}{origin}")
    credentials = [f"{policy}\nALLOW_CREDENTIALS=1" for policy in RICH[:1]]
    for policy in [*RICH, *credentials]:
        for request in dict.fromkeys(requests):
            yield f"{policy}\n\n{request}".encode("latin-1", "replace")


def requested_headers():
    asked = [[""], ["", ""], ["x-a"], ["X-A, x-bb"], ["x-a", "content-type"], [" ,\tauthorization, "]]
    for block in blocks("request_headers.txt"):
        asked += lists(block)
    # On either side of each bound.
    for count in (256, 257):
        asked.append([",".join(["x-a"] * count)])
    for count in (33, 34):
        asked.append(["," * (count - 1)])
    for count in (8192, 8193):
        asked += [["x" * count], ["x-a" + " " * (count - 6) + "x-a"[:2] + "a"], ["x" * 4096, "y" * (count - 4096)]]
    for values in asked:
        for policy in "012345":
            yield "\n".join([policy, *values]).encode("latin-1", "replace")


write("origin", entries())
write("entry", entries())
write("regex", regexes())
write("lint", regexes())
write("variables", variables())
write("decide", decisions())
write("request_headers", requested_headers())
