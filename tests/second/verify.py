#!/usr/bin/env python3
"""A second reader of VRS: checks ledgers, evidence and vectors without our software.

    verify.py ledger FILE...      whole small ledgers in the form of protocol/vectors/region
    verify.py evidence FOLDER...  what `vrs-node evidence` wrote about one release
    verify.py vectors FOLDER      every folder under protocol/vectors; ok_ must be taken and bad_ refused

Exits with 1 and a sentence where something does not hold. Written from protocol/SPEC.md alone.
"""

import sys
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

import reader
from reader import Checkpoint, Flaw, Line, Note, Receipt, Statement, VerifierKey, leaf_hash, need, sha256
from rules import Catalogues, Region

CATALOGUES = Path(__file__).resolve().parents[2] / "protocol" / "catalogue"


# --- Section 16 ----------------------------------------------------------------------------------------------------

def evidence(folder):
    """Checks a folder of evidence and says what it proves."""
    def file(name):
        path = Path(folder, name)
        need(path.is_file(), 106, f"{name} is missing")
        return path.read_bytes()

    def pem(name):
        try:
            key = load_pem_public_key(file(name))
            return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
        except ValueError:
            raise Flaw(100, f"{name} is no public key") from None

    genesis_line = Line(file("genesis.cbor"))
    need(genesis_line.kind == 0 and genesis_line.author is None, 300, "genesis.cbor is no genesis line")
    genesis = reader.payload(0, genesis_line.statement.payload)
    hub_key, exchange = genesis[1], sha256(genesis_line.bytes)
    need(genesis_line.statement.exchange == bytes(32), 205, "the genesis line belongs to another exchange")
    genesis_line.statement.verify(hub_key)
    need(pem("ledger.pem") == hub_key, 203, "ledger.pem is not the key of the genesis line")

    origin = "vrs/" + reader.slug(genesis[0])
    checkpoint = Checkpoint(file("checkpoint.note"))
    need(checkpoint.origin == origin, 205, "the checkpoint is of another region")
    checkpoint.verify(VerifierKey.of(origin, hub_key))

    def included(line, receipt):
        receipt = Receipt(file(receipt))
        root = receipt.verify(file(line), hub_key)
        need(receipt.issuer == origin and receipt.subject == f"line {receipt.index}", 300, f"the receipt of {line} names another line")
        need((receipt.size, root) == (checkpoint.size, checkpoint.root), 300, f"the receipt of {line} is for another tree")
        return receipt.index

    index, key_index = included("line.cbor", "receipt.cose"), included("key-line.cbor", "key-line-receipt.cose")
    need(key_index < index, 300, "the key was named after the release")

    key_line = Line(file("key-line.cbor"))
    said = reader.payload(key_line.kind, key_line.statement.payload)
    need(key_line.statement.exchange == exchange, 205, "the key line belongs to another exchange")
    if key_line.kind == 2:
        need(said[0] == 0 and key_line.author is None, 300, "the key line admits nobody")
        key_line.statement.verify(hub_key)
        author, key = key_index, said[1][4]
    else:
        need(key_line.kind == 3 and key_line.author == said[0], 300, "the key line names no key")
        author, key = said[0], said[1]
        reader.verify(key, b"vrs-key-event/1" + exchange + said[2], said[3])
    need(pem("author.pem") == key, 203, "author.pem is not the key of the key line")

    line, statement = Line(file("line.cbor")), Statement(file("statement.cose"))
    need(line.kind == 4 and line.said == statement.bytes, 300, "line.cbor does not hold statement.cose")
    need(statement.content_type == "application/vnd.vrs.release+cbor", 207, "the statement is no release")
    need(statement.exchange == exchange, 205, "the statement belongs to another exchange")
    statement.verify(key)
    manifest = reader.payload(4, statement.payload)
    reader.check_manifest(manifest)
    need(manifest[1] == line.author == author, 202, "the release is by another participant")
    names = {"body.cbor", "nonce.bin"} & {path.name for path in Path(folder).iterdir()}
    if names:
        nonce, body = file("nonce.bin"), file("body.cbor")
        need(len(nonce) == 32 and len(body) == manifest[13] and sha256(nonce, body) == manifest[14], 416, "the body is another one")
    return f"release {statement.id.hex()} of {manifest[2]} by {statement.issuer} stands at line {index} of exchange {exchange.hex()}"


# --- Ledgers -------------------------------------------------------------------------------------------------------

def ledger(path, catalogues):
    """Judges every row of a ledger by itself and compares with its outcome. Says how many rows there were."""
    _, body = Path(path).read_text().split("\n\n", 1)
    region, leaves = Region(catalogues), []
    for place, row in enumerate(body.splitlines(), 1):
        expected, line = row.split(" ")
        line = bytes.fromhex(line)
        try:
            outcome = region.take(line)
            leaves.append(leaf_hash(line))
        except Flaw as flaw:
            outcome = str(flaw.number)
        need(outcome == expected, 300, f"row {place} of {path} should be {expected} and is {outcome}")
    # Every line is in the tree, by a proof that is computed and verified by different procedures.
    for index, leaf in enumerate(leaves):
        proof = [len(leaves), index, path_to(index, leaves)]
        need(reader.root_by_inclusion(proof, leaf) == reader.root_of(leaves), 300, "the tree contradicts itself")
    return place


def path_to(index, leaves):
    """RFC 9162, section 2.1.3.1."""
    if len(leaves) <= 1:
        return []
    split = 1 << ((len(leaves) - 1).bit_length() - 1)
    if index < split:
        return path_to(index, leaves[:split]) + [reader.root_of(leaves[split:])]
    return path_to(index - split, leaves[split:]) + [reader.root_of(leaves[:split])]


