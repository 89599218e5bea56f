"""Models, shadows and their approval, what they would change, and the functions that guard them."""

from importlib.resources import files

from django.db import migrations


def _read(name: str) -> str:
    return (files("pccovid.relinking") / "sql" / f"{name}.sql").read_text()


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("people", "0011_scope"), ("link_review", "0002_protect"), ("retention", "0001_retention"),
        ("foundation", "0005_spans"),
    ]  # fmt: skip
    operations = [
        migrations.RunSQL(_read("tables"), migrations.RunSQL.noop),
        migrations.RunSQL(_read("approving"), migrations.RunSQL.noop),
    ]
