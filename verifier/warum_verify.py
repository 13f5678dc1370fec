#!/usr/bin/env python3
"""Check receipts of a Warum log, offline and without trusting whoever runs it. Needs Python 3.9, and nothing else.

A FILE is a receipt (.tlog-proof), a file of receipts (.receipts.json), a checkpoint or a promise. All are checked as
one set: give yours and your partner's, and you learn whether both were told the same. docs/receipts.md has the rules,
which this follows from `check` down. Exit code 0: everything holds; 1: something does not, and the first line says
what; 2: not called rightly. What cannot be told from the files is a note, not an error."""

import argparse
import hmac
import json
import re
import time
from base64 import b64decode, b64encode
from collections import Counter, defaultdict, namedtuple
from functools import lru_cache, partial
from hashlib import sha256, sha512
from pathlib import Path

Checkpoint = namedtuple("Checkpoint", "origin size root vkey")
Receipt = namedtuple("Receipt", "checkpoint index hash type at series key number says shown title")  # says: payload
FORM = (ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)
DAMAGED = "This is damaged, or not in the form that the format page describes."
PROOF, SECOND = "c2sp.org/tlog-proof@v1", 1_000_000  # microseconds
OF_PAIRS = ("conversion", "clicks", "statement")
OTHERS = "rule report proposal decision effect outcome contest answer act erasure restored".split()
EARNS = {"pending": "pending", "approved": "earned", "paid": "earned", "declined": "nothing"}  # so a commission is
NEVER_CHANGE = ("advertiser", "publisher", "program", "currency", "mode", "group", "click_at")
DECIMALS = dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0)
DECIMALS.update(dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3))


class Flaw(Exception):
    """Says in a sentence what does not hold."""


def need(holds, sentence=DAMAGED):
    if not holds:
        raise Flaw(sentence)


def check(files, policy="", state=None):
    """Check (name, text) of files as one set. Without a tlog-policy, the key that came along serves. `state` has the
    checkpoint that is remembered of each origin."""
    case = Case(policy, state or {})
    for where, text in files:
        case.attempt(where, case.read, where, text)
    broken, case.errors = case.errors, []
    for step in (case.check_log, case.check_series, case.check_payloads, case.check_promises):
        case.attempt("", step)
    case.errors += broken
    if not (case.errors or case.newest or case.promises):
        case.errors.append("There is nothing to check here.")
    return case


def verify_receipt(text, policy=""):
    """What a receipt proves. Raises Flaw or one of FORM if it proves nothing, as do the next two."""
    head, _, note = text.partition("\n\n")
    header, extra, index, *path = head.split("\n")
    need(header == PROOF and extra.startswith("extra ") and index.startswith("index "))
    extra, path = read_json(unbase64(extra[6:]).decode()), [unbase64(line, 32) for line in path]
    leaf, says, shown, series = extra["leaf"], extra.get("payload"), extra.get("shown", {}), extra["series"]
    checkpoint, index = verify_checkpoint(note, policy or f"log {extra['vkey']}\nquorum none"), integer(index[6:])
    need(set(leaf) == {"actor", "at", "commitment", "tag", "type", "v"} and leaf["v"] == 1 and leaf["v"] is not True)
    need(leaf["type"] in (*OF_PAIRS, *OTHERS) and leaf["actor"] in ("person", "bot", "key", "system"))
    leaf_hash, at, _ = sha256(b"\0" + canonical(leaf)).digest(), integer(leaf["at"]), unbase64(leaf["commitment"], 32)
    root = root_above(leaf_hash, index, checkpoint.size, path)
    need(root == checkpoint.root, "The log does not contain this entry: it was altered or made up.")
    name, key, number = series["name"], unbase64(series["key"], 32), integer(series["number"], 1)
    tag, title = hmac.new(key, b"warum number %d" % number, "sha256").hexdigest(), f"Receipt {number} of {name}"
    need(leaf["tag"] == tag[:32] and type(name) is str, f"The log has this entry, but not as {title}.")
    if says is not None or shown or "nonce" in extra:
        need(opens(leaf["commitment"], extra["nonce"], says), f"{title} was altered: this is not what was entered.")
        need(says["v"] == (2 if leaf["type"] == "conversion" else 1) and says["v"] is not True)
        pair = "/".join(filter(None, (says.get("advertiser"), says.get("publisher"))))
        home = says.get("program") if leaf["type"] == "rule" else pair if leaf["type"] in OF_PAIRS else name
        need(home == name, f"{title} belongs to {home}.")
        hidden = re.findall(r'"([^"\\]*)":\{"hidden":"([^"\\]*)"\}', canonical(says).decode())
        for label, one in shown.items():
            (digest,) = [digest for place, digest in hidden if place == label]
            need(opens(digest, one["nonce"], one["value"]), f"{title}: the {label} shown is not what was entered.")
    return Receipt(checkpoint, index, leaf_hash, leaf["type"], at, name, key, number, says, shown, title)


