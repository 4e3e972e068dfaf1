"""Reads the bytes of a VRS exchange: CBOR, statements, lines, notes, receipts and payloads.

Written from protocol/SPEC.md alone (sections 2 to 9), as somebody else would write it, to show that the page is enough.
Every function either returns what the bytes say or raises `Flaw` with the number of section 19 and a sentence.
"""

import base64
import binascii
import datetime
import functools
import hashlib
import re

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TIME_MAX = 253_402_300_799
KINDS = ["genesis", "charter", "participant", "key", "release", "extension", "withdrawal", "serving", "undelivered",
         "erasure", "objection", "edition", "bulletin"]
HUB_KINDS = {0, 1, 2, 7, 8, 11, 12}
BODY_STEPS = [4096, 16384, 65536, 262144, 1048576, 4194304]


class Flaw(Exception):
    """What is wrong, with the number of section 19."""

    def __init__(self, number, sentence):
        super().__init__(f"{number}: {sentence}")
        self.number = number


def need(condition, number, sentence):
    """Raises a flaw unless the condition holds."""
    if not condition:
        raise Flaw(number, sentence)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- Section 2.1: deterministic CBOR -------------------------------------------------------------------------------

class Absent:
    """CBOR null, where a record as array has an absent field in the middle."""


ABSENT = Absent()


class Tagged:
    """A tagged value; only tag 18 occurs."""

    def __init__(self, tag, value):
        self.tag, self.value = tag, value


