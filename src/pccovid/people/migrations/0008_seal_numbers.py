"""Numbers and received rows of an index from before are sealed; each batch is kept, so an interrupted upgrade goes on.

Raw SQL over columns named in people/resealing.py as they stand after 0007. The keys come from the environment.
"""

from django.db import migrations

from pccovid.foundation.resealing import rewrite_all
from pccovid.foundation.sealing import sealer
from pccovid.people.resealing import drop_staged, retell_merges, rewritings


def seal_what_is_bare(apps, schema_editor):
    schema_editor.connection.ensure_connection()
    connection = schema_editor.connection.connection
    keys = sealer()
    drop_staged(connection)
    for rewriting in rewritings():
        # A table that a later version adds holds nothing from before.
        if connection.execute("SELECT to_regclass(%s)", [rewriting.table]).fetchone() == (None,):
            continue
        for _ in rewrite_all(connection, rewriting, keys):
            pass
    retell_merges(connection, keys)


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("people", "0007_sealed_numbers"), ("insurance", "0001_initial"), ("movement", "0001_initial"),
        ("accounts", "0001_initial"),
    ]  # fmt: skip
    operations = [migrations.RunPython(seal_what_is_bare, migrations.RunPython.noop)]
