"""Row security of this module's facts."""

from django.db import migrations

from pccovid.foundation.protection import protect_facts


class Migration(migrations.Migration):
    dependencies = [("declarations", "0001_initial"), ("people", "0002_protect")]
    operations = [
        protect_facts("declaration", "declarations_declaration"),
    ]
