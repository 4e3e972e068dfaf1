"""The rules of a VRS exchange: may this line stand here, and what follows from it.

Written from protocol/SPEC.md alone, sections 9 to 15. `Region.take` answers like the rows of protocol/vectors/region.
"""

import hashlib
import re
import tomllib
import unicodedata
from pathlib import Path

from reader import HUB_KINDS, KINDS, Flaw, Line, audience, check_charter, check_manifest, need, payload, period, sha256, table_key, verify

OPEN, TOTALS, NAMED = 0, 1, 2
KIND_OF = {"contributors": OPEN, "totals": TOTALS, "named": NAMED, "unknown": None}
FILES = ["catalogue.toml", "codes.toml", "countries.csv", "1-entry-and-stay.toml", "2-exit-smuggled-routes-methods.toml",
         "3-documents-and-relationships.toml", "4-smugglers.toml", "5-national-context.toml"]


class Catalogue:
    """Section 9, as far as lines need it."""

    def __init__(self, folder):
        hasher, self.forms = hashlib.sha256(), {}
        for name in FILES:
            content = Path(folder, name).read_bytes()
            for part in (name.encode(), content):
                hasher.update(len(part).to_bytes(8, "big") + part)
            for form in tomllib.loads(content.decode()).get("form", []) if name[0].isdigit() else []:
                self.forms[form["code"]] = form
        self.hash, self.version = hasher.digest(), Path(folder).name
        self.order = {code: place for place, code in enumerate(self.forms)}
        self.topics = {topic["code"] for topic in tomllib.loads(Path(folder, FILES[0]).read_text())["topic"]}

    def topic(self, form):
        return self.forms[form]["topic"] if form in self.forms else None

    def holds_counts(self, form):
        return self.forms[form]["kind"] in ("number", "list", "cross")


class Catalogues:
    """Every version there is, by its hash; section 7.2 says which of them a year has."""

    def __init__(self, root):
        versions = [Catalogue(folder) for folder in sorted(Path(root).iterdir()) if folder.is_dir()]
        self.first, self.by_hash = versions[0], {version.hash: version for version in versions}

    def of(self, charter, year):
        if charter is None:
            return self.first
        earlier = next((one[1] for one in charter.get(14, []) if one[2] >= year), charter[2])
        return self.by_hash[earlier]


class Release:
    def __init__(self, index, identity, manifest):
        self.index, self.id, self.manifest = index, identity, manifest
        self.author, self.form, self.period = manifest[1], manifest[2], period(manifest[3])
        self.table = (self.form, self.period)
        self.audience, self.named = audience(manifest[10])
        self.kind, self.core = KIND_OF[self.audience], manifest[12]
        self.ended = self.withdrawn = None
        self.bound, self.extended = index, set()

    @property
    def current(self):
        return self.ended is None

    def admits(self, reader):
        if self.audience == "contributors":
            return reader < self.bound or reader in self.extended
        return reader in self.named


class Participant:
    def __init__(self, code, parent, key):
        self.code, self.parent, self.keys, self.suspended = code, parent, [key], False


class Block:
    def __init__(self, kind, members):
        self.kind, self.members, self.tables, self.editions = kind, members, {}, []


def within(one, other):
    """Section 4: whether the audience of one release is within that of another."""
    if one.audience == "totals":
        return True
    if one.audience == "named" and other.audience == "named":
        return set(one.named) <= set(other.named)
    return one.audience in ("named", "contributors") and other.audience == "contributors"


