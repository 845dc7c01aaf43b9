from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("dialogues", "0010_move_contents_of_publications")]

    operations = [
        migrations.RemoveField("publication", "document"),
        migrations.RemoveField("publication", "bundle"),
        migrations.RenameField("publication", "page", "document"),
        migrations.RenameField("publication", "file", "bundle"),
    ]