def verify_checkpoint(note, policy):
    (origin, size, root, *more), logs, witnessed = open_note(note, policy)
    need(origin in logs and all(more), f"The log {origin} did not sign this with a key that you know as its own.")
    need(witnessed, "Too few of the witnesses that you ask for have seen this checkpoint.")
    return Checkpoint(origin, integer(size), unbase64(root, 32), logs[origin])


def verify_promise(note, policy):
    (title, record, at, event, within), logs, _ = open_note(note, policy)
    origin = re.fullmatch("(.+)/promise", title)[1]
    need(f"{origin}/edge" in logs, f"The promise for {record} is not signed with a key that you know as the edge's.")
    need(re.fullmatch("[0-9]+/[0-9]+/[0-9]+", record) and unbase64(event, 32) and within == "within 60")
    return origin, record, integer(at)


class Case:
    """What is checked together, and what came of it: errors, notes, and facts that are proved."""

    def __init__(self, policy, state):
        self.policy, self.state, self.newest, self.errors, self.notes, self.facts = policy, state, None, [], [], []
        self.receipts, self.points, self.promises, self.proofs, self.claims = [], [], [], [], []
        self.versions, self.rules, self.series = {}, {}, defaultdict(dict)  # receipts by rule; by series and number

    def attempt(self, where, step, *inputs):
        """A failure becomes an error, and the other steps still run."""
        try:
            step(*inputs)
        except (Flaw, *FORM) as error:
            self.errors.append(f"{where}: {error if isinstance(error, Flaw) else DAMAGED}".lstrip(": "))

    def note(self, applies, sentence):
        self.notes += [sentence] if applies and sentence not in self.notes else []

    def single(self, name, value):
        same = self.versions.setdefault(name, value) == value
        need(same, f"You and your partner were told different things: there are two versions of {name}.")

    def holds(self, series, first, last):
        """Whether all these numbers of a series are here, with what they say."""
        here = [number for number, one in self.series[series].items() if first <= number <= last and one.says]
        return len(here) == last - first + 1

    def read(self, where, text):
        if text.startswith("{"):
            file = {"promises": [], "consistency": [], "complete": [], **read_json(text)}
            need(file["format"] == "warum-receipts/1")
            self.note(file["promises"] and not self.policy, "Promises are not checked without the key of the edge.")
            for place, one in enumerate(file["receipts"] + (file["promises"] if self.policy else []), 1):
                self.attempt(f"{where} #{place}", self.read, where, one)
            self.proofs, self.claims = self.proofs + file["consistency"], self.claims + file["complete"]
        elif text.startswith(PROOF):
            self.receipts.append(verify_receipt(text, self.policy))
        elif text.split("\n")[0].endswith("/promise"):
            self.promises.append(verify_promise(text, self.policy or "quorum none"))
        else:
            self.points.append(verify_checkpoint(text, self.policy or "quorum none"))

    def check_log(self):
        """One log, which only grows: a size has one root, and each tree begins with all earlier ones."""
        points = self.points + [one.checkpoint for one in self.receipts]
        if not points:
            return
        here = max(points, key=lambda point: point.size)
        kept, roots = self.state.get(here.origin, here), {}
        for point in [kept, *points]:
            self.single("the name of the log", point.origin)
            self.single("the key of the log", point.vkey)
            self.single(f"the first {point.size} entries of the log", point.root)
            roots[point.size] = point.root
        self.note(not self.policy, f"The key {here.vkey} came with the files: compare it with that in your contract.")
        self.newest = max(here, kept, key=lambda point: point.size)
        proofs = [(integer(one["new"]), integer(one["old"]), one["hashes"]) for one in self.proofs]
        proved = {self.newest.size}
        for new, old, path in sorted(proofs, reverse=True):
            if old in roots and new in roots:
                grown = roots_above(old, new, [unbase64(one) for one in path], roots[old])
                need(
                    grown == (roots[old], roots[new]), f"The log of {new} entries does not begin with its first {old}."
                )
                proved |= {old} if new in proved else set()
        known = {here.size, kept.size} <= proved
        need(known, f"The log of {here.size} entries is not proved to be that of {kept.size} that was remembered.")
        for size in sorted(roots.keys() - proved):
            self.note(True, f"Nothing here proves that the log still has the first {size} entries that it had.")

    def check_series(self):
        """In a series, each number has one entry, in the order of the log, and none is missing of those claimed."""
        self.receipts.sort(key=lambda one: (one.index, one.says is not None))
        restored = [one.says for one in self.receipts if one.type == "restored" and one.says]
        lost = [range(integer(says["first"]), integer(says["last"]) + 1) for says in restored]
        for one in self.receipts:
            self.single(f"entry {one.index} of the log", one.hash)
            self.single(f"the series {one.series}", one.key)
            other = self.series[one.series].get(one.number, one)
            again = any(other.index in indexes and one.index >= indexes.stop for indexes in lost)
            self.note(again, f"{one.title} was entered twice, since the database had to be restored.")
            where = f"as entry {other.index} and as entry {one.index}"
            need(again or other.index == one.index, f"{one.title} stands twice in the log, {where}.")
            self.series[one.series][one.number] = one
        self.receipts = [one for one in self.receipts if self.series[one.series][one.number] is one]
        for a, b in zip(self.receipts, self.receipts[1:]):
            need(a.at <= b.at, f"{b.title} was entered after {a.title}, but has an earlier time.")
        for series, numbers in self.series.items():
            for a, b in zip(sorted(numbers), sorted(numbers)[1:]):
                need(numbers[a].index < numbers[b].index, f"{numbers[b].title} was entered before number {a}.")
                self.note(a + 1 < b, f"Numbers {a + 1} to {b - 1} of {series} are not in these files.")
        for claim in self.claims:
            series, claimed = claim["series"], range(integer(claim["first"]), integer(claim["last"]) + 1)
            missing = next((number for number in claimed if number not in self.series[series]), None)
            need(missing is None, f"Number {missing} of {series} is missing, though the file claims to hold it.")

    def check_payloads(self):
        """Each record by itself, and as it follows from those before it."""
        histories = defaultdict(list)
        for one in [one for one in self.receipts if one.type == "rule" and one.says]:
            self.single(f"the rule {one.says['rule']}", one.says)
            self.rules.setdefault(one.says["rule"], one)
        for one in self.receipts:
            if one.says and one.type in OF_PAIRS:
                history = histories[one.type, one.says.get("conversion", one.series)]
                self.attempt(one.title, getattr(self, "check_" + one.type), one, history)
                history.append(one)
            else:
                says = json.dumps(one.says, sort_keys=True) if one.says else "this was erased"
                self.facts.append(f"{one.title}: entered on {day(one.at)}, and not changed since: {one.type}, {says}")

    def check_conversion(self, one, history):
        """It goes on where it was left; its commission is what its rule makes of it; and that rule was in force."""
        says, name, rule = one.says, one.says["conversion"], self.rules.get(one.says["rule"])
        was, number = (history[-1].says, history[-1].number) if history else ({"seq": 0}, 0)
        gap = says["seq"] > was["seq"] + 1
        need((says["before"] is None) == (says["seq"] == 1) == ("order" in says))
        left_out = gap and self.holds(one.series, number + 1, one.number - 1)
        need(not left_out, f"What happened to {name} before this was left out of the log.")
        self.note(gap, f"What happened to {name} just before {one.title} is not in these files.")
        if history:
            ended = {"status": was["after"]["status"], "commission": was["commission"]}
            follows = says["seq"] > was["seq"] and (gap or says["before"] == ended)
            same = all(was[member] == says[member] for member in NEVER_CHANGE)
            need(follows and same, f"This does not go on where {history[-1].title} left {name}.")
        nothing = EARNS[says["after"]["status"]] == "nothing" or None in (says["rule"], says["publisher"])
        self.check_money(one, says["commission"], f"{name} was {says['after']['status']}", nothing)
        first = [*history, one][0]
        if first.says["seq"] > 1 or first.says.get("taken_in") or (says["rule"] and not rule):
            return self.note(True, f"{one.title}: whether another rule was in force cannot be told from these files.")
        fitting = [other for other in self.rules.values() if other.index < first.index and applies(other, says)]
        sure = [other for other in fitting if other.at <= first.at - 10 * SECOND]
        right = rule in fitting and all(rank(other) <= rank(rule) for other in sure) if rule else not sure
        need(right, f"The rule {says['rule']} was not the one in force for {name}.")
        whole = any(claim["series"] == says["program"] and claim["first"] == "1" for claim in self.claims)
        self.note(not whole, f"Not all rules of {says['program']} are here. One that is not may have been in force.")

    def check_clicks(self, one, _):
        self.check_money(one, one.says["amount"], f"{one.says['count']} clicks came", nothing=False)

    def check_money(self, one, told, what, nothing):
        """A commission is what the rule makes of a conversion or of clicks, and the rule was promised before."""
        says, currency, rule = one.says, one.says["currency"], self.rules.get(one.says["rule"])
        if not rule and not nothing:
            return self.note(True, f"{one.title} was not recomputed: the rule {says['rule']} is not in these files.")
        what = f"{what} on {day(one.at)}; commission {money(told, currency)}"
        need(not rule or applies(rule, says), f"{what}, but the rule {says['rule']} was not promised for this.")
        due, why = (0, "") if nothing else worth(rule.says, says)
        need(integer(told) == due, f"{what}, but it should be {money(due, currency)}{why}.")
        self.facts.append(f"{one.title}: {what}{why}: right.")

    def check_statement(self, one, history):
        """It is the sum of the records of its month, and begins where the one before ended."""
        says, first, last = one.says, integer(one.says["first"]), integer(one.says["last"])
        title, numbers = f"The statement for {says['month']}", self.series[one.series]
        need(says["count"] == last - first + 1 and last < one.number, f"{title} does not count its records right.")
        for number, other in numbers.items():
            right = (first <= number <= last) == (day(other.at)[:7] == says["month"])
            need(right, f"{title} covers numbers {first} to {last}, which is wrong for number {number}.")
        number, ended = (history[-1].number, integer(history[-1].says["last"])) if history else (0, 0)
        gap = first > ended + 1 and not self.holds(one.series, number + 1, one.number - 1)
        need(gap or first == ended + 1, f"{title} does not begin where the one before ended.")
        if gap or not self.holds(one.series, first, last):
            return self.note(True, f"{title} was not recomputed, since not all that it sums up is in these files.")
        before = {row["currency"]: row for row in history[-1].says["currencies"]} if history else {}
        changed, rows = changes(other for number, other in numbers.items() if first <= number <= last), []
        for currency in sorted({*before, *(currency for currency, _ in changed)}):
            row = {}
            for kind in ("earned", "pending"):
                start, change = int(before.get(currency, {kind: 0})[kind]), changed[currency, kind]
                row.update({f"{kind}_before": str(start), f"{kind}_change": str(change), kind: str(start + change)})
            rows += [{"currency": currency, **row}] if set(row.values()) != {"0"} else []
        need(says["currencies"] == rows, f"{title} is not the sum of its records, which is {json.dumps(rows)}.")
        self.facts.append(f"{one.title}: {title} is the sum of the numbers {first} to {last}: right.")

    def check_promises(self):
        """What the edge promised was entered; it was not if the advertisers' series are whole around it, without it."""
        told = [one for one in self.receipts[::-1] if one.says and one.type in ("conversion", "report")]
        entered = {one.says.get("source"): one for one in told}
        for origin, record, at in self.promises:
            self.single("the name of the log", origin)
            one, due, what = entered.get(record), at + 60 * SECOND, f"The promise of {day(at)} to enter {record}"
            whole = [self.spans(name, at, due) for name in [*self.series] if name[:4] == "adv_"]
            need(one or not whole or not all(whole), f"{what} was not kept.")
            self.note(not one, f"{what}: whether it was kept cannot be told from these files.")
            self.note(one and one.at > due, f"{what} was kept late.")

    def spans(self, name, since, until):
        """Whether a series is all here, from before this time until after it."""
        start = max((number for number, one in self.series[name].items() if one.at < since), default=1)
        end = min((number for number, one in self.series[name].items() if one.at > until), default=0)
        return start <= end and self.holds(name, start, end)