class Region:
    def __init__(self, catalogues):
        self.catalogues = catalogues
        self.exchange, self.hub_key, self.name = bytes(32), None, None
        self.size, self.time = 0, 0
        self.charters, self.people, self.releases, self.by_id = [], {}, {}, {}
        self.kinds, self.bundle, self.statements, self.objections = {}, None, set(), set()
        self.copies, self.seen = {}, {}
        self.blocks, self.editions = {}, {}

    # --- Section 15.1 ----------------------------------------------------------------------------------------------

    def take(self, data):
        """`ok`, or `NNN-unless-mirrored`; a flaw where the line may not stand."""
        line = Line(data)
        need(line.time >= self.time, 301, "the hub's time went back")
        genesis = line.known and line.kind == 0
        need(genesis == (self.size == 0), 300, "the genesis line is the first and only the first")
        outcome = "409-unless-mirrored"
        if line.known:
            outcome = self.judge_known(line, line.statement)
        elif line.version == 1:
            need(line.statement.exchange == self.exchange, 205, "another exchange")
            self.check_author(line, line.statement, self.hub_key if line.author is None else self.known(line.author).keys[-1])
        self.size, self.time = self.size + 1, line.time
        return outcome

    def judge_known(self, line, statement):
        need(line.kind not in HUB_KINDS or line.author is None, 206, "a line of the hub with an author")
        need(statement.content_type == f"application/vnd.vrs.{KINDS[line.kind]}+cbor", 207, "the content type of another kind")
        need(statement.exchange == self.exchange, 205, "another exchange")
        said = payload(line.kind, statement.payload)
        if line.author is None:
            key = said[1] if line.kind == 0 else self.hub_key
        else:
            person = self.known(line.author) if line.kind == 9 else self.active(line.author)
            key = person.keys[-1]
        self.check_author(line, statement, key)
        need(line.author is None or statement.id not in self.statements, 300, "the statement stands there already")
        if self.bundle:
            author, left = self.bundle[:2]
            goes_on = line.kind == 4 and line.author == author and table_key([said[2], said[3]]) in left
            need(goes_on, 302, "an open bundle is interrupted")
        outcome = getattr(self, "take_" + KINDS[line.kind])(line, said)
        if line.author is not None and line.kind != 4:
            self.statements.add(statement.id)
        return outcome or "ok"

    def check_author(self, line, statement, key):
        need(sha256(key) == statement.kid, 203, "another key than the one in force")
        need(line.author is None or statement.issuer == self.people[line.author].code, 202, "issued in the name of another")
        statement.verify(key)

    def known(self, participant):
        need(participant in self.people, 200, f"nobody was admitted at line {participant}")
        return self.people[participant]

    def active(self, participant):
        person = self.known(participant)
        need(not person.suspended, 201, f"{person.code} is suspended")
        return person

    def charter(self, at=None):
        """(line, Charter): the one in force, or the one at a line."""
        found = [one for one in self.charters if at is None or one[0] <= at]
        return found[-1] if found else (None, None)

    def catalogue(self, year):
        return self.catalogues.of(self.charter()[1], year)

    def topic(self, form, year):
        return self.catalogue(year).topic(form)

    def topic_of(self, release):
        return self.topic(release.form, release.period.year)

    def in_use(self, form, year):
        _, charter = self.charter()
        found = self.catalogue(year).forms.get(form)
        return found is not None and charter is not None and (not found["extension"] or form in charter[5])

    def author_of(self, line):
        need(line.author is not None, 206, "never a line of the hub")
        return line.author

    # --- Governance ------------------------------------------------------------------------------------------------

    def take_genesis(self, line, said):
        slug = "-".join(re.findall("[A-Za-z0-9]+", said[0])).lower()
        need(1 <= len(said[0].encode()) <= 64 and 1 <= len(slug) <= 63, 300, "no usable name of a region")
        self.name, self.hub_key, self.exchange = said[0], said[1], sha256(line.bytes)

    def take_charter(self, _, said):
        check_charter(said)
        named = [(one[0], one[1]) for one in said.get(14, [])] + [(said[1], said[2])]
        for version, digest in named:
            need(digest in self.catalogues.by_hash, 303, "a catalogue that is not here")
            need(self.catalogues.by_hash[digest].version == version, 300, "a catalogue under another version")
        forms = [self.catalogues.by_hash[digest].forms for _, digest in named]
        extends = lambda code: any(code in found and found[code]["extension"] for found in forms)
        need(all(extends(code) for code in said[5]), 300, "no extension of the catalogues")
        for year in {release.period.year for release in self.releases.values()}:
            need(self.catalogues.of(said, year) is self.catalogue(year), 304, "another catalogue for a year reported about")
        self.charters.append((self.size, said))

    def take_participant(self, _, said):
        change, fields = said
        if change == 0:
            code, _, parent, name, key, votes = fields
            parent = parent if isinstance(parent, int) else None
            need(all(person.code != code for person in self.people.values()), 300, "admitted already")
            need(self.free(key) and key != self.hub_key, 300, "the key of another")
            need(parent is None or (parent in self.people and self.people[parent].parent is None), 300, "no such parent")
            need(1 <= len(name.encode()) <= 200 and not votes, 300, "no usable name, or votes")
            self.people[self.size] = Participant(code, parent, key)
        elif change in (1, 2):
            person = self.known(fields[0])
            need(person.suspended == (change == 2) and not fields[1], 300, "so already, or votes")
            person.suspended = change == 1
        else:
            need(fields[0] in self.people and 1 <= len(fields[1].encode()) <= 200, 300, "a name for nobody, or no usable name")

    def free(self, key):
        return all(key not in person.keys for person in self.people.values())

    def take_key(self, line, said):
        person = self.active(said[0])
        need(line.author == said[0], 202, "a key event of somebody else")
        need(sha256(person.keys[-1]) == said[2] and self.free(said[1]), 300, "replaces another key, or the key of another")
        verify(said[1], b"vrs-key-event/1" + self.exchange + said[2], said[3])
        person.keys.append(said[1])

    def take_objection(self, line, said):
        need(said[0] < self.size and len(said[2].encode()) <= 1000, 300, "about no line, or too long")
        need(all(unicodedata.category(letter) != "Cc" or letter == "\n" for letter in said[2]), 300, "control characters")
        need((line.author, said[0]) not in self.objections, 300, "objected to already")
        self.objections.add((line.author, said[0]))

    def take_bulletin(self, _, said):
        need(len(said.encode()) <= 4000, 300, "too long")

    # --- Releases: 10.3 to 10.7, 12.1, 14 --------------------------------------------------------------------------

    def of(self, author, topic=None, year=None):
        found = (r for r in self.releases.values() if r.author == author)
        return [r for r in found if topic is None or (self.topic_of(r) == topic and r.period.year == year)]

    def history(self, author, table):
        return [r for r in self.releases.values() if r.author == author and r.table == table]

    def current(self, author, table):
        found = [r for r in self.history(author, table) if r.current]
        return found[-1] if found else None

    def take_release(self, line, said):
        author = self.author_of(line)
        check_manifest(said)
        need(said[1] == author, 202, "in the name of another")
        release = Release(self.size, line.statement.id, said)
        in_force, charter = self.charter()
        need(charter is not None, 300, "no Charter is in force")
        need(said[8] == in_force, 403, "another Charter than the one in force")
        need(said[7] == self.catalogue(release.period.year).hash, 402, "another catalogue")
        need(self.in_use(release.form, release.period.year), 401, "the form is not in use")
        need(release.period.ended(line.time), 404, "the period has not ended")
        rhythm = charter[9].get(self.people[author].code, charter[8])
        need(release.period.months in rhythm, 405, "not in the author's rhythm")
        self.check_revision(release, said)
        if release.audience != "unknown":
            need(all(named in self.people for named in release.named), 410, "names a stranger")
            self.check_sources(release, said)
            self.check_wider(release, said)
            self.check_kind(release, said)
        self.add(release, said)
        return "409-unless-mirrored" if release.audience == "unknown" else "ok"

    def check_revision(self, release, said):
        history = self.history(release.author, release.table)
        due = history[-1].manifest[5] + 1 if history else 1
        if said[5] != due:
            need(said[5] not in [r.manifest[5] for r in history], 407, "that revision stands with other content")
            raise Flaw(406, f"revision {due} would be the next")
        last = (history[-1].withdrawn or history[-1].id) if history else None
        need(said.get(6) == last, 408, "not after the author's last statement")
        bundle = [table_key(one) for one in said[15]]
        if self.bundle:
            need(bundle == self.bundle[2], 300, "another bundle than the first line's")
            return
        items = bundle or [release.table]
        revised = [item for item in items if self.current(release.author, item)]
        for form, span in revised:
            topic = self.topic(form, span.year)
            exempt = any(other != span and span.contains(other) and self.topic(code, other.year) == topic for code, other in revised)
            company = [r.table for r in self.of(release.author, topic, span.year) if r.current and r.period.overlaps(span)]
            need(exempt or all(table in items for table in company), 414, "overlapping tables are left behind")

    def check_sources(self, release, said):
        if not said[11]:
            return
        need(self.catalogue(release.period.year).forms[release.form]["adds_over_time"], 412, "the form does not add over time")
        parts = []
        for identity in said[11]:
            source = self.by_id.get(identity)
            need(source and source.current and source.author == release.author and source.form == release.form, 411, "no current part")
            parts.append(source.period)
        need(sorted(parts) == release.period.parts(), 411, "not exactly the parts")

    def to_come(self, release, said):
        """Items of the release's bundle whose lines are still to come."""
        return self.bundle[1] if self.bundle else {table_key(one) for one in said[15]}

    def check_wider(self, release, said):
        for other in self.of(release.author):
            if not other.current or other.form != release.form or other.period == release.period or other.table in self.to_come(release, said):
                continue
            if release.period.contains(other.period):
                need(within(release, other), 413, "wider than a part")
            elif other.period.contains(release.period):
                need(within(other, release), 413, "narrower than a whole")

    def family(self, participant):
        person = self.people.get(participant)
        return participant if person is None or person.parent is None else person.parent

    def families(self, participants):
        return len({self.family(one) for one in participants})

    def kind(self, participant, topic, year):
        return self.kinds.get((self.family(participant), topic, year))

    def check_kind(self, release, said):
        topic, year = self.topic_of(release), release.period.year
        before, to, family = self.kind(release.author, topic, year), release.kind, self.family(release.author)
        in_bundle = self.bundle[3].get((topic, year)) if self.bundle else None
        need(in_bundle in (None, to), 501, "another kind than the first lines of the bundle")
        if before is None:
            need(to == TOTALS or not self.read_open(family, topic, year), 502, "has read open blocks")
            return
        if before == to:
            return
        need((before, to) in ((TOTALS, OPEN), (OPEN, NAMED)), 500, "a kind does not change that way")
        mine = []
        for person in self.people:
            if self.family(person) == family:
                current = [r for r in self.of(person, topic, year) if r.current]
                need(person == release.author or not current, 504, "the family shares in another way")
                mine += current if person == release.author else []
        items = {table_key(one) for one in said[15]} | {release.table}
        need(all(r.table in items for r in mine), 501, "not all at once")
        if before == TOTALS:
            need(not self.read_open(family, topic, year), 502, "has read open blocks")
            for block in self.blocks.get((topic, year), []):
                if block.kind == TOTALS and any(self.family(m) == family for m in block.members):
                    rest = [m for m in block.members if self.family(m) != family and self.kind(m, topic, year) == TOTALS]
                    need(self.families(rest) >= self.block_min(block.members, topic, year), 503, "the others would be exposed")

    def read_open(self, family, topic, year):
        for number, block in enumerate(self.blocks.get((topic, year), [])):
            if block.kind == OPEN:
                for (edition, place, _), readers in self.seen.items():
                    if place == number and edition in block.editions and any(self.family(r) == family for r in readers):
                        return True
        return False

    def block_min(self, members, topic, year):
        lines = [r.index for m in members for r in self.of(m, topic, year)]
        return max([self.charter()[1][3]] + [self.charter(at)[1][3] for at in lines])

    def add(self, release, said):
        topic, year = self.topic_of(release), release.period.year
        if release.kind is not None:
            self.kinds[self.family(release.author), topic, year] = release.kind
        if self.bundle is None and len(said[15]) > 1:
            items = [table_key(one) for one in said[15]]
            self.bundle = (release.author, set(items), items, {})
        if self.bundle:
            self.bundle[3][topic, year] = release.kind
            self.bundle[1].discard(release.table)
        left = self.bundle[1] if self.bundle else set()
        parts = [r for r in self.parts(release) if r.table not in left]
        release.bound = min([release.index] + [part.bound for part in parts])
        later = [p for p in self.people if release.bound <= p < release.index]
        release.extended = {p for p in later if all(part.admits(p) for part in parts)}
        if not left:
            self.bundle = None
        before = self.current(release.author, release.table)
        self.releases[release.index] = self.by_id[release.id] = release
        if before:
            self.end(before)

    def parts(self, release):
        """The author's current releases of the same form whose shorter periods lie inside."""
        inside = (r for r in self.of(release.author) if r.current and r.form == release.form)
        return [r for r in inside if r.period != release.period and release.period.contains(r.period)]

    def end(self, release):
        release.ended = self.size
        for other in list(self.releases.values()):
            if other.current and release.id in other.manifest[11]:
                self.end(other)

    def take_extension(self, line, said):
        need(said[0] == self.author_of(line), 202, "in the name of another")
        for listed in (said[1], said[2]):
            need(1 <= len(listed) <= 1000 and listed == sorted(set(listed)), 300, "empty, unsorted or too long")
        need(all(one in self.people for one in said[2]), 410, "to a stranger")
        releases = [self.by_id.get(one) for one in said[1]]
        need(all(r and r.current and r.author == line.author and r.kind == OPEN for r in releases), 415, "no current open release")
        need(all(any(not r.admits(one) for one in said[2]) for r in releases), 300, "to those who are admitted already")
        for release in releases:
            for part in self.parts(release):
                need(part in releases or all(part.admits(one) for one in said[2]), 413, "wider than a part")
        for release in releases:
            release.extended.update(said[2])

    def take_withdrawal(self, line, said):
        need(said[1] == self.author_of(line), 202, "in the name of another")
        release = self.by_id.get(said[2])
        need(said[0] == 1 and release and release.current and release.author == line.author, 415, "no current release of the author")
        release.withdrawn = line.statement.id
        self.end(release)

    # --- Reading: 10.8, 11, 13 -------------------------------------------------------------------------------------

    def stands(self, participant, table):
        release = self.current(participant, table)
        person = self.people.get(participant)
        return release if person and not person.suspended and release and release.core else None

    def rule_1(self, reader, author, table):
        self.active(reader), self.active(author)
        need(self.in_use(table[0], table[1].year), 401, "the form is not in use")
        need(self.current(reader, table), 600, "the reader has released nothing")
        own, theirs = self.stands(reader, table), self.stands(author, table)
        need(own, 601, "the reader's core is not answered")
        need(theirs, 604, "the author does not stand")
        need("unknown" not in (own.audience, theirs.audience), 409, "an audience of a later version")
        need(own.kind != TOTALS, 602, "the reader shares totals only")
        need(theirs.kind != TOTALS, 605, "the author shares totals only")
        need(theirs.admits(reader), 608 if theirs.audience == "contributors" else 606, "the author does not admit the reader")
        need(own.admits(author), 607, "the reader does not admit the author")
        return own.index

    def rule_2(self, reader, table):
        """(the line that justifies it, whether it is an observer's right)"""
        person = self.active(reader)
        need(self.in_use(table[0], table[1].year), 401, "the form is not in use")
        own, at, charter = self.stands(reader, table), *self.charter()
        if own and own.audience in ("totals", "contributors"):
            return own.index, False
        if person.code in charter[4]:
            return at, True
        need(self.current(reader, table), 600, "the reader has released nothing")
        raise Flaw(603, "a bilateral matter") if own else Flaw(601, "the reader's core is not answered")

    def may_hold(self, reader, index):
        need(index in self.releases, 106, "no such release")
        release = self.releases[index]
        need(release.current, 415, "the release has ended")
        return self.rule_1(reader, release.author, release.table)

    def owes(self, reader, topic):
        for (holder, index), erased in self.copies.items():
            if holder == reader and not erased and self.topic_of(self.releases[index]) == topic:
                try:
                    self.may_hold(reader, index)
                except Flaw:
                    return True
        return False

    def block_right(self, reader, edition, number, place):
        said = self.editions.get(edition)
        need(said and number < len(said[3]) and place < len(said[3][number][2]), 106, "no such table of a block")
        listed = said[3][number][2][place]
        table, block = (listed[0], period(listed[1])), self.blocks[said[1], said[2]][number]
        line, observes = self.rule_2(reader, table)
        need(block.kind != OPEN or self.kind(reader, said[1], said[2]) not in (OPEN, NAMED), 610, "reads members singly")
        need(self.large_enough(block.members, said[1], said[2]), 610, "the Charter asks for larger blocks")
        if observes:
            since = block.tables[table][0]
            for member in block.members:
                summed = [r for r in self.history(member, table) if r.index < since]
                named = not summed or self.people[reader].code in self.charter(summed[-1].index)[1][4]
                need(named, 610, "released under a Charter that did not name this observer")
        return line

    def take_serving(self, _, said):
        items = [one[0] for one in said[1]]
        order = [(kind, *numbers) for kind, numbers in items]
        need(1 <= len(items) <= 1000 and all(a < b for a, b in zip(order, order[1:])), 300, "nothing, unsorted or too long")
        reader = said[0]
        try:
            for (kind, numbers), justified_by in said[1]:
                if kind == 0:
                    due = self.may_hold(reader, numbers[0])
                    topic = self.topic_of(self.releases[numbers[0]])
                    need(not self.owes(reader, topic), 609, "an erasure is owed")
                    served = self.copies.get((reader, numbers[0])) is False
                else:
                    due = self.block_right(reader, *numbers)
                    served = reader in self.seen.get(tuple(numbers), ())
                need(not served, 612, "served before")
                need(justified_by == due, 611, f"rests on line {due}")
        except Flaw as flaw:
            # Section 18: a serving that rests on a release to an unknown audience cannot be judged, so no hub writes it.
            if flaw.number == 409:
                return "409-unless-mirrored"
            raise
        for (kind, numbers), _ in said[1]:
            if kind == 0:
                self.copies[reader, numbers[0]] = False
            else:
                self.seen.setdefault(tuple(numbers), set()).add(reader)
        return "ok"

    def take_undelivered(self, _, said):
        def held(item):
            kind, numbers = item
            return self.copies.get((said[0], numbers[0])) is False if kind == 0 else said[0] in self.seen.get(tuple(numbers), ())
        def ended(item):
            kind, numbers = item
            try:
                self.may_hold(said[0], numbers[0]) if kind == 0 else self.block_right(said[0], *numbers)
            except Flaw:
                return True
            return False
        need(1 <= len(said[1]) <= 1000 and all(held(item) for item in said[1]), 613, "never served")
        need(all(ended(item) for item in said[1]), 300, "the right holds")
        for kind, numbers in said[1]:
            if kind == 0:
                del self.copies[said[0], numbers[0]]
            else:
                self.seen[tuple(numbers)].discard(said[0])

    def take_erasure(self, line, said):
        need(1 <= len(said[0]) <= 1000 and said[0] == sorted(set(said[0])), 300, "nothing, unsorted or too long")
        for index in said[0]:
            there = index in self.releases if line.author is None else self.copies.get((line.author, index)) is False
            need(there, 613, "not held")
        for index in said[0] if line.author is not None else []:
            self.copies[line.author, index] = True

    # --- Editions: 10.9, 12.2, 12.4, 12.5 --------------------------------------------------------------------------

    def large_enough(self, members, topic, year):
        return self.families(members) >= self.block_min(members, topic, year)

    def changed(self, members, since, concerns):
        return any(r.ended is not None and r.ended > since and concerns(r) for m in members for r in self.of(m))

    def take_edition(self, line, said):
        number, topic, year, listed, not_included = (said[key] for key in range(5))
        need(number == len(self.editions) + 1 and topic in self.catalogue(year).topics, 300, "not the next edition, or no topic")
        known, taken = self.blocks.get((topic, year), []), set()
        need(len(listed) >= len(known), 700, "a frozen block is missing")
        for place, (kind, members, tables) in enumerate(listed):
            need(len(set(members)) == len(members) and not taken & {(kind, m) for m in members}, 700, "in two blocks, or twice")
            taken |= {(kind, m) for m in members}
            rows = [((form, period(span)), figures, marked) for form, span, figures, marked in tables]
            block = known[place] if place < len(known) else None
            if block:
                self.check_frozen(block, kind, members, rows, topic, year)
            else:
                self.check_new(kind, members, rows, topic, year, known, line.time)
            order = [(self.catalogue(year).order[form], span) for (form, span), _, _ in rows]
            need(all(a < b for a, b in zip(order, order[1:])), 700, "tables out of order")
            for table, _, marked in rows:
                since = block.tables[table][0] if block and table in block.tables else None
                due = since is not None and self.changed(members, since, lambda r, table=table: r.table == table)
                need(marked == due, 700, "marked wrongly")
        named = [(form, period(span), who) for form, span, people in not_included for who in people]
        need(named == self.left_out(listed, topic, year), 300, "not included")
        self.editions[self.size] = said
        blocks = self.blocks.setdefault((topic, year), [])
        for place, (kind, members, tables) in enumerate(listed):
            if place == len(blocks):
                blocks.append(Block(kind, members))
            blocks[place].editions.append(self.size)
            for form, span, figures, _ in tables:
                blocks[place].tables.setdefault((form, period(span)), (self.size, figures))

    def all_stand(self, members, table, topic, year):
        form, span = table
        fits = self.topic(form, year) == topic and span.year == year and self.in_use(form, year) and self.catalogue(year).holds_counts(form)
        return fits and all((r := self.stands(m, table)) and r.audience in ("totals", "contributors") for m in members)

    def check_frozen(self, block, kind, members, rows, topic, year):
        need(kind == block.kind and members == block.members, 700, "members are frozen")
        figures = {table: found for table, found, _ in rows}
        need(all(figures.get(table) == known for table, (_, known) in block.tables.items()), 700, "figures are frozen")
        for table, _, _ in rows:
            if table not in block.tables:
                first = min((since for (_, span), (since, _) in block.tables.items() if span.overlaps(table[1])), default=None)
                changed = first is not None and self.changed(members, first, lambda r, table=table: self.topic_of(r) == topic and r.period.overlaps(table[1]))
                may = self.all_stand(members, table, topic, year) and self.large_enough(members, topic, year)
                need(may and not changed, 700, "a table that cannot be added")

    def check_new(self, kind, members, rows, topic, year, known, now):
        need(kind != NAMED and members == sorted(members) and rows, 700, "named, unsorted, or without a table")
        need(self.large_enough(members, topic, year), 700, "too small")
        for member in members:
            person = self.people.get(member)
            need(person and not person.suspended and self.kind(member, topic, year) == kind, 700, "does not share this way")
            need(all(block.kind != kind or member not in block.members for block in known), 700, "in a block already")
        for table, _, _ in rows:
            need(self.all_stand(members, table, topic, year), 700, "a member does not stand")
            need(table[1].closes(self.charter()[1][7]) <= now, 700, "not yet closed")

    def left_out(self, listed, topic, year):
        found = []
        for participant, person in self.people.items():
            for r in self.of(participant, topic, year) if not person.suspended else []:
                inside = any(kind == TOTALS and participant in members and r.table in [(f, period(p)) for f, p, _, _ in tables] for kind, members, tables in listed)
                if r.current and r.core and r.kind == TOTALS and not inside:
                    found.append((r.form, r.period, participant))
        return sorted(found)
