"""Tables of the person index. Private to this module: others call operations and queries.

Three layers: what was sent (SourceRecord, immutable), what it claims and whose it is (Claim, Link), and the
golden record derived from both (Person, Identifier, ContactPoint, Address, Relationship).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Q

from pccovid.foundation.carried_model import CarriedFact, carried_indexes, provenance_check
from pccovid.foundation.sealing import sealer
from pccovid.linkage.verification import CODES

LINK_DECISIONS = ("exact", "probabilistic", "manual", "new", "held")


class ImportRun(models.Model):
    """One delivery carried over; resumable by its stage until it is published."""

    folder = models.TextField()
    fingerprint = models.TextField(help_text="hash of the delivery's file names, sizes and contents")
    stage = models.TextField(default="reading")
    started_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True)
    published_by = models.TextField(default="")
    model_version = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["reading", "linking", "publishing", "published"]),
                name="importrun_stage",
            ),
            models.CheckConstraint(
                condition=~Q(stage="published") | Q(published_at__isnull=False),
                name="importrun_published_when",
            ),
        ]


class ImportFile(models.Model):
    """The ledger of one file of a run: every received row has exactly one outcome."""

    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT, related_name="files")
    name = models.TextField()
    system = models.TextField()
    kind = models.TextField()
    received = models.BigIntegerField()
    linked = models.BigIntegerField()
    new = models.BigIntegerField()
    held = models.BigIntegerField()
    rejected = models.BigIntegerField()
    unchanged = models.BigIntegerField(default=0, help_text="of the linked ones: came again exactly as before")
    repeated = models.BigIntegerField(default=0, help_text="came more than once in this delivery under one key")
    notes = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "name"], name="importfile_once"),
            models.CheckConstraint(
                condition=Q(received=F("linked") + F("new") + F("held") + F("rejected")),
                name="ledger_balances",
            ),
            models.CheckConstraint(
                condition=Q(linked__gte=0, new__gte=0, held__gte=0, rejected__gte=0),
                name="ledger_counts_from_zero",
            ),
        ]


class ImportReason(models.Model):
    """How often a reason was given in a file: for held and rejected rows, and for single refused values."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="reasons")
    outcome = models.TextField(help_text="held, rejected, value (a refused value), repeated")
    reason = models.TextField()
    field = models.TextField(default="")
    rows = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["file", "outcome", "reason", "field"], name="importreason_once")]


class UnplacedRow(models.Model):
    """A held or rejected row, whole, with its reason; replayable until it is resolved."""

    id = models.UUIDField(primary_key=True)
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT)
    file_name = models.TextField()
    row_no = models.BigIntegerField()
    system = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    record_id = models.UUIDField(null=True)
    outcome = models.TextField()
    reason = models.TextField()
    payload = models.TextField()
    evidence = models.JSONField(default=dict)
    resolved_at = models.DateTimeField(null=True)
    resolution = models.TextField(default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=["held", "rejected"]), name="unplacedrow_outcome"),
            models.CheckConstraint(condition=~Q(reason=""), name="unplacedrow_has_reason"),
        ]
        indexes = [
            models.Index(fields=["record_id"], name="unplacedrow_by_record"),
            models.Index(fields=["run", "outcome", "reason"], name="unplacedrow_by_reason"),
        ]