# --- Vectors -------------------------------------------------------------------------------------------------------

class Case:
    """One file in the form of protocol/vectors/README.md."""

    def __init__(self, path):
        self.path = path
        head, self.text = path.read_bytes().split(b"\n\n", 1)
        first, *lines = head.decode().split("\n")
        self.expected = first
        self.values = dict(line.split(" ", 1) for line in lines)
        self.hex = path.suffix == ".hex"

    def bytes(self):
        data = bytes.fromhex(self.text.decode()) if self.hex else self.text
        return data.ljust(int(self.values.get("padded", 0)), b"\x00")

    def value(self, name):
        return bytes.fromhex(self.values[name])


SAMPLE = reader.record({0: reader.uint(), 1: reader.array(reader.uint()), 2: reader.plain_text, 3: reader.raw()}, optional=(2, 3))


def codec(case):
    need(len(case.bytes()) <= 64, 101, "too large")
    SAMPLE(reader.decode(case.bytes()))


def statement(case):
    Statement(case.bytes()).verify(case.value("key"))


def merkle(case):
    proof = reader.decode(case.bytes())
    reader.INCLUSION(proof)
    if "leaf" in case.values:
        need(reader.root_by_inclusion(proof, case.value("leaf")) == case.value("root"), 100, "another root")
    else:
        reader.verify_consistency(proof, case.value("old"), case.value("new"))


def note(case):
    Note(case.bytes()).verify(VerifierKey(case.values["key"]))


def checkpoint(case):
    read = Checkpoint(case.bytes())
    read.verify(VerifierKey(case.values["log"]))
    if "witness" in case.values:
        need(str(read.cosigned_at(VerifierKey(case.values["witness"]))) == case.values["time"], 204, "another time")


def receipt(case):
    Receipt(case.bytes()).verify(case.value("line"), case.value("key"))


def period(case):
    if case.hex:
        read = reader.period(reader.decode(case.bytes()))
        need("text" not in case.values or reader.period_text(case.values["text"]) == read, 100, "another period")
    else:
        reader.period_text(case.text.decode())


def audience(case):
    kind, _ = reader.lone_audience(case.bytes())
    need(case.values.get("means", kind) == kind, 100, f"it means {kind}")


def manifest(case):
    value = reader.decode(case.bytes())
    reader.MANIFEST(value)
    reader.check_manifest(value)


def charter(case):
    value = reader.decode(case.bytes())
    reader.CHARTER(value)
    Region(Catalogues(CATALOGUES)).take_charter(None, value)


def line(case):
    read = Line(case.bytes())
    kind = reader.KINDS[read.kind] if read.known else "none"
    need(kind == case.values["kind"], 100, f"it is of kind {kind}")
    Statement(read.said)


def refusal(case):
    data = case.bytes()
    if "key" in case.values:
        signed = Statement(data)
        signed.verify(case.value("key"))
        need(signed.content_type == "application/vnd.vrs.refusal+cbor", 207, "another type")
        need(signed.exchange == case.value("exchange"), 205, "another exchange")
        data = signed.payload
    value = reader.decode(data)
    reader.REFUSAL(value)
    need("request" not in case.values or value[3] == case.value("request"), 100, "about another request")


def body(case):
    form, span, cells = reader.body(case.bytes())
    if case.expected == "ok":
        listed = {name[5:]: words for name, words in case.values.items() if name.startswith("cell:")}
        told = {key: " ".join(["figure", *words.split()[-2:]]) if words.split()[0].isalpha() or len(words.split()) > 3 else words for key, words in listed.items()}
        need(cells == told, 417, f"other cells: {cells} and {told}")
        need(case.values["table"] == f"{form} {case.values['table'].split()[1]}", 417, "another form")
        need(reader.period_text(case.values["table"].split()[1]) == span, 417, "another period")


def vectors(root):
    """Walks all vectors. Says how many were judged."""
    catalogues, judged, passed_over, failures = Catalogues(CATALOGUES), 0, 0, []
    for folder in sorted(path for path in Path(root).iterdir() if path.is_dir()):
        for path in sorted(folder.iterdir()):
            judged += 1
            try:
                if folder.name == "region":
                    ledger(path, catalogues)
                    continue
                if folder.name == "evidence":
                    evidence(path)
                else:
                    globals()[folder.name](Case(path))
                refused = None
            except Flaw as flaw:
                refused = flaw
            except reader.CannotUnpack:
                judged, passed_over = judged - 1, passed_over + 1
                continue
            if folder.name == "region":
                failures.append(f"{path}: {refused}")
            elif path.name.startswith("ok_") != (refused is None):
                failures.append(f"{path}: {refused or 'was taken'}")
    need(not failures, 300, "\n".join(failures))
    return f"{judged} vectors were judged as they should be; {passed_over} hold a compressed body, which this reader does not unpack"


def main(arguments):
    if len(arguments) < 2 or arguments[0] not in ("ledger", "evidence", "vectors"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        for path in arguments[1:]:
            if arguments[0] == "ledger":
                print(f"{path}: all {ledger(path, Catalogues(CATALOGUES))} rows are as they say")
            elif arguments[0] == "evidence":
                print(f"{path}: {evidence(path)}")
            else:
                print(f"{path}: {vectors(path)}")
    except Flaw as flaw:
        print(f"does not hold: {flaw}", file=sys.stderr)
        return 1
    except (OSError, ValueError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
