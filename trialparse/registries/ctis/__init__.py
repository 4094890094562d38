"""The EU Clinical Trials Information System (CTIS), <https://euclinicaltrials.eu>.

It holds trials under Regulation (EU) 536/2014. A trial has one record for all its countries, which the portal gives as
JSON, in one shape since June 2024 and in another before; a search gives rows with a part of it, as JSON or CSV.
"""

from trialparse.mapping.format import Format
from trialparse.readers.notations import Csv, Json, Pagination

_CSV_COLUMNS = (
    "Trial number",
    "Protocol code",
    "Title of the trial",
    "Overall trial status",
    "Location(s) and recruitment status",
    "Age group",
    "Age range secondary identifier",
    "Gender",
    "Number of participants enrolled",
    "Trial region",
    "Medical conditions",
    "Therapeutic area",
    "Trial phase",
    "Product",
    "Primary endpoint",
    "Secondary endpoints",
    "Decision date",
    "Start date",
    "End date",
    "Global end of the trial",
    "Trial results",
    "Sponsor/Co-Sponsors",
    "Sponsor type",
    "Last updated",
)

_NOTHING = "CTIS answers so where it knows no trial of that number"

RETRIEVE = Format(
    name="ctis-retrieve",
    registry="ctis",
    title="CTIS, public record of a trial (portal since June 2024)",
    table="mapping.tsv",
    notation=Json(
        keys=(frozenset({"ctNumber", "authorizedApplication"}),),
        hints=(b'"authorizedApplication"', b'"ctPublicStatusCode"'),
        nothing=_NOTHING,
    ),
    blank=frozenset({""}),
)
RETRIEVE_V1 = Format(
    name="ctis-retrieve-v1",
    registry="ctis",
    title="CTIS, public record of a trial (first portal, to June 2024)",
    table="mapping.tsv",
    upgrade="v1.tsv",
    notation=Json(
        keys=(frozenset({"ctNumber", "authorizedPartI"}), frozenset({"ctNumber", "applications"})),
        hints=(b'"primarySponsor"', b'"mscTrialNotificationsInfoList"'),
        nothing=_NOTHING,
    ),
    blank=frozenset({""}),
)
SEARCH = Format(
    name="ctis-search",
    registry="ctis",
    title="CTIS, a page of search results",
    table="search.tsv",
    notation=Json(
        keys=(frozenset({"pagination", "data"}),),
        rows="data",
        envelope=("pagination", "showWarning"),
        pagination=Pagination(total=("pagination", "totalRecords"), further=("pagination", "nextPage")),
        empty="an answer of the register's search without results",
    ),
    blank=frozenset({""}),
    holds="listing",
)
SEARCH_ROW = Format(
    name="ctis-search-row",
    registry="ctis",
    title="CTIS, a row of search results by itself",
    table="search.tsv",
    notation=Json(keys=(frozenset({"ctNumber", "trialCountries"}), frozenset({"ctNumber", "decisionDateOverall"}))),
    blank=frozenset({""}),
    holds="listing",
)
PORTAL_CSV = Format(
    name="ctis-csv",
    registry="ctis",
    title="CTIS, the portal's CSV download",
    table="portal_csv.tsv",
    notation=Csv(columns=_CSV_COLUMNS, at_least=4, needed=frozenset({"Trial number"})),  # people keep what they need
    blank=frozenset({""}),
    holds="listing",
)
EVALUATION = Format(
    name="ctis-evaluation",
    registry="ctis",
    title="CTIS, public evaluation of an application (first portal)",
    table="evaluation.tsv",
    notation=Json(keys=(frozenset({"validationRfis", "partIIEvaluationList"}),)),
    holds="evaluation",
)

FORMATS = (RETRIEVE, RETRIEVE_V1, SEARCH, SEARCH_ROW, PORTAL_CSV, EVALUATION)
