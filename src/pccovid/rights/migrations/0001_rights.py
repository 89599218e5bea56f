"""Requests of persons about their data, restrictions that the row policies obey, and what carries requests out."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("foundation", "0006_sight"), ("officers", "0001_identity"), ("people", "0011_scope"),
        ("retention", "0001_retention"), ("inspection", "0003_exports_and_children"), ("link_review", "0002_protect"),
        ("insurance", "0002_protect"), ("lab_tests", "0002_protect"), ("vaccination", "0002_protect"),
        ("movement", "0004_places"), ("declarations", "0003_spans"), ("border", "0002_protect"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL((files(package) / "sql" / name).read_text(), migrations.RunSQL.noop)
        for package, name in (
            ("pccovid.rights", "tables.sql"), ("pccovid.foundation", "protect.sql"), ("pccovid.rights", "restriction.sql"),
            ("pccovid.rights", "own.sql"), ("pccovid.rights", "desk.sql"), ("pccovid.rights", "carrying_out.sql"),
        )
    ]  # fmt: skip