class Decoder:
    """Decodes one value. Departures from 4.2.1 are refused, but for an array that begins with an unknown audience tag."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def fail(self, what):
        raise Flaw(100, f"{what} at byte {self.at}")

    def take(self, count):
        if self.at + count > len(self.data):
            self.fail("the bytes end inside the value")
        self.at += count
        return self.data[self.at - count:self.at]

    def head(self, strict=True):
        """Major type and argument; None for an indefinite length."""
        first = self.take(1)[0]
        major, low = first >> 5, first & 31
        if low < 24:
            return major, low
        if low > 27:
            if low == 31 and not strict:
                return major, None
            self.fail("an indefinite length or a reserved beginning")
        argument = int.from_bytes(self.take(1 << (low - 24)), "big")
        shortest = [24, 1 << 8, 1 << 16, 1 << 32][low - 24]
        if strict and major != 7 and argument < shortest:
            self.fail("a number or length longer than needed")
        return major, argument

    def value(self, depth=0):
        if depth > 16:
            self.fail("a nest deeper than anything that occurs")
        major, argument = self.head()
        if major == 0:
            return argument
        if major == 1:
            return -1 - argument
        if major == 2:
            return self.take(argument)
        if major == 3:
            try:
                return self.take(argument).decode("utf-8")
            except UnicodeDecodeError:
                self.fail("a text that is not UTF-8")
        if major == 4:
            return [self.value(depth + 1) for _ in range(self.bounded(argument))]
        if major == 5:
            return self.map(argument, depth)
        if major == 6:
            need(argument == 18, 100, "a tag that does not occur")
            return Tagged(argument, self.value(depth + 1))
        if argument in (20, 21):
            return argument == 21
        if argument == 22:
            return ABSENT
        self.fail("a value of a kind that does not occur")

    def bounded(self, count):
        # Nothing is reserved for what is only announced.
        if count > len(self.data) - self.at:
            self.fail("the bytes end inside the value")
        return count

    def map(self, count, depth):
        found, last = {}, None
        for _ in range(self.bounded(count)):
            start = self.at
            key = self.value(depth + 1)
            encoded = self.data[start:self.at]
            need(isinstance(key, (int, str)), 100, "a key that is no number and no text")
            need(last is None or last < encoded, 100, "keys out of order, or one twice")
            last = encoded
            start = self.at
            if key == 10 and depth == 0 and self.unknown_audience():
                self.skip(0)
                found[key] = Raw(self.data[start:self.at])
            else:
                found[key] = self.value(depth + 1)
        return found

    def unknown_audience(self):
        """Whether an array of definite length begins here with a tag other than 1 to 3. Passes over nothing."""
        start = self.at
        try:
            major, count = self.head(strict=False)
            if major != 4 or not count:
                return False
            major, tag = self.head(strict=False)
            return major == 0 and tag is not None and tag not in (1, 2, 3)
        except Flaw:
            return False
        finally:
            self.at = start

    def skip(self, depth):
        """Passes over anything well-formed."""
        need(depth < 64, 100, "a nest deeper than anything that occurs")
        major, argument = self.head(strict=False)
        if major in (2, 3):
            if argument is not None:
                self.take(argument)
            else:
                self.skip_until_break(depth)
        elif major in (4, 5):
            if argument is None:
                self.skip_until_break(depth)
            else:
                for _ in range(self.bounded(argument) * (1 if major == 4 else 2)):
                    self.skip(depth + 1)
        elif major == 6:
            self.skip(depth + 1)
        elif major == 7 and argument is None:
            self.fail("a break where none belongs")

    def skip_until_break(self, depth):
        while self.data[self.at:self.at + 1] != b"\xff":
            self.skip(depth + 1)
        self.at += 1


class Raw(bytes):
    """The bytes of an audience of a later version."""


def decode(data):
    """One value in its one encoding, and nothing after it."""
    decoder = Decoder(data)
    value = decoder.value()
    need(decoder.at == len(data), 100, f"{len(data) - decoder.at} bytes follow the value")
    return value


# --- Shapes: what CDDL says, as functions that check a decoded value -----------------------------------------------

def uint(most=(1 << 64) - 1, least=0):
    def check(value):
        need(isinstance(value, int) and not isinstance(value, bool) and least <= value <= most, 100, f"no number up to {most}")
    return check


def text(pattern=None, most=None, least=0):
    def check(value):
        need(isinstance(value, str), 100, "no text")
        need(pattern is None or re.fullmatch(pattern, value), 100, f"{value!r} is not of the form {pattern}")
        need(least <= len(value.encode()) <= (most if most is not None else 1 << 32), 100, "a text of a wrong length")
    return check


def raw(length=None):
    def check(value):
        need(isinstance(value, bytes) and length in (None, len(value)), 100, f"not {length} bytes")
    return check


def boolean(value):
    need(isinstance(value, bool), 100, "neither true nor false")


def array(of, least=0, most=None, ordered=None):
    def check(value):
        need(isinstance(value, list) and least <= len(value) and (most is None or len(value) <= most), 100, "a list of a wrong length")
        for one in value:
            of(one)
        if ordered:
            need(all(ordered(a) < ordered(b) for a, b in zip(value, value[1:])), 100, "a list out of order")
    return check


def record(fields, optional=()):
    def check(value):
        need(isinstance(value, dict), 100, "no map")
        need(set(value) <= set(fields), 100, f"unknown keys {set(value) - set(fields)}")
        for key, shape in fields.items():
            if key in value:
                shape(value[key])
            else:
                need(key in optional, 100, f"key {key} is missing")
    return check


def row(*shapes, may_end=None):
    """A record as array; `may_end` fields at the end may be left out."""
    least = len(shapes) if may_end is None else len(shapes) - may_end

    def check(value):
        need(isinstance(value, list) and least <= len(value) <= len(shapes), 100, "an array of a wrong length")
        for shape, one in zip(shapes, value):
            shape(one)
        need(len(value) == least or value[-1] is not ABSENT, 100, "a null at the end")
    return check


def nullable(shape):
    def check(value):
        if value is not ABSENT:
            shape(value)
    return check


def variant(shapes):
    def check(value):
        need(isinstance(value, list) and len(value) == 2 and value[0] in shapes and not isinstance(value[0], bool), 100, "no known variant")
        shapes[value[0]](value[1])
    return check


HASH, KEY, SIGNATURE, INDEX, PARTICIPANT = raw(32), raw(32), raw(64), uint(), uint()
TIME = uint(TIME_MAX)
U8, U16, U32 = uint(255), uint(65535), uint((1 << 32) - 1)
PARTICIPANT_CODE, FORM, TOPIC = text("[A-Z]{3,8}"), text("[A-Z][A-Z0-9_]{1,11}"), text("[A-Z]{2}")
CODE = text("[A-Za-z0-9_.-]{1,24}")


# --- Sections 3 and 4 ----------------------------------------------------------------------------------------------

class Period:
    """A period: first month counted from the year 0, and months."""

    def __init__(self, year, month, months):
        self.year, self.month, self.months = year, month, months
        self.start, self.end = year * 12 + month - 1, year * 12 + month - 1 + months

    def __eq__(self, other):
        return (self.start, self.months) == (other.start, other.months)

    def __hash__(self):
        return hash((self.start, self.months))

    def __lt__(self, other):
        return (self.start, self.months) < (other.start, other.months)

    def contains(self, other):
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other):
        return self.start < other.end and other.start < self.end

    def ended(self, time):
        date = datetime.datetime.fromtimestamp(time, datetime.timezone.utc)
        return self.end <= date.year * 12 + date.month - 1

    def closes(self, days):
        first = datetime.datetime(self.end // 12, self.end % 12 + 1, 1, tzinfo=datetime.timezone.utc)
        return min(int(first.timestamp()) + days * 86_400, TIME_MAX)

    def parts(self):
        length = {12: 6, 6: 3, 3: 1, 1: 0}[self.months]
        return [Period(self.year, self.month + i, length) for i in range(0, self.months, length)] if length else []


def period(value):
    row(text(r"\d{4}-\d{2}-01"), uint(12, 1))(value)
    need(re.fullmatch("[0-9-]{10}", value[0]), 100, "no date")
    return aligned(int(value[0][:4]), int(value[0][5:7]), value[1])


def aligned(year, month, months):
    need(months in (1, 3, 6, 12) and 1 <= month <= 12 and (month - 1) % months == 0, 100, "no aligned period")
    need(1900 <= year <= 2999, 100, "a year out of range")
    return Period(year, month, months)


def period_text(value):
    match = re.fullmatch("([0-9]{4})(?:-(?:(S)([0-9])|(Q)([0-9])|([0-9]{2})))?", value)
    need(match, 100, f"{value!r} is no period")
    year, semester, s, quarter, q, month = match.groups()
    if semester:
        need(s in "12", 100, "no such semester")
        return aligned(int(year), int(s) * 6 - 5, 6)
    if quarter:
        need(q in "1234", 100, "no such quarter")
        return aligned(int(year), int(q) * 3 - 2, 3)
    return aligned(int(year), int(month), 1) if month else aligned(int(year), 1, 12)


TABLE = row(FORM, period)


def audience(value):
    """('totals' | 'contributors' | 'named' | 'unknown', the named)."""
    if isinstance(value, Raw):
        return "unknown", ()
    need(isinstance(value, list) and value and isinstance(value[0], int) and not isinstance(value[0], bool) and value[0] >= 0, 100, "no audience")
    if value[0] in (1, 2):
        need(len(value) == 1, 100, "an audience of a known tag with something after it")
        return ("totals", "contributors")[value[0] - 1], ()
    if value[0] == 3:
        need(len(value) == 2, 100, "a named audience without its list")
        array(PARTICIPANT, 1, 100, ordered=lambda one: one)(value[1])
        return "named", tuple(value[1])
    return "unknown", ()


def lone_audience(data):
    """An audience that is not inside a manifest."""
    decoder = Decoder(data)
    if decoder.unknown_audience():
        decoder.skip(0)
        need(decoder.at == len(data), 100, "bytes follow the audience")
        return "unknown", ()
    return audience(decode(data))


# --- Section 2.4: keys and signatures ------------------------------------------------------------------------------

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
# The y coordinates of the eight points of small order.
_Y8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
SMALL_ORDER = {0, 1, P - 1, _Y8, P - _Y8}


def strong_point(encoded):
    y = int.from_bytes(encoded, "little") & ((1 << 255) - 1)
    return y < P and y not in SMALL_ORDER


def verify(key, message, signature):
    """Strictly: no second signature can be made from a given one."""
    need(strong_point(key), 204, "the key is weak or not canonical")
    need(len(signature) == 64 and strong_point(signature[:32]), 204, "a weak signature")
    need(int.from_bytes(signature[32:], "little") < ORDER, 204, "a signature that is not reduced")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Flaw(204, "the signature does not verify") from None


def cbor_bytes(value):
    for size, first in ((1, 0x58), (2, 0x59), (4, 0x5a)):
        if len(value) < 1 << (8 * size):
            head = bytes([0x40 + len(value)]) if len(value) < 24 else bytes([first]) + len(value).to_bytes(size, "big")
            return head + value
    raise AssertionError


def signed_bytes(protected, payload):
    return b"\x84\x6aSignature1" + cbor_bytes(protected) + b"\x40" + cbor_bytes(payload)


# --- Sections 5 and 6 ----------------------------------------------------------------------------------------------

def printable(value):
    need(isinstance(value, str) and 1 <= len(value.encode()) <= 256, 100, "a text of a wrong length in the header")
    need(not any(ord(c) < 32 or 127 <= ord(c) < 160 for c in value), 100, "a control character in the header")


CLAIMS = record({1: printable, 2: printable, 6: TIME}, optional=(6,))
STATEMENT_HEADER = record({1: uint(), 3: printable, 4: HASH, 15: CLAIMS, "vrs-exchange": HASH})
RECEIPT_HEADER = record({1: uint(), 4: HASH, 15: record({1: printable, 2: printable}), 395: uint()})


def sign1(data, most):
    need(len(data) <= most, 100, f"{len(data)} bytes are more than {most}")
    value = decode(data)
    need(isinstance(value, Tagged) and isinstance(value.value, list) and len(value.value) == 4, 100, "no COSE_Sign1")
    protected, unprotected, payload, signature = value.value
    raw()(protected)
    SIGNATURE(signature)
    header = decode(protected)
    need(isinstance(header, dict) and header.get(1) == -8, 100, "an algorithm that is not in use")
    return protected, {**header, 1: 0}, unprotected, payload, signature


class Statement:
    def __init__(self, data):
        self.bytes = data
        self.protected, header, unprotected, self.payload, self.signature = sign1(data, 61_440)
        STATEMENT_HEADER(header)
        need(unprotected == {}, 100, "the unprotected header is not empty")
        raw()(self.payload)
        self.content_type, self.kid, self.exchange = header[3], header[4], header["vrs-exchange"]
        self.issuer, self.subject, self.issued_at = header[15][1], header[15][2], header[15].get(6)
        self.id = sha256(data)

    def verify(self, key):
        need(sha256(key) == self.kid, 203, "by another key")
        verify(key, signed_bytes(self.protected, self.payload), self.signature)


LINE = record({0: U8, 1: U8, 2: TIME, 3: PARTICIPANT, 4: raw()}, optional=(3,))


class Line:
    def __init__(self, data):
        need(len(data) <= 65_535, 100, "a line of more than 65,535 bytes")
        value = decode(data)
        LINE(value)
        self.bytes, self.version, self.kind, self.time = data, value[0], value[1], value[2]
        self.author, self.said = value.get(3), value[4]
        self.known = self.version == 1 and self.kind < len(KINDS)

    @functools.cached_property
    def statement(self):
        return Statement(self.said)


def leaf_hash(line):
    return sha256(b"\x00", line)


def node_hash(left, right):
    return sha256(b"\x01", left, right)


def root_of(leaves):
    """RFC 9162, section 2.1.1."""
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    return node_hash(root_of(leaves[:split]), root_of(leaves[split:]))


INCLUSION = row(uint(), uint(), array(HASH, most=65))


def root_by_inclusion(proof, leaf):
    """RFC 9162, section 2.1.3.2."""
    size, index, path = proof
    need(index < size, 100, "the leaf is not in the tree")
    fn, sn, root = index, size - 1, leaf
    for beside in path:
        need(sn != 0, 100, "the path is too long")
        if fn & 1 or fn == sn:
            root = node_hash(beside, root)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = node_hash(root, beside)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0, 100, "the path is too short")
    return root


def verify_consistency(proof, old_root, new_root):
    """RFC 9162, section 2.1.4.2, and the two cases of section 6.3."""
    old, new, path = proof
    need(old <= new, 100, "the tree has shrunk")
    if old == new or old == 0:
        need(not path, 100, "a path where none belongs")
        need(old != 0 or old_root == sha256(b""), 100, "another beginning")
        need(old != new or old_root == new_root, 100, "two roots of one size")
        return
    path = list(path)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    need(path, 100, "the path is too short")
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    fr = sr = path[0]
    for beside in path[1:]:
        need(sn != 0, 100, "the path is too long")
        if fn & 1 or fn == sn:
            fr, sr = node_hash(beside, fr), node_hash(beside, sr)
            while not fn & 1 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            sr = node_hash(sr, beside)
        fn, sn = fn >> 1, sn >> 1
    need(sn == 0 and fr == old_root and sr == new_root, 100, "the path leads elsewhere")


def slug(region):
    return "-".join(re.findall("[A-Za-z0-9]+", region)).lower()


def base64_strict(value):
    try:
        data = base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise Flaw(100, "no base64") from None
    need(base64.b64encode(data).decode() == value, 100, "base64 in another spelling")
    return data


def key_name(value):
    need(1 <= len(value.encode()) <= 255 and "+" not in value and not any(c.isspace() or ord(c) < 32 or 127 <= ord(c) < 160 for c in value), 100, "no name of a key")


def key_hash(name, kind, key):
    return sha256(name.encode() + b"\n" + bytes([kind]) + key)[:4]


class VerifierKey:
    """`NAME+HEX(KEY HASH)+BASE64(TYPE ‖ public key)`."""

    def __init__(self, value):
        parts = value.split("+", 2)
        need(len(parts) == 3 and re.fullmatch("[0-9a-f]{8}", parts[1]) and len(parts[2]) == 44, 100, "no verifier key")
        key_name(parts[0])
        data = base64_strict(parts[2])
        need(data[0] in (1, 4) and len(data) == 33 and strong_point(data[1:]), 100, "a key of a type not in use")
        self.name, self.kind, self.key = parts[0], data[0], data[1:]
        self.hash = key_hash(self.name, self.kind, self.key)
        need(self.hash.hex() == parts[1], 100, "the hash of the key is wrong")

    @classmethod
    def of(cls, name, key):
        data = bytes([1]) + key
        return cls(f"{name}+{key_hash(name, 1, key).hex()}+{base64.b64encode(data).decode()}")


class Note:
    def __init__(self, data):
        need(len(data) <= 65_536, 100, "a note of more than 65,536 bytes")
        try:
            note = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Flaw(100, "a note that is not UTF-8") from None
        split = note.rfind("\n\n")
        need(split >= 0 and note.endswith("\n"), 100, "no note")
        self.text, lines = note[:split + 1], note[split + 2:-1].split("\n")
        need(not any(c < " " and c != "\n" for c in self.text), 100, "a control character")
        need(len(lines) <= 128, 100, "too many signatures")
        self.lines = [self.line(line) for line in lines]

    @staticmethod
    def line(line):
        match = re.fullmatch("— ([^ ]+) ([^ ]+)", line)
        need(match, 100, "no signature line")
        key_name(match[1])
        data = base64_strict(match[2])
        need(len(data) > 4, 100, "a signature line without a signature")
        return match[1], data[:4], data[4:]

    def by(self, key):
        found = [signature for name, hash_, signature in self.lines if (name, hash_) == (key.name, key.hash)]
        need(found, 204, "not signed by this key")
        return found

    def verify(self, key):
        need(key.kind == 1, 204, "a key of another type")
        for signature in self.by(key):
            verify(key.key, self.text.encode(), signature)


class Checkpoint:
    def __init__(self, data):
        self.note = Note(data)
        lines = self.note.text.split("\n")
        need(len(lines) == 4 and lines[3] == "", 100, "a checkpoint has three lines")
        key_name(lines[0])
        need(re.fullmatch("0|[1-9][0-9]*", lines[1]) and int(lines[1]) < 1 << 64, 100, "no size")
        self.origin, self.size, self.root = lines[0], int(lines[1]), base64_strict(lines[2])
        HASH(self.root)

    def verify(self, key):
        need(key.name == self.origin, 204, "another ledger")
        self.note.verify(key)

    def cosigned_at(self, witness):
        need(witness.kind == 4, 204, "a key of another type")
        latest = 0
        for signature in self.note.by(witness):
            need(len(signature) == 72, 204, "a cosignature of a wrong length")
            time = int.from_bytes(signature[:8], "big")
            need(time <= TIME_MAX, 204, "a time beyond 9999")
            verify(witness.key, f"cosignature/v1\ntime {time}\n{self.note.text}".encode(), signature[8:])
            latest = max(latest, time)
        return latest


class Receipt:
    def __init__(self, data):
        self.protected, header, unprotected, payload, self.signature = sign1(data, 3_234)
        RECEIPT_HEADER(header)
        need(header[395] == 1 and payload is ABSENT, 100, "another tree, or a payload that is there")
        record({396: lambda proofs: need(isinstance(proofs, dict) and set(proofs) == {-1}, 100, "no inclusion proof")})(unprotected)
        array(raw(), 1, 1)(unprotected[396][-1])
        self.proof = decode(unprotected[396][-1][0])
        INCLUSION(self.proof)
        self.kid, self.issuer, self.subject = header[4], header[15][1], header[15][2]
        self.size, self.index = self.proof[0], self.proof[1]

    def verify(self, line, key):
        """The root that the log signed."""
        need(sha256(key) == self.kid, 203, "by another key")
        root = root_by_inclusion(self.proof, leaf_hash(line))
        verify(key, signed_bytes(self.protected, root), self.signature)
        return root


# --- Section 7: payloads -------------------------------------------------------------------------------------------

def plain_text(value):
    text()(value)


MONTHS = array(lambda m: need(m in (1, 3, 6, 12) and not isinstance(m, bool), 100, "no length of period"), 1, ordered=lambda m: m)
NAME = plain_text
VOTES = array(raw())
EARLIER = record({0: plain_text, 1: HASH, 2: U16})
CHARTER = record({
    0: plain_text, 1: plain_text, 2: HASH, 3: U16, 4: array(PARTICIPANT_CODE, ordered=str.encode), 5: array(FORM, ordered=str.encode),
    6: U16, 7: U16, 8: array(U8, ordered=lambda m: m), 9: lambda value: rhythms(value), 10: U16, 11: U16, 12: U16, 13: U16,
    14: array(EARLIER, 1, 32),
}, optional=(14,))


def rhythms(value):
    need(isinstance(value, dict), 100, "no map")
    for key, months in value.items():
        PARTICIPANT_CODE(key)
        array(U8, ordered=lambda m: m)(months)


def check_charter(value):
    """The rules of 7.2, which the ledger judges with 300."""
    need(3 <= value[3] <= 60, 300, "block_min out of range")
    for months in [value[8], *value[9].values()]:
        need(months and all(m in (1, 3, 6, 12) for m in months), 300, "no length of period")
    need(value[10] != 1 and value[10] <= 100, 300, "fewer_below out of range")
    need(value[12] == 0 and value[13] == 0, 300, "quorum and votes are not used")
    earlier = value.get(14, [])
    need(all(a[2] < b[2] for a, b in zip(earlier, earlier[1:])), 300, "last years out of order")
    hashes = [one[1] for one in earlier] + [value[2]]
    need(all(a != b for a, b in zip(hashes, hashes[1:])), 300, "the same catalogue twice")


MANIFEST = record({
    0: U8, 1: PARTICIPANT, 2: FORM, 3: period, 4: U8, 5: U32, 6: HASH, 7: HASH, 8: INDEX, 9: U16, 10: audience, 11: array(HASH),
    12: boolean, 13: U32, 14: HASH, 15: array(TABLE),
}, optional=(6,))


def check_manifest(value):
    """7.5, what can be judged without the ledger."""
    need(value[0] == 1 and value[4] == 0, 400, "another version or stream")
    need(value[5] >= 1 and (value[5] == 1) == (6 not in value), 400, "revision and previous do not fit")
    need(value[1] not in audience(value[10])[1], 400, "names its author")
    need(len(value[11]) <= 16 and value[11] == sorted(set(value[11])), 400, "sources")
    bundle = [table_key(one) for one in value[15]]
    need(len(bundle) <= 256 and all(a < b for a, b in zip(bundle, bundle[1:])), 400, "bundle")
    need(not bundle or table_key([value[2], value[3]]) in bundle, 400, "a bundle without the release itself")
    need(value[13] in BODY_STEPS, 400, "a body of a length that does not occur")


def table_key(value):
    return value[0], period(value[1])


ITEM = variant({0: row(INDEX), 1: row(INDEX, U16, U16)})
SHARING = uint(2)
PAYLOADS = {
    0: record({0: plain_text, 1: KEY, 2: HASH}),
    1: CHARTER,
    2: variant({
        0: row(PARTICIPANT_CODE, uint(2), nullable(PARTICIPANT), NAME, KEY, VOTES),
        1: row(PARTICIPANT, VOTES), 2: row(PARTICIPANT, VOTES), 3: row(PARTICIPANT, NAME),
    }),
    3: record({0: PARTICIPANT, 1: KEY, 2: HASH, 3: SIGNATURE}),
    4: MANIFEST,
    5: record({0: PARTICIPANT, 1: array(HASH), 2: array(PARTICIPANT)}),
    6: record({0: U8, 1: PARTICIPANT, 2: HASH, 3: uint(3)}),
    7: record({0: PARTICIPANT, 1: array(row(ITEM, INDEX))}),
    8: record({0: PARTICIPANT, 1: array(ITEM)}),
    9: record({0: array(INDEX)}),
    10: record({0: INDEX, 1: U16, 2: plain_text}),
    11: record({
        0: U32, 1: TOPIC, 2: U16,
        3: array(row(SHARING, array(PARTICIPANT), array(row(FORM, period, HASH, boolean)))),
        4: array(row(FORM, period, array(PARTICIPANT, least=1))),
    }),
    12: plain_text,
}
UNLOCK = record({0: FORM, 1: period, 2: array(PARTICIPANT_CODE)})
REFUSAL = record({0: U16, 1: plain_text, 2: UNLOCK, 3: HASH, 4: TIME}, optional=(2,))


def payload(kind, data):
    value = decode(data)
    PAYLOADS[kind](value)
    if kind in (0, 2, 3):
        for key in keys_in(kind, value):
            need(strong_point(key), 100, "a weak key")
    return value


def keys_in(kind, value):
    if kind in (0, 3):
        return [value[1]]
    return [value[1][4]] if value[0] == 0 else []


# --- Section 8: bodies ---------------------------------------------------------------------------------------------

class CannotUnpack(Exception):
    """The frame is compressed, and this reader has no zstd."""


def unpack_frame(data, length):
    """RFC 8878 for frames of one segment whose blocks are not compressed."""
    need(data[:4] == b"\x28\xb5\x2f\xfd" and len(data) > 5, 417, "no zstd frame")
    descriptor = data[4]
    need(descriptor & 0x08 == 0, 417, "a reserved bit in the frame")
    if not descriptor & 0x20 or descriptor & 0x07:
        raise CannotUnpack
    size = [1, 2, 4, 8][descriptor >> 6]
    at = 5 + size
    content = int.from_bytes(data[5:at], "little") + (256 if size == 2 else 0)
    out, last = b"", False
    while not last:
        need(at + 3 <= len(data), 417, "the frame ends early")
        head = int.from_bytes(data[at:at + 3], "little")
        last, kind, size = head & 1, head >> 1 & 3, head >> 3
        at += 3
        if kind == 2:
            raise CannotUnpack
        need(kind == 0 and at + size <= len(data), 417, "a block that is damaged")
        out += data[at:at + size]
        at += size
    need(at == len(data) and len(out) == content == length, 417, "the frame does not hold what it should")
    return out


BODY_TEXT = text(most=4000)
METADATA = record({0: BODY_TEXT, 1: BODY_TEXT, 2: BODY_TEXT, 3: boolean, 4: BODY_TEXT, 5: BODY_TEXT, 6: boolean, 7: BODY_TEXT,
                   8: BODY_TEXT, 9: boolean}, optional=range(9))
AMOUNT = uint(10**12)
FEE = row(nullable(AMOUNT), nullable(AMOUNT), nullable(AMOUNT), CODE, boolean, array(CODE, most=100), array(CODE, most=100))
STEP = row(CODE, uint(2), nullable(CODE), BODY_TEXT, may_end=2)
NARRATIVE = row(array(CODE, most=100), BODY_TEXT)
PLAIN = record({0: FORM, 1: period, 2: METADATA, 3: row(
    array(row(array(CODE, ordered=str.encode), array(U32)), most=4), raw(), array(AMOUNT), array(uint(65535, 2)), array(FEE), array(STEP),
    array(NARRATIVE))})
REASONS = {17: "L F", 18: "O F", 19: "M F", 20: "K F", 21: "Q C"}


def body(data):
    """Form, period and cells: key to (value in words, status and confidentiality)."""
    need(len(data) in BODY_STEPS, 417, "a length that does not occur")
    need(data[0] == 1, 417, "another version")
    plain_length, packed_length = int.from_bytes(data[1:5], "big"), int.from_bytes(data[5:9], "big")
    need(plain_length <= 8 << 20 and 9 + packed_length <= len(data), 417, "a length beyond its bound")
    need(min(step for step in BODY_STEPS if step >= 9 + packed_length) == len(data), 417, "a longer step than needed")
    need(not any(data[9 + packed_length:]), 417, "the padding is not zero")
    value = decode(unpack_frame(data[9:9 + packed_length], plain_length))
    PLAIN(value)
    dimensions, states, counts, bounds, *others = value[3]
    need(len(states) <= 50_000 and (dimensions or len(states) <= 1), 417, "too many cells")
    for codes, rows in dimensions:
        need(len(rows) == len(states) and set(rows) == set(range(len(codes))), 417, "a dimension")
    used = [column for column in [counts, *others] if column]
    need(len(used) <= 1, 417, "figures of two kinds")
    figures, bounds, cells, last = iter(used[0] if used else []), iter(bounds), {}, None
    for i, state in enumerate(states):
        key = [codes[rows[i]] for codes, rows in dimensions]
        need(last is None or last < key, 417, "cells out of order")
        last = key
        if state <= 7:
            figure = next(figures, None)
            need(figure is not None, 417, "a figure is missing")
            words = str(figure) if isinstance(figure, int) else "figure"
            cells["/".join(key)] = f"{words} {'ABDEPUVW'[state]} F"
        elif state == 16:
            bound = next(bounds, None)
            need(bound is not None, 417, "a bound is missing")
            cells["/".join(key)] = f"<{bound} Q C"
        else:
            need(state in REASONS, 417, "a state that does not occur")
            cells["/".join(key)] = f"- {REASONS[state]}"
    need(next(figures, None) is None and next(bounds, None) is None, 417, "figures left over")
    return value[0], period(value[1]), cells