def worth(rule, says):
    """What a rule makes of a conversion or of clicks, and how."""
    amount, currency, name = integer(rule["amount"]), says["currency"], f"(rule {rule['rule']})"
    if rule["kind"] == "per_click":
        return says["count"] * amount, f" = {says['count']} x {money(amount, currency)} {name}"
    retained, rate = integer(says["after"]["retained"]), rule["rate_ppm"]
    if rule["kind"] == "fixed":
        return amount if retained > 0 else 0, f", fixed, of {money(retained, currency)} {name}"
    share = f" = {rate / 10_000:g} % of {money(retained, currency)} {name}"
    return (2 * retained * rate + 1_000_000) // 2_000_000, share


def applies(rule, says):
    """Whether a rule was promised for this; not if it was entered more than a minute after the click."""
    own, clicks, click = rule.says, "count" in says, integer(says.get("click_at") or rule.says["valid_from"])
    promised = rule.number == 1 or own.get("taken_in") or clicks or click >= rule.at - 60 * SECOND
    in_time = promised and integer(own["valid_from"]) <= click and (clicks or says["click_at"])
    fits = own["program"] == says["program"] and (own["kind"] == "per_click") == clicks
    fits = fits and own["publisher"] in (None, says["publisher"]) and own["group"] in ("", says.get("group", ""))
    return in_time and fits and own["currency"] in (None, says["currency"])