class SourceRecord(models.Model):
    """A row exactly as a system sent it. Inserted once, never changed."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField(help_text="the source key (system, kind, key), whatever its version")
    system = models.TextField()
    kind = models.TextField()
    key = models.TextField()
    version = models.IntegerField()
    payload = models.TextField(help_text="JSON text as received, sealed")
    content_hash = models.BinaryField(help_text="keyed: nobody can try out contents on it")
    received_at = models.DateTimeField()
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record_id", "version"], name="sourcerecord_version_once")]


class RecordClaim(models.Model):
    """What the newest version of a source record claims about its person, and the person it is linked to now."""

    record_id = models.UUIDField(primary_key=True)
    record = models.TextField(help_text="system:kind:key")
    system = models.TextField()
    kind = models.TextField()
    source_record_id = models.UUIDField()
    content_hash = models.BinaryField()
    version = models.IntegerField()
    person_id = models.UUIDField(null=True, help_text="empty while the record is held, or is about nobody")
    is_about_nobody = models.BooleanField(default=False)
    name = models.TextField(null=True)
    name_full = models.TextField(null=True)
    name_key = models.TextField(null=True)
    name_sorted = models.TextField(null=True)
    birth_date = models.DateField(null=True)
    birth_precision = models.TextField(null=True)
    birth_swapped = models.DateField(null=True)
    sex = models.TextField(null=True)
    personal_id = models.TextField(null=True)
    old_id = models.TextField(null=True)
    passport = models.TextField(null=True)
    insurance_no = models.TextField(null=True)
    insurance_card = models.TextField(null=True)
    qid = models.TextField(null=True)
    id_tail = models.TextField(null=True)
    id_verified = models.BooleanField(default=False)
    phone = models.TextField(null=True)
    phone_is_own = models.BooleanField(default=True)
    email = models.TextField(null=True)
    province_code = models.TextField(null=True)
    district_code = models.TextField(null=True)
    commune_code = models.TextField(null=True)
    address = models.TextField(null=True)
    nationality = models.TextField(null=True)
    account = models.TextField(null=True)
    household = models.TextField(null=True)
    dose = models.TextField(null=True, help_text="number and day of the dose that the row tells of")
    flags = ArrayField(models.TextField(), default=list)
    sealed = models.JSONField(null=True, help_text="number column → sealed number; the columns themselves hold hashes")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record"], name="recordclaim_record_once")]
        indexes = [
            models.Index(fields=["person_id"], name="recordclaim_by_person"),
            models.Index(
                fields=["personal_id"], name="recordclaim_by_personal_id", condition=Q(personal_id__isnull=False)
            ),
            models.Index(fields=["old_id"], name="recordclaim_by_old_id", condition=Q(old_id__isnull=False)),
            models.Index(fields=["passport"], name="recordclaim_by_passport", condition=Q(passport__isnull=False)),
            models.Index(
                fields=["insurance_no"], name="recordclaim_by_insurance", condition=Q(insurance_no__isnull=False)
            ),
            models.Index(fields=["qid"], name="recordclaim_by_qid", condition=Q(qid__isnull=False)),
            models.Index(fields=["phone"], name="recordclaim_by_phone", condition=Q(phone__isnull=False)),
            models.Index(fields=["name_sorted", "birth_date"], name="recordclaim_by_name_birth"),
            models.Index(fields=["birth_date", "commune_code"], name="recordclaim_by_birth_place"),
            models.Index(fields=["name_sorted", "commune_code"], name="recordclaim_by_name_place"),
            # By hash: what a row says of its account may be longer than a sorted index takes.
            HashIndex(fields=["account"], name="recordclaim_by_account", condition=Q(account__isnull=False)),
            # Records that are nobody's yet, for whatever arrives and concerns them.
            models.Index(
                fields=["name_sorted", "birth_date"], name="recordclaim_held_by_code",
                condition=Q(person_id__isnull=True, id_tail__isnull=False),
            ),
        ]  # fmt: skip

    def number(self, column: str) -> str | None:
        """The number whose hash stands in this column; None where the claim has none."""
        seal = (self.sealed or {}).get(column)
        value: str | None = getattr(self, column)
        return value if seal is None else sealer().unseal(seal, column)


class Person(models.Model):
    """The golden record: every attribute from the best source that gave it, with that source beside it."""

    id = models.UUIDField(primary_key=True)
    name = models.TextField(null=True)
    name_key = models.TextField(null=True)
    birth_date = models.DateField(null=True)
    birth_precision = models.TextField(null=True)
    sex = models.TextField(null=True)
    nationality = models.TextField(null=True)
    province_code = models.TextField(null=True)
    district_code = models.TextField(null=True)
    commune_code = models.TextField(null=True)
    address = models.TextField(null=True)
    is_identity_verified = models.BooleanField(default=False)
    attribute_sources = models.JSONField(default=dict, help_text="attribute → system and record it was taken from")
    created_at = models.DateTimeField()
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="person_not_merged_into_itself"),
            models.CheckConstraint(
                condition=Q(sex__isnull=True) | Q(sex__in=["male", "female"]), name="person_sex_is_known_word"
            ),
        ]
        indexes = [
            models.Index(fields=["commune_code"], name="person_by_commune"),
            models.Index(fields=["name_key", "birth_date"], name="person_by_name_birth"),
        ]


class Link(models.Model):
    """One decision about whose a source record is. Append-only; the last one of a record holds."""

    id = models.BigAutoField(primary_key=True)
    record_id = models.UUIDField()
    person_id = models.UUIDField(null=True)
    decision = models.TextField()
    weight = models.FloatField(null=True)
    evidence = models.JSONField(default=dict)
    reason = models.TextField(default="")
    model_version = models.TextField()
    decided_by = models.TextField()
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=LINK_DECISIONS), name="link_decision"),
            models.CheckConstraint(
                condition=Q(person_id__isnull=False) | Q(decision="held"), name="link_held_or_to_a_person"
            ),
        ]
        indexes = [
            models.Index(fields=["record_id", "id"], name="link_by_record"),
            models.Index(fields=["person_id"], name="link_by_person"),
        ]


class VerificationAnswer(models.Model):
    """What a source answered when it was asked about a person (linkage/verification.py). Append-only."""

    id = models.BigAutoField(primary_key=True)
    person_id = models.UUIDField()
    record_id = models.UUIDField(null=True, help_text="the source record that was checked, where it was one")
    source = models.TextField(help_text="the system that was asked; empty: our own index")
    code = models.TextField()
    grades = models.JSONField(default=dict, help_text="attribute → agree, initials_agree, differs, missing")
    asked_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.TextField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(code__in=CODES), name="verificationanswer_code"),
            models.CheckConstraint(condition=Q(asked_at__lte=F("recorded_at")), name="verificationanswer_asked_first"),
        ]
        indexes = [models.Index(fields=["person_id", "asked_at"], name="verificationanswer_by_person")]


class Identifier(models.Model):
    """A number that names the person in some register: CCCD and CMND are dated aliases of one person."""

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    system = models.TextField()
    value = models.TextField(help_text="keyed hash (people/numbers.py)")
    sealed = models.TextField(null=True)
    is_verified = models.BooleanField(default=False)
    verified_by = models.TextField(default="")
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    sources = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "system", "value"], name="identifier_once_a_person"),
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(is_verified=True, system="personal_id", valid_to__isnull=True),
                name="one_verified_personal_id",
            ),
            models.UniqueConstraint(
                fields=["system", "value"], condition=Q(is_verified=True), name="verified_identifier_names_one_person"
            ),
            models.CheckConstraint(
                condition=Q(system__in=["personal_id", "old_id", "passport", "insurance_no"]), name="identifier_system"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["system", "value"], name="identifier_by_value")]


class ContactPoint(models.Model):
    """A phone number or e-mail address someone can be reached by. Never identity: many people share one."""

    id = models.UUIDField(primary_key=True)
    person_id = models.UUIDField()
    system = models.TextField()
    value = models.TextField(help_text="keyed hash (people/numbers.py)")
    sealed = models.TextField(null=True)
    is_own = models.BooleanField()
    sources = ArrayField(models.TextField(), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "system", "value"], name="contactpoint_once_a_person")
        ]
        indexes = [models.Index(fields=["system", "value"], name="contactpoint_by_value")]


class Address(CarriedFact):
    """Where a source says the person lives: permanent, temporary, stay, or a residence of unknown kind."""

    kind = models.TextField()
    commune_code = models.TextField(null=True)
    district_code = models.TextField(null=True)
    province_code = models.TextField(null=True)
    line = models.TextField(null=True)

    class Meta:
        indexes = carried_indexes("address")
        constraints = [provenance_check("address")]


class Relationship(CarriedFact):
    """This person stands in a relation to the person of another source record."""

    kind = models.TextField()
    role = models.TextField(null=True)
    other_system = models.TextField()
    other_kind = models.TextField()
    other_key = models.TextField()
    other_record_id = models.UUIDField(null=True, db_index=True)

    class Meta:
        indexes = carried_indexes("relationship")
        constraints = [provenance_check("relationship")]


class Merge(models.Model):
    """Two persons found to be one: enough kept to restore exactly what was."""

    kept_id = models.UUIDField()
    absorbed_id = models.UUIDField()
    moved_records = ArrayField(models.UUIDField())
    reason = models.TextField()
    evidence = models.JSONField(default=dict)
    merged_by = models.TextField()
    merged_at = models.DateTimeField()
    undone_by = models.TextField(default="")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(kept_id=F("absorbed_id")), name="merge_of_two")]


class ReviewPair(models.Model):
    """Two records a person should look at: too alike to ignore, not alike enough to join."""

    id = models.UUIDField(primary_key=True)
    record_id = models.UUIDField(db_index=True)
    other_record_id = models.UUIDField(db_index=True)
    weight = models.FloatField(null=True)
    evidence = models.JSONField(default=dict)
    reason = models.TextField()
    run = models.ForeignKey(ImportRun, on_delete=models.PROTECT)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(default="")
