"""A trial of CTIS in five states, typed by hand from the document."""

from collections import Counter
from typing import Any

from tests.registries.ctis.records import (
    ONGOING_RECRUITING,
    RECRUITMENT_ENDED,
    RECRUITMENT_PENDING,
    TEMPORARILY_HALTED,
    Axes,
    ages,
    amounts,
    applications,
    areas,
    axes,
    by_country,
    changed,
    codes,
    conditions,
    counts,
    dates,
    decided,
    endpoints,
    kinds_of_documents,
    numbers,
    organisations,
    planned,
    products,
    sites,
    states,
    trial,
)
from trialparse.model import Organisation
from trialparse.model.terms import (
    AgeGroup,
    Allocation,
    EndpointKind,
    EventKind,
    MaskedRole,
    Masking,
    Phase,
    ProductRole,
    Region,
    Regulatory,
    Responsibility,
    Sex,
    SponsorRole,
    TimeUnit,
)
from trialparse.model.values import Duration

# The labels of the public status (EMA/441149/2024) on the three axes
UNDER_EVALUATION: Axes = (Regulatory.UNDER_EVALUATION, None, None)


def duties(organisation: Organisation) -> list[str | None]:
    return [duty.term for duty in organisation.duties]


class TestMultinational:
    """Five states in five different stages, a halt, co-sponsor and third parties, six products in four roles."""

    def test_numbers(self) -> None:
        one = trial("multinational")
        assert one.id == "2024-590202-44-00"
        assert set(numbers(one)) == {
            ("CTIS", "2024-590202-44-00"),
            ("EudraCT", "2021-099021-35"),
            ("NCT", "NCT99990202"),
            ("ISRCTN", "ISRCTN99990202"),
            ("UTN", "U1111-9999-0202"),
            ("protocol", "INV-0202-301"),
            ("jRCT", "jRCT9999990202"),
            ("other", "999,202"),
        }
        assert len(one.identifiers) == 8
        assert one.identifiers[-1].issuer == "IND"
        assert one.transitioned is True

    def test_titles_and_their_translations(self) -> None:
        one = trial("multinational")
        assert one.public_title == "Fabulamab in adults and adolescents with invented polyarthritis"
        assert one.scientific_title is not None
        assert "adolescents with  moderate" in one.scientific_title  # the double blank is the source's
        assert [each.language for each in one.scientific_title_translations] == ["pl", "es"]
        assert [each.language for each in one.public_title_translations] == ["es", "pl"]
        assert one.public_title_translations[0].text == "Fabulamab en adultos y adolescentes con poliartritis inventada"

    def test_phase_code_5(self) -> None:
        assert trial("multinational").phases == {Phase.III}
        assert trial("multinational").phase_detail == frozenset()

    def test_design(self) -> None:
        one = trial("multinational")
        assert one.design.allocation == {Allocation.RANDOMISED, Allocation.NOT_APPLICABLE}
        assert one.design.masking == {Masking.DOUBLE, Masking.OPEN}
        assert one.design.masked_roles == {
            MaskedRole.PARTICIPANT,
            MaskedRole.INVESTIGATOR,
            MaskedRole.MONITOR,
            MaskedRole.CARER,
        }
        assert [period.masking for period in one.design.periods] == [Masking.DOUBLE, Masking.OPEN]
        assert [len(period.arms) for period in one.design.periods] == [3, 1]
        assert [arm.title for arm in one.arms] == [
            "Fabulamab + mockotrexate",
            "Mockotrexate",
            "Fabulamab alone",
            "Fabulamab",
        ]
        assert one.design.region is Region.EEA_AND_ELSEWHERE

    def test_status(self) -> None:
        one = trial("multinational")
        assert axes(one.status) == ONGOING_RECRUITING
        assert states(one) == {
            "PL": TEMPORARILY_HALTED,
            "DE": RECRUITMENT_ENDED,
            "CZ": UNDER_EVALUATION,
            "DK": RECRUITMENT_PENDING,
            "ES": ONGOING_RECRUITING,
        }

    def test_countries(self) -> None:
        one = trial("multinational")
        assert by_country(one, "planned", "first_decision", "last_decision", "reporting") == {
            "PL": (36, "2025-01-07", "2026-06-29", False),
            "DE": (48, "2024-12-19", "2026-07-02", False),
            "CZ": (None, None, None, None),
            "DK": (12, "2026-05-11", "2026-07-03", False),
            "ES": (64, "2024-12-18", "2026-06-30", True),
        }
        assert by_country(one, "start", "recruitment_start", "end") == {
            "PL": ("2022-05-09", "2022-05-30", None),
            "DE": ("2022-03-21", "2022-04-04", None),
            "CZ": (None, None, None),
            "DK": (None, None, None),
            "ES": ("2022-02-14", "2025-07-01", None),
        }
        assert [(each.term, each.text) for each in one.countries_elsewhere] == [
            ("US", "United States"),
            ("MX", "Mexico"),
            ("CH", "Switzerland"),
        ]

    def test_decisions_of_a_country_on_each_application(self) -> None:
        assert Counter(decided(trial("multinational"), "PL")) == Counter(
            [
                ("2025-01-07", Regulatory.AUTHORISED_WITH_CONDITIONS),
                ("2025-06-26", Regulatory.AUTHORISED),
                ("2025-10-14", Regulatory.AUTHORISED),
                ("2026-06-29", Regulatory.AUTHORISED),
            ]
        )
        assert ("2026-07-02", Regulatory.AUTHORISED_WITH_CONDITIONS) in decided(trial("multinational"), "DE")
        assert decided(trial("multinational"), "CZ") == []

    def test_applications(self) -> None:
        found = applications(trial("multinational"))
        assert {app: date for (kind, app), date in found.items() if kind is EventKind.SUBMISSION} == {
            "IN": "2024-11-05",
            "SM-1": "2025-04-08",
            "NSM-1": "2025-10-14",
            "AM-1": "2026-02-02",
            "SM-2": "2026-04-20",
        }
        assert {app: date for (kind, app), date in found.items() if kind is EventKind.DECISION} == {
            "IN": "2024-12-18",
            "SM-1": "2025-06-24",
            "NSM-1": "2025-10-14",
            "AM-1": "2026-05-11",
            "SM-2": "2026-06-29",
        }
        conditional = Regulatory.AUTHORISED_WITH_CONDITIONS
        assert {e.application for e in trial("multinational").events if e.decision is conditional} == {"SM-1", "SM-2"}

    def test_conditions_and_areas(self) -> None:
        one = trial("multinational")
        assert conditions(one) == [("Invented polyarthritis, moderate to severe", False)]
        assert [each.language for each in one.conditions[0].translations] == ["es", "pl"]
        assert [(code.value, code.level) for code in one.condition_codes] == [("10036030", "LLT"), ("10059176", "PT")]
        assert areas(one) == ["C05", "C20"]

    def test_products(self) -> None:
        assert products(trial("multinational")) == [
            ("Other analgesics and antipyretics", ProductRole.AUXILIARY, ["ORAL"], None),
            (
                "Fabulamab 150 mg solution for injection in pre-filled pen",
                ProductRole.TEST,
                ["SUBCUTANEOUS"],
                "SOLUTION FOR INJECTION IN PRE-FILLED PEN",
            ),
            (
                "Placebo solution for injection in pre-filled pen, matching fabulamab, without\nthe active ingredient",
                ProductRole.PLACEBO,
                ["SUBCUTANEOUS"],
                "SOLUTION FOR INJECTION IN PRE-FILLED PEN",
            ),
            ("Mockotrexate Beispiel 15 mg Tabletten", ProductRole.COMPARATOR, ["ORAL"], "TABLET"),
            ("FOLINAMOCK\r, -", ProductRole.AUXILIARY, ["ORAL"], "TABLET"),
            ("Placebo tablet for mockotrexate", ProductRole.PLACEBO, ["ORAL"], "TABLET"),
        ]

    def test_doses(self) -> None:
        pills, fabulamab, placebo, mockotrexate, vitamin, tablet = trial("multinational").interventions
        assert amounts(pills) == [(4.0, "g"), (208.0, "g")]
        assert amounts(fabulamab) == [(300.0, "mg"), (7800.0, "mg")]
        assert amounts(mockotrexate) == [(15.0, "mg"), (780.0, "mg")]
        assert amounts(vitamin) == [(5.0, "mg"), (260.0, "mg")]
        assert amounts(placebo) == amounts(tablet) == [(None, None), (None, None)]
        assert {each.duration for each in trial("multinational").interventions} == {
            Duration(value=52, unit=TimeUnit.WEEK)
        }

    def test_codes_of_products(self) -> None:
        pills, fabulamab, placebo, mockotrexate, *_ = trial("multinational").interventions
        assert {("ATC", "N02B"), ("EV", "SCP99354747")} <= codes(pills)
        assert codes(fabulamab) == {("EV", "PRD99364573")}
        assert codes(placebo) == set()
        assert codes(mockotrexate) == {
            ("ATC", "L04AX98"),
            ("EV", "PRD99283222"),
            ("MA", "EU/1/99/9901/003"),
            ("MRP", "EMEA/H/C/999901"),
        }
        assert (mockotrexate.authorised, mockotrexate.authorisation_country) == (True, "EU")

    def test_substances(self) -> None:
        named = [[each.name for each in p.substances if each.name] for p in trial("multinational").interventions]
        assert named == [[], ["FABULAMAB"], [], ["MOCKOTREXATE"], ["FOLINAMOCK"], []]

    def test_endpoints(self) -> None:
        one = trial("multinational")
        assert counts(one) == (1, 4, 12, 9)
        assert endpoints(one, EndpointKind.SECONDARY) == [
            "Change from baseline in the sample disability score at week 24, week 36 and week 52",
            "Proportion of participants in remission at week 52",
            "Number of participants with serious adverse events until week 60",
            "Trough serum concentration of fabulamab at week 24 in participants aged 12 to 17 years",
        ]

    def test_who_and_how_many(self) -> None:
        one = trial("multinational")
        assert ages(one) == (
            Sex.ALL,
            {AgeGroup.UNDER_18, AgeGroup.ADULT, AgeGroup.ELDERLY},
            {AgeGroup.ADOLESCENT, AgeGroup.ADULT, AgeGroup.AGE_65_84, AgeGroup.AGE_85_PLUS},
        )
        assert one.eligibility.vulnerable is True
        assert planned(one) == (470, 160, 310)

    def test_dates(self) -> None:
        assert dates(trial("multinational")) == {
            "submitted": "2024-11-05",
            "decision": "2024-12-18",
            "start": "2022-02-14",
            "estimated_recruitment_start": "2021-10-01",
            "estimated_end": "2027-09-30",
            "estimated_global_end": "2027-12-15",
            "published": "2026-10-29",
        }

    def test_sponsors(self) -> None:
        one = trial("multinational")
        assert organisations(one) == [
            ("INVENTA Pharma Example A/S", SponsorRole.PRIMARY, "PHARMACEUTICAL_COMPANY", "DK"),
            ("Fundación Ejemplo Reumatología", SponsorRole.CO_SPONSOR, "EDUCATIONAL_INSTITUTION", "ES"),
            ("Imaginary Central Laboratory B.V.", SponsorRole.THIRD_PARTY, "LABORATORY", "NL"),
            ("Mock Data Services Limited", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "GB"),
            ("Pretend Monitoring S.A.", SponsorRole.THIRD_PARTY, "PHARMACEUTICAL_COMPANY", "FR"),
        ]
        assert [each.commercial for each in one.sponsors] == [True, False, True, True, True]
        assert one.sponsors[0].responsibilities == set(Responsibility)
        assert [each.responsibilities for each in one.sponsors[1:]] == 4 * [frozenset()]

    def test_duties_of_third_parties(self) -> None:
        laboratory, services, monitors = trial("multinational").sponsors[2:]
        assert duties(laboratory) == ["LABORATORY_ANALYSIS"]
        assert duties(services) == ["DATA_MANAGEMENT", "ELECTRONIC_DATA_CAPTURE", "INTERACTIVE_RESPONSE"]
        assert duties(monitors) == ["ON_SITE_MONITORING", "OTHER", "SAFETY_REPORTING"]
        assert monitors.duties[1].text == "Home nursing and training in self-injection"

    def test_sites(self) -> None:
        one = trial("multinational")
        assert Counter(site.country for site in one.sites) == Counter(DK=1, ES=2, PL=1, DE=2)
        assert ("Szpital Kliniczny w Przykładowie", "PL") in sites(one)
        assert ("Clínica Muestra Del Sur", "ES") in sites(one)

    def test_documents_and_what_else_there_is(self) -> None:
        one = trial("multinational")
        assert Counter(kinds_of_documents(one)) == Counter(
            PROTOCOL=1, PROTOCOL_SYNOPSIS=3, RECRUITMENT_ARRANGEMENTS=4, SUBJECT_INFORMATION_AND_CONSENT=8
        )
        assert len({each.id for each in one.documents}) == 16
        assert one.paediatric_plans == ("EMEA-999202-PIP01-21",)
        assert one.scientific_advice == ("European Medicines Agency",)
        assert one.funding == ("INVENTA Pharma Example A/S", "Fundación Ejemplo Reumatología")
        assert [(each.text is not None, each.pubmed, each.url) for each in one.publications] == [
            (True, None, None),
            (False, "99990202", None),
            (False, None, "https://example.org/pubmed/99990202"),
        ]
        assert one.results.postings == ()
        assert one.missing == ()

    def test_associated_trial(self) -> None:
        (other,) = trial("multinational").associated_trials
        assert other.title == "A phase 2 dose-finding study of fabulamab in invented polyarthritis"
        assert other.identifier is not None
        assert (other.identifier.scheme, other.identifier.value) == ("EudraCT", "2019-099011-11")