def rank(rule):
    own = rule.says
    return own["publisher"] is not None, own["group"] != "", integer(own["valid_from"]), own["version"]


def changes(receipts):
    """By how much live conversions and clicks change what is earned and what is pending, by currency."""
    sums = Counter()
    for says in [one.says for one in receipts if one.type in ("conversion", "clicks")]:
        live, nothing = {"live": 1, "test": 0}[says["mode"]], {"status": "declined", "commission": "0"}
        before = says.get("before") or nothing
        status, amount = (says["after"]["status"], says["commission"]) if "seq" in says else ("paid", says["amount"])
        sums[says["currency"], EARNS[status]] += live * integer(amount)
        sums[says["currency"], EARNS[before["status"]]] -= live * integer(before["commission"])
    return sums


def root_above(leaf, index, size, path):
    """The root of a tree of this size with a leaf at this index, by an inclusion proof: RFC 6962, section 2.1.1."""
    need(index < size and (size > 1 or not path))
    if size == 1:
        return leaf
    left = 1 << (size - 1).bit_length() - 1
    if index < left:
        return parent(root_above(leaf, index, left, path[:-1]), path[-1])
    return parent(path[-1], root_above(leaf, index - left, size - left, path[:-1]))


def roots_above(old, new, path, old_root=None):
    """The roots of the old and the new tree, by a consistency proof: RFC 6962, section 2.1.2."""
    need(0 < old <= new and (old < new or len(path) == (old_root is None)))
    if old == new:
        return (old_root or path[0],) * 2
    left = 1 << (new - 1).bit_length() - 1
    if old > left:
        return tuple(parent(path[-1], root) for root in roots_above(old - left, new - left, path[:-1]))
    before, after = roots_above(old, left, path[:-1], old_root)
    return before, parent(after, path[-1])


