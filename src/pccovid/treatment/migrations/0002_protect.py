"""Row security of this module's facts."""

from django.db import migrations

from pccovid.foundation.protection import protect_facts


class Migration(migrations.Migration):
    dependencies = [("treatment", "0001_initial"), ("people", "0002_protect")]
    operations = [
        protect_facts(
            "treatment", "treatment_stay", "treatment_condition", "treatment_vitalsign", "treatment_procedure",
            "treatment_medication",
        ),
    ]  # fmt: skip
