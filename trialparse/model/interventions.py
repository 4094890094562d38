"""Products and other interventions: what they are, what is in them, how they are given."""

import attrs

from trialparse.model.terms import (
    CellOrigin,
    CellType,
    GeneTransfer,
    GeneVehicle,
    InterventionType,
    ProductRole,
    TherapyType,
)
from trialparse.model.values import Code, Coded, Duration, record


@record
class Concentration:
    """How much of a substance a product holds (EudraCT D.3.10)."""

    type: Coded | None = None
    """How the numbers are meant: exactly, up to, at least, or a range."""
    number: str | None = None
    """The number or numbers in the words of the source; sponsors write `20 to 100` and `8X10^11`."""
    low: float | None = None
    """The number, or the lower one of two; None where the words are no plain number."""
    high: float | None = None
    """The upper one of two."""
    unit: Coded | None = None
    """The unit; its term is a UCUM code."""


@record
class Substance:
    """An active substance."""

    name: str | None = None
    """Name of the substance."""
    sponsor_code: str | None = None
    """The sponsor's code for the substance."""
    description: str | None = None
    """What the source says about it."""
    formula: str | None = None
    """Molecular formula."""
    concentration: Concentration = attrs.field(factory=Concentration)
    """Its concentration in the product."""
    strength: str | None = None
    """Strength in the words of the source."""
    synonyms: tuple[str, ...] = ()
    """Other names of the substance."""
    origin: str | None = None
    """Where it comes from, in the words of the source."""
    codes: tuple[Code, ...] = ()
    """EudraVigilance, CAS and UNII codes."""


@record
class Dose:
    """An upper limit of a dose."""

    amount: float | None = None
    """How much at the most."""
    unit: Coded | None = None
    """The unit; its term is a UCUM code."""


@record
class Dosing:
    """A dose as the EudraCT form asks for it (D.3.6)."""

    text: str | None = None
    """The dose in the words of the source."""
    basis: str | None = None
    """Whether it is a dose a day or in all, as the source answers; which answer says which is not published."""
    number: str | None = None
    """How much in all, in the words of the source."""
    unit: Coded | None = None
    """The unit of the number."""
    route: Coded | None = None
    """The route by which it is given; its term is an EDQM standard term in capitals."""


@record
class AdvancedTherapy:
    """What makes a product an advanced therapy (Regulation (EC) 1394/2007)."""

    type: TherapyType | None = None
    """Gene therapy, somatic cell therapy or tissue engineered product."""
    cell_origin: CellOrigin | None = None
    """Where the cells come from."""
    cell_type: CellType | None = None
    """Kind of cell."""
    cell_detail: str | None = None
    """More about the cells, in the words of the source."""
    species: str | None = None
    """Species of origin, for cells from animals."""
    transfer: GeneTransfer | None = None
    """Where genes are transferred."""
    vehicle: GeneVehicle | None = None
    """What carries the gene."""
    nucleic_acid: bool | None = None
    """Whether it is a nucleic acid that carries the gene, naked or complexed (EudraCT D.5.4.1)."""
    vehicle_detail: str | None = None
    """More about what carries the gene, in the words of the source."""
    gene: str | None = None
    """Gene of interest."""
    genetically_modified: bool | None = None
    """Whether it holds or is a genetically modified organism."""
    modified_cells: str | None = None
    """Kind of the genetically modified cells, in the words of the source."""
    description: str | None = None
    """Description in the words of the source."""
    classification: str | None = None
    """Reference of the classification by the Committee for Advanced Therapies."""


@record
class Device:
    """A medical device used with a product."""

    name: str | None = None
    """Trade name."""
    type: Coded | None = None
    """Kind of device (EMA list 85)."""
    combination: Coded | None = None
    """How it goes with the product (EMA list 86)."""
    description: str | None = None
    """Description in the words of the source."""
    implantable: bool | None = None
    """Whether it is implanted."""
    contains: tuple[Coded, ...] = ()
    """What the product holds besides: a device, biomaterials, scaffolds, matrices, something else (EudraCT D.7.4)."""
    other_content: str | None = None
    """The content meant by `OTHER`, in the words of the source."""
    ce_marked: bool | None = None
    """Whether it carries a CE mark."""
    notified_body: str | None = None
    """The notified body."""