class TestMultinationalInDetail:
    """What stands below the headlines of a record is read too: translations, periods, arms, origins, contacts."""

    def test_translations(self) -> None:
        one = trial("multinational")
        assert [(each.language, each.text) for each in one.objectives[0].translations] == [
            ("es", "Demostrar que fabulamab con mockotrexato es superior a mockotrexato solo en la semana 24."),
            ("pl", "Wykazanie wyższości fabulamabu z mokotreksatem nad samym mokotreksatem w 24. tygodniu."),
        ]
        assert [(each.language, each.text) for each in one.objectives[1].translations] == [
            ("pl", "Ocena bezpieczeństwa fabulamabu."),
            ("es", "Evaluar la seguridad de fabulamab."),
        ]
        assert [each.language for each in one.endpoints[0].translations] == ["pl", "es"]
        second = one.eligibility.criteria[1]
        assert second.text == "Age 12 years or over at the time of consent."
        assert [(each.language, each.text) for each in second.translations] == [
            ("pl", "Wiek co najmniej 12 lat w chwili wyrażenia zgody."),
            ("es", "Edad de 12 años o más en el momento del consentimiento."),
        ]

    def test_a_language_without_its_name(self) -> None:
        def nameless(made: Any) -> None:
            part = made["authorizedApplication"]["authorizedPartI"]["trialDetails"]
            for each in part["clinicalTrialIdentifiers"]["fullTitleTranslations"]:
                del each["languageDescription"]

        found = changed("multinational", nameless).scientific_title_translations
        assert found == trial("multinational").scientific_title_translations

    def test_periods(self) -> None:
        blind, extension = trial("multinational").design.periods
        assert (blind.allocation, extension.allocation) == (Allocation.RANDOMISED, Allocation.NOT_APPLICABLE)
        assert (len(blind.masked_roles), extension.masked_roles) == (4, frozenset())
        assert blind.description == "24 weeks, randomised 2:1:1, double-dummy."
        assert blind.arms + extension.arms == trial("multinational").arms
        assert [arm.description for arm in trial("multinational").arms] == [
            "Fabulamab 150 mg every week by injection under the skin and mockotrexate tablets once a week",
            "Mockotrexate tablets and placebo injections",
            "Fabulamab injections and placebo tablets",
            "Fabulamab 150 mg every week",
        ]

    def test_names_of_countries(self) -> None:
        assert {each.name for each in trial("multinational").countries} == {
            "Poland",
            "Germany",
            "Czechia",
            "Denmark",
            "Spain",
        }

    def test_products(self) -> None:
        pills, fabulamab, _, mockotrexate, vitamin, _ = trial("multinational").interventions
        assert [each.modified for each in trial("multinational").interventions] == [
            False,
            None,
            None,
            False,
            False,
            None,
        ]
        assert [each.origin for each in fabulamab.substances] == ["Protein - Other"]
        assert {each.origin for each in (*mockotrexate.substances, *vitamin.substances)} == {"Chemical"}
        assert (pills.other_characteristic, fabulamab.other_characteristic) == ("analgesic", "Monoclonal antibody")
        assert (fabulamab.sponsor_code, fabulamab.holder) == ("INV-0202", "INVENTA PHARMA EXAMPLE A/S")
        assert fabulamab.manufacturing == "IMPX99002/00004"

    def test_codes_and_their_labels(self) -> None:
        pills, _, _, mockotrexate, *_ = trial("multinational").interventions
        found = [(each.value, each.label, each.level) for each in pills.codes if each.system == "ATC"]
        found += [(each.value, each.label, each.level) for each in mockotrexate.codes if each.system == "ATC"]
        assert found == [("N02B", "OTHER ANALGESICS AND ANTIPYRETICS", "3"), ("L04AX98", "MOCKOTREXATE", "5")]
        assert ("EV", "SUB99144") in codes(pills)

    def test_addresses(self) -> None:
        assert [(each.address, each.city, each.postcode) for each in trial("multinational").sponsors] == [
            ("Opdigtet Allé 3", "Eksempelkøbing", "0000"),
            ("Calle De La Muestra 22", "Villaejemplo", "00022"),
            ("Verzonnenweg 9", "Voorbeeldstad", "0000 AB"),
            ("1 Placeholder Lane", "Sampleton", "ZZ99 9ZZ"),
            ("Rue De L'Exemple 7", "Exempleville", "99000"),
        ]
        (spanish,) = [each for each in trial("multinational").sites if each.city == "Puerto Modelo"]
        assert spanish.address == "Plaza Supuesta 4, Edificio B"

    def test_contacts(self) -> None:
        primary, other, laboratory, *_ = trial("multinational").sponsors
        assert [(each.name, each.email) for each in primary.contacts] == [
            ("Clinical Trial Information Desk", "trials@example.org"),
            ("Dr Fanny Fictitious", "fanny.fictitious@example.org"),
        ]
        assert [each.name for each in other.contacts] == ["Oficina de ensayos", "Paz Imaginaria"]
        assert [(each.email, each.phone) for each in laboratory.contacts] == [("lab@example.eu", "+99 000 202 0003")]
        assert Counter(each.name for each in trial("multinational").contacts) == Counter(
            each.name for sponsor in (primary, other) for each in sponsor.contacts
        )
