"""The EU Clinical Trials Information System (CTIS), https://euclinicaltrials.eu."""

from trialparse.mapping.format import Format

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

RETRIEVE = Format(
    name="ctis-retrieve",
    registry="ctis",
    reader="json",
    title="CTIS, public record of a trial (portal since June 2024)",
    table="mapping.tsv",
    keys=(frozenset({"ctNumber", "authorizedApplication"}),),
    hints=(b'"authorizedApplication"', b'"ctPublicStatusCode"'),
    blank=frozenset({"", "-", "N/A", "NA"}),
)
RETRIEVE_V1 = Format(
    name="ctis-retrieve-v1",
    registry="ctis",
    reader="json",
    title="CTIS, public record of a trial (first portal, to June 2024)",
    table="mapping.tsv",
    upgrade="v1.tsv",
    keys=(frozenset({"ctNumber", "authorizedPartI"}), frozenset({"ctNumber", "applications"})),
    hints=(b'"primarySponsor"', b'"mscTrialNotificationsInfoList"'),
    blank=frozenset({"", "-", "N/A", "NA"}),
)
SEARCH = Format(
    name="ctis-search",
    registry="ctis",
    reader="json",
    title="CTIS, a page of search results",
    table="search.tsv",
    keys=(frozenset({"pagination", "data"}),),
    records=("data",),
    envelope=("pagination", "showWarning"),
    empty="an answer of the register's search without results",
    blank=frozenset({"", "-", "N/A"}),
)
SEARCH_ROW = Format(
    name="ctis-search-row",
    registry="ctis",
    reader="json",
    title="CTIS, a row of search results by itself",
    table="search.tsv",
    keys=(frozenset({"ctNumber", "trialCountries"}), frozenset({"ctNumber", "decisionDateOverall"})),
    blank=frozenset({"", "-", "N/A"}),
)
PORTAL_CSV = Format(
    name="ctis-csv",
    registry="ctis",
    reader="csv",
    title="CTIS, the portal's CSV download",
    table="portal_csv.tsv",
    columns=_CSV_COLUMNS,
    empty="a table without a row below its header",
    blank=frozenset({"", "-", "N/A"}),
)
EVALUATION = Format(
    name="ctis-evaluation",
    registry="ctis",
    reader="json",
    title="CTIS, public evaluation of an application (first portal)",
    table="evaluation.tsv",
    keys=(frozenset({"validationRfis", "partIIEvaluationList"}),),
)

FORMATS = (RETRIEVE, RETRIEVE_V1, SEARCH, SEARCH_ROW, PORTAL_CSV, EVALUATION)