@record
class Intervention:
    """A product or other intervention under study (TRDS 13)."""

    name: str | None = None
    """Name, in the words of the source."""
    number: str | None = None
    """Its number in the register's list; EudraCT numbers products anew in each country."""
    synonyms: tuple[str, ...] = ()
    """Other names."""
    arms: tuple[str, ...] = ()
    """Titles of the arms whose participants get it, as `Trial.arms` has them."""
    trade_name: str | None = None
    """Name under which it is sold."""
    type: InterventionType | None = None
    """Kind of intervention."""
    role: ProductRole | None = None
    """Role of the product in the trial."""
    description: str | None = None
    """What the source says about it."""
    sponsor_code: str | None = None
    """The sponsor's code for the product."""
    substances: tuple[Substance, ...] = ()
    """Active substances."""
    codes: tuple[Code, ...] = ()
    """ATC, EudraVigilance, marketing authorisation and other codes of the product."""
    strength: str | None = None
    """Strength in the words of the source."""
    form: Coded | None = None
    """Pharmaceutical form; its term is an EDQM standard term in capitals."""
    authorised_form: Coded | None = None
    """Authorised form, where the register records it separately from the form that is given."""
    routes: tuple[Coded, ...] = ()
    """Routes of administration; terms are EDQM standard terms in capitals."""
    daily_dose: Dose = attrs.field(factory=Dose)
    """Highest dose a day."""
    total_dose: Dose = attrs.field(factory=Dose)
    """Highest dose in all."""
    duration: Duration | None = None
    """Longest time of treatment."""
    duration_text: str | None = None
    """Longest time of treatment, in the words of the source."""
    first_dose: Dosing = attrs.field(factory=Dosing)
    """First dose, for a first administration to humans (EudraCT D.3.6.1)."""
    maximum_dose: Dosing = attrs.field(factory=Dosing)
    """Highest dose (EudraCT D.3.6.2)."""
    mode_of_action: str | None = None
    """How it works, in the words of the source."""
    first_in_human: bool | None = None
    """Whether it is given to humans for the first time."""
    risk_factors: str | None = None
    """Risk factors of a first administration to humans, in the words of the source."""
    identified_by: tuple[Coded, ...] = ()
    """What identifies a product without a name: a substance, products of the site, an ATC group (EudraCT D.2.2)."""
    other_identification: str | None = None
    """The identification meant by `OTHER`, in the words of the source."""
    dossier: tuple[Coded, ...] = ()
    """What the application has on it: a full or simplified dossier, the product characteristics (EudraCT D.2.3)."""
    used_before: bool | None = None
    """Whether it was in a trial that had been authorised in the Community before (EudraCT D.2.4)."""
    used_before_in: tuple[Coded, ...] = ()
    """The member states in which it was, by ISO 3166-1 alpha-2 code."""
    scientific_advice: bool | None = None
    """Whether there was scientific advice on it (EudraCT D.2.6)."""
    scientific_advice_from: tuple[Coded, ...] = ()
    """Who gave the advice."""
    named_by: Coded | None = None
    """Whether it is named as a product, by its substance or by an ATC code (EMA list 142); not its role."""
    chemical: bool | None = None
    """Whether all its substances are chemicals."""
    modified: bool | None = None
    """Whether it was changed from what its marketing authorisation covers."""
    modification: str | None = None
    """How it was changed, in the words of the source."""
    authorised_here: bool | None = None
    """Whether the marketing authorisation is that of the country which the record is for."""
    authorisation_country: str | None = None
    """`EU`, or the country of the marketing authorisation, in the words of the source."""
    authorised: bool | None = None
    """Whether the product has a marketing authorisation."""
    holder: str | None = None
    """Holder of the marketing authorisation, or maker."""
    manufacturing: str | None = None
    """Manufacturing or import authorisation."""
    characteristics: tuple[Coded, ...] = ()
    """Properties of the product (EMA list 47)."""
    other_characteristic: str | None = None
    """The property meant by `OTHER`, in the words of the source."""
    orphan: bool | None = None
    """Whether it has an orphan designation."""
    orphan_number: str | None = None
    """Number of the orphan designation (EU/3/...)."""
    paediatric: bool | None = None
    """Whether it is made for children."""
    no_dossier_reason: str | None = None
    """Why the application holds no dossier of the product, in the words of the source."""
    advanced_therapy: bool | None = None
    """Whether the source calls it an advanced therapy; the first portal of CTIS denies it of gene-modified cells."""
    advanced_therapies: tuple[AdvancedTherapy, ...] = ()
    """What makes it an advanced therapy."""
    advanced_therapy_classification: str | None = None
    """What the Committee for Advanced Therapies classified it as, and the reference."""
    gmo_authorised: bool | None = None
    """Whether the release of the genetically modified organism in it has been authorised."""
    gmo_pending: bool | None = None
    """Whether that authorisation has been asked for."""
    with_device: bool | None = None
    """Whether the source says that devices are used with it."""
    devices: tuple[Device, ...] = ()
    """Devices used with it."""
