"""Declarations are seen no further back than a purpose may look."""

from django.db import migrations

from pccovid.foundation.protection import limit_spans


class Migration(migrations.Migration):
    dependencies = [("declarations", "0002_protect"), ("foundation", "0005_spans")]
    operations = [limit_spans("declaration", {"declarations_declaration": "declared_at"})]
