"""Some change of each mapped leaf can be seen: in the trial, in the diagnostics, or among the unmapped leaves.

The quick profile damages some leaves of each fixture, others more; `python -m tests.parsing.damage` damages all.
"""

from itertools import islice
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from tests.conftest import fixture_files, refused
from tests.parsing.damage import damages, is_mapped, is_silent, seen

pytestmark = pytest.mark.exhaustive

ODM = "{http://www.cdisc.org/ns/odm/v1.3}"
CTR = "{http://www.cdisc.org/ns/ctr/v1.0}"

OTHER_REGISTRY = (
    "trialDetails.clinicalTrialIdentifiers.secondaryIdentifyingNumbers.additionalRegistries.otherRegistryName"
)

ARGUED = {
    # an id by which elements are grouped: another one is another group, and both are in the trial
    "authorizedApplication.authorizedPartI.sponsors.thirdParties.organisationAddress.id",
    "authorizedPartI.sponsors.thirdParties.organisationAddress.id",
    "authorizedApplication.authorizedPartI.products.id",
    "authorizedApplication.authorizedPartI.productRoleGroupInfos.products.id",
    "authorizedApplication.applicationInfo.partIIInfo.mscId",
    "ODM/Study/@OID",
    f"{ODM}ODM/{ODM}Study/@OID",
    f"ODM/Study/MetaDataVersion/{CTR}Interventions/{CTR}Intervention/@OID",
    # the kind of a date: all words except two leave open whether the date has come
    f"ODM/Study/{CTR}StudyStartDate/@Type",
    "trials/trial/main/type_enrolment",
    # words beside a value that is there without them: the name of a known register
    *(f"{root}.{OTHER_REGISTRY}" for root in ("authorizedApplication.authorizedPartI", "authorizedPartI")),
    "trials/trial/secondary_ids/secondary_id/issuing_authority",
    # a name and a version: the word that is put there is parted into both
    "clinical_study/clinical_results/reported_events/other_events/default_vocab",
    # a sentence with the day of the data: words without a day are the sentence
    "clinical_study/required_header/download_date",
    # the kind of record, which counts where it is that of a third country
    "Clinical Trial Type:",
}
"""Leaves whose words can change in silence, each group with the reason."""

LEAVES = max(4, settings().max_examples // 4)
"""Number of leaves of a fixture that the profile damages."""


@pytest.mark.parametrize("path", [path for path in fixture_files() if not refused(path)], ids=lambda path: path.stem)
def test_each_mapped_leaf_counts(path: Path) -> None:
    before, made = seen(path.read_bytes()), list(damages(path))
    if before is None or not made:
        pytest.skip("an archive, or a source with records that cannot be read")
    Random(0).shuffle(made)
    mapped = list(islice((one for one in made if is_mapped(before, one)), LEAVES))

    assert mapped
    assert [] == [one.leaf for one in mapped if is_silent(before, one) and one.leaf not in ARGUED]
