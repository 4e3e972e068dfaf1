#!/usr/bin/env python3
"""Lets other people's software judge folders of evidence: scitt-cose (RFC 9942 and RFC 9943) and pycose (RFC 9052).

    third_party.py FOLDER...

Nothing here is ours but the reading of the manifest's participant and the comparison with the checkpoint; what holds and what
does not is said by them. Exits with 1 and a sentence where something does not hold.
"""

import base64
import sys
from pathlib import Path

import cbor2
import scitt_cose
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import CoseMessage


class Refused(Exception):
    """What does not hold."""


def need(condition, sentence):
    if not condition:
        raise Refused(sentence)


def by_scitt_cose(file):
    """The statement is signed by its author, and receipts prove that the ledger holds its line and the line of the key."""
    statement = file("statement.cose")
    said = scitt_cose.parse_signed_statement(statement, public_key_pem=file("author.pem"))
    need(said["signature_verified"] is True, "scitt-cose: the statement is not signed by author.pem")
    need(said["content_type"] == "application/vnd.vrs.release+cbor", "scitt-cose: the statement is no release")
    roots = {}
    for line, receipt in (("line.cbor", "receipt.cose"), ("key-line.cbor", "key-line-receipt.cose")):
        result = scitt_cose.verify_receipt(file(receipt), leaf_entry_hex=file(line).hex(), log_public_key_pem=file("ledger.pem"))
        need(result.ok, f"scitt-cose: {receipt} does not prove {line}: {result.errors}")
        need(result.subject == f"line {result.leaf_index}", f"scitt-cose: {receipt} is about {result.subject}")
        roots[line] = result.root, result.tree_size, result.leaf_index
    need(roots["line.cbor"][:2] == roots["key-line.cbor"][:2], "scitt-cose: the two receipts are for two trees")
    # A transparent statement (RFC 9943): the author's signature is not touched by the receipt that travels with it.
    transparent = scitt_cose.attach_receipts(statement, [file("receipt.cose")])
    again = scitt_cose.parse_signed_statement(transparent, public_key_pem=file("author.pem"))
    need(again["signature_verified"] is True, "scitt-cose: the transparent statement does not verify")
    need(scitt_cose.extract_receipts(transparent) == [file("receipt.cose")], "scitt-cose: the receipt did not travel")
    return roots


def by_pycose(file, root):
    """A general COSE library takes the same statement and the same receipt."""
    def key(name):
        raw = load_pem_public_key(file(name)).public_bytes(Encoding.Raw, PublicFormat.Raw)
        return OKPKey(crv=Ed25519, x=raw)

    statement = CoseMessage.decode(file("statement.cose"))
    statement.key = key("author.pem")
    need(statement.verify_signature(), "pycose: the statement is not signed by author.pem")
    receipt = CoseMessage.decode(file("receipt.cose"))
    receipt.key = key("ledger.pem")
    need(receipt.verify_signature(detached_payload=bytes.fromhex(root)), "pycose: the receipt is not signed by ledger.pem")
    return statement.payload


def belongs_together(file, roots, manifest):
    """The line holds the statement, and the hub's checkpoint names the tree of the receipts."""
    line, key_line = cbor2.loads(file("line.cbor")), cbor2.loads(file("key-line.cbor"))
    need(line[4] == file("statement.cose"), "line.cbor does not hold statement.cose")
    author = cbor2.loads(manifest)[1]
    need(line[3] == author, "the line is by another participant than the release")
    need(author == (roots["key-line.cbor"][2] if key_line[1] == 2 else key_line[3]), "the key line is of another participant")
    root, size, _ = roots["line.cbor"]
    lines = file("checkpoint.note").decode().split("\n")
    need(lines[1:3] == [str(size), base64.b64encode(bytes.fromhex(root)).decode()], "the checkpoint is of another tree")


def judge(folder):
    def file(name):
        path = Path(folder, name)
        need(path.is_file(), f"{name} is missing")
        return path.read_bytes()

    roots = by_scitt_cose(file)
    manifest = by_pycose(file, roots["line.cbor"][0])
    belongs_together(file, roots, manifest)
    return f"{folder}: taken by scitt-cose {scitt_cose.__version__} and pycose"


def main(folders):
    if not folders:
        print(__doc__, file=sys.stderr)
        return 2
    for folder in folders:
        try:
            print(judge(folder))
        except Exception as refused:  # Whatever their software raises is a refusal.
            print(f"does not hold: {folder}: {refused}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