def open_note(note, policy):
    """The lines of a signed note; of a tlog-policy, the keys of logs that signed it, and whether the quorum did."""
    text, gap, tail = note.rpartition("\n\n")
    need(text and gap and tail.endswith("\n") and not re.search(r"[\x00-\x09\x0b-\x1f]", note))
    lines = [re.fullmatch(r"— ([^\s+]+) (\S+)", line).groups() for line in tail[:-1].split("\n")]
    lines = [(name, unbase64(blob)) for name, blob in lines]
    logs, holds, once_only, quorum = {}, {"none": True}, ["none"], []
    for line in policy.split("\n"):
        word, *rest = re.split("[ \t]+", line.strip(" \t"))
        if word == "log" and has_signed(rest[0], 1, text, lines):
            logs[rest[0].split("+")[0]] = rest[0]
        if word in ("witness", "group"):
            need(rest[0] not in holds)
        if word == "witness":
            holds[rest[0]], once_only = has_signed(rest[1], 4, text, lines), [*once_only, rest[1].split("+", 2)[2]]
        if word == "group":
            least = {"all": len(rest) - 2, "any": 1}.get(rest[1]) or integer(rest[1], 1, len(rest) - 2)
            holds[rest[0]], once_only = sum(holds[one] for one in rest[2:]) >= least > 0, once_only + rest[2:]
        if word == "quorum":
            quorum.append(holds[" ".join(rest)])
        need(word in ("log", "witness", "group", "quorum", "") or word.startswith("#"))
    need(len(quorum) == 1 and len(once_only) == len(set(once_only)))
    return text.split("\n"), logs, quorum[0]


