"""List the gene therapies that recruit in Italy."""

import sys

from trialparse import Parsed, Recruitment, TherapyType, read

for path in sys.argv[1:]:
    for record in read(path):
        if isinstance(record, Parsed) and TherapyType.GENE in record.trial.therapy_types:
            italy = record.trial.country("IT")
            if italy and italy.status.recruitment is Recruitment.RECRUITING:
                print(record.trial.id, record.trial.public_title, italy.planned)