def has_signed(vkey, kind, text, signatures):
    """Whether a key signed (kind 1) or cosigned (kind 4) a text. A false signature in its name spoils the note."""
    name, key_id, key = re.fullmatch(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)", vkey).groups()
    key, found = unbase64(key, 33), [blob[4:] for who, blob in signatures if (who, blob[:4].hex()) == (name, key_id)]
    need(key[0] == kind and sha256(f"{name}\n".encode() + key).hexdigest()[:8] == key_id)
    for blob in found:
        head = b"cosignature/v1\ntime %d\n" % int.from_bytes(blob[:8], "big") if kind == 4 else b""
        genuine = verify_ed25519(key[1:], head + text.encode() + b"\n", blob[8:] if kind == 4 else blob)
        need(genuine, f"The signature of {name} is not genuine.")
    return bool(found)


@lru_cache(maxsize=4096)
def verify_ed25519(public, message, signature):
    """RFC 8032, section 5.1, strictly: numbers and points have one spelling, and keys no small order (8 or less)."""
    s, point = int.from_bytes(signature[32:], "little"), read_point(public)
    if len(signature) != 64 or s >= ORDER or not point or point[3] * (point[0] ** 2 + point[1] ** 2) % P == 0:
        return False
    k = int.from_bytes(sha512(signature[:32] + public + message).digest(), "little") % ORDER
    total, minus_key = (0, 1, 1, 0), (P - point[0], point[1], 1, P - point[3])
    table = (total, BASE, minus_key, add(BASE, minus_key))
    for bit in range(252, -1, -1):
        total = add(add(total, total), table[(s >> bit & 1) + 2 * (k >> bit & 1)])
    x, y = (part * pow(total[2], -1, P) % P for part in total[:2])
    return signature[:32] == (y | (x & 1) << 255).to_bytes(32, "little")


def add(p, q):
    """Sum of two points (X, Y, Z, T)."""
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * CURVE * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = (b - a) % P, (d - c) % P, (d + c) % P, (b + a) % P
    return e * f % P, g * h % P, f * g % P, e * h % P


def read_point(data):
    y, odd = int.from_bytes(data, "little") % 2**255, data[31] >> 7
    square = (y * y - 1) * pow(CURVE * y * y + 1, -1, P) % P
    root = pow(square, (P + 3) // 8, P)
    x = root if root * root % P == square else root * pow(2, (P - 1) // 4, P) % P
    x = x if x & 1 == odd else P - x
    return (x, y, 1, x * y % P) if x < P and y < P and x * x % P == square else None


P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
CURVE = -121665 * pow(121666, -1, P) % P
BASE = read_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def once(pairs):
    need(len(dict(pairs)) == len(pairs) and all(name.isascii() for name, _ in pairs))
    return dict(pairs)


def unbase64(text, length=None):
    data = b64decode(text, validate=True)
    need(b64encode(data).decode() == text and length in (None, len(data)))
    return data


def integer(text, least=0, most=10**17):
    need(re.fullmatch("-?(0|[1-9][0-9]{0,16})", text) and least <= int(text) <= most)
    return int(text)


def read_json(text):  # `int` refuses 1.5, 1e3 and NaN
    small = partial(integer, least=1 - 2**53, most=2**53 - 1)
    return json.loads(text, object_pairs_hook=once, parse_int=small, parse_float=int, parse_constant=int)


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def opens(commitment, nonce, value):
    return sha256(unbase64(nonce, 32) + canonical(value)).digest() == unbase64(commitment, 32)


def parent(left, right):
    return sha256(b"\1" + left + right).digest()


def day(at):
    return time.strftime("%Y-%m-%d", time.gmtime(at // SECOND))


def money(minor, currency):
    return "{1:.{0}f} {2}".format(DECIMALS.get(currency, 2), int(minor) / 10 ** DECIMALS.get(currency, 2), currency)


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("files", nargs="+", metavar="FILE", help="receipts, checkpoints, promises: checked as one set")
    parser.add_argument("--key", action="append", default=[], metavar="VKEY", help="of the log, and of its edge")
    parser.add_argument("--policy", type=Path, help="a tlog-policy: logs, witnesses and the quorum that you ask for")
    parser.add_argument("--state", type=Path, help="remembers the key and the newest checkpoint of each log")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args(arguments)
    try:
        files = [(name, Path(name).read_bytes().decode(errors="replace")) for name in options.files]
        policy = options.policy.read_text("utf-8") if options.policy else "quorum none" if options.key else ""
        policy = "\n".join([policy, *(f"log {key}" for key in options.key)]).strip("\n")
        open_note("-\n\n— - AAAAAAA=\n", policy or "quorum none")  # a wrong policy is no fault of the files
        kept = read_json(options.state.read_text("utf-8")) if options.state and options.state.exists() else {}
        state = {name: Checkpoint(**{**one, "root": unbase64(one["root"], 32)}) for name, one in kept.items()}
        case = check(files, policy, state)
        if options.state and case.newest and not case.errors:
            kept[case.newest.origin] = {**case.newest._asdict(), "root": b64encode(case.newest.root).decode()}
            new = options.state.with_name(options.state.name + ".new")
            new.write_text(json.dumps(kept), "utf-8")
            new.replace(options.state)
    except (Flaw, *FORM) as error:
        parser.error(f"a file or key cannot be used: {error}")
    checked = {"receipts": len(case.receipts), "size": case.newest.size if case.newest else 0, "facts": case.facts}
    lines = case.errors or ["Everything holds: {receipts} receipts, from a log of {size} entries.".format(**checked)]
    lines = [*lines, *case.facts, *(f"Note: {note}" for note in case.notes)]
    report = {"ok": not case.errors, "errors": case.errors, "notes": case.notes, "checked": checked}
    print(json.dumps(report) if options.json else "\n".join(line.encode("unicode_escape").decode() for line in lines))
    return 1 if case.errors else 0


if __name__ == "__main__":
    raise SystemExit(main())
