"""What the study tests: treatments by substance, how they are given, and how the trial is built."""

from collections.abc import Iterator

from trialparse.model.interventions import AdvancedTherapy
from trialparse.model.terms import Allocation, CellOrigin, CellType, GeneTransfer, Masking, MissingKind, ProductRole
from trialparse.pages.article.sentences import By, entries, gap, in_title, more, quoting, sentence, worded
from trialparse.pages.details.versions import shown
from trialparse.pages.facts.titles import title_on
from trialparse.pages.facts.treatments import Treatment, therapies, treatments
from trialparse.pages.page import Block, Gap, Gloss, Paragraph, Piece, Quote, Sentence, Words, pieces
from trialparse.pages.tables import in_order, key_of
from trialparse.pages.view import View
from trialparse.pages.wording import is_code

_NAMES, _STRENGTHS, _ROLES = 4, 4, 3
"""How many names a sentence has, how many strengths of one treatment, and how many blinded parties."""


def blocks(view: View) -> Iterator[Block]:
    """Yield the blocks of the section."""
    kept = shown(view, "interventions", lambda one: (one.name or one.sponsor_code, one.role))
    found = treatments(view, kept)
    main = [one for one in found if one.role is ProductRole.TEST] or [one for one in found if one.role is None]
    therapy = tuple(_therapy(view, kept))
    named = _named(view, main) if found else _by_arms(view)
    kind = tuple(_kind(view, kept))
    doses = tuple(_doses(view))
    ways = () if doses else _given(view, main)  # by the results it can be that nothing was given
    given = (*therapy, *kind, *_duration(view, main)) if therapy else (*ways, *kind)
    others = _named(view, [one for one in found if one not in main])
    yield Paragraph((*named, *given, *doses, *others, *_regulated(view)))
    yield Paragraph(tuple(_design(view)))


def _named(view: View, found: list[Treatment]) -> Iterator[Sentence]:
    """Yield treatments by role."""
    for role in dict.fromkeys(one.role for one in found):
        of = [one for one in found if one.role is role]
        known = [one for one in of if one.name]
        first = f"interventions[{of[0].indices[0]}]"
        if role is ProductRole.PLACEBO:
            compared = view.trial.design.comparators
            none = view.missing("design.comparators") is MissingKind.NONE_STATED
            if none or (compared and not any(one.term == "PLACEBO" for one in compared)):
                by_gap: By = "design.comparators" if compared else Gap("design.comparators", MissingKind.NONE_STATED)
                yield worded(view, "tested.PLACEBO.clash", f"{first}.role", by_gap)
            else:
                yield worded(view, "tested.PLACEBO", f"{first}.role", Gloss("ProductRole.PLACEBO"))
        elif known:
            if role is ProductRole.AUXILIARY:
                known = sorted(known, key=lambda one: not _in_title(view, one))
            most = _AUXILIARIES if role is ProductRole.AUXILIARY else _NAMES
            shown_ = known[:most]
            words = view.texts.series([_name(view, one) for one in shown_])
            by: list[By] = [entries((one.field, *list(one.strengths)[:_STRENGTHS])) for one in shown_]
            key = f"tested.{role.name if role else 'open'}.{'one' if len(known) == 1 else 'other'}"
            yield worded(view, key, *by, *([f"{first}.role"] if role else []), names=words)
            yield from more(view, "treatment", [one.field for one in known[most:]])
        else:
            yield from _described(view, of[0].indices[0])


_AUXILIARIES = 6
"""How many names a sentence on what is given besides has."""


def _in_title(view: View, one: Treatment) -> bool:
    """Whether a title names a treatment."""
    titles = " ".join(getattr(view.trial, name) or "" for name in ("public_title", "scientific_title")).casefold()
    return one.name is not None and one.name.text.casefold() in titles


def _described(view: View, index: int) -> Iterator[Sentence]:
    """Yield the facts of the record on a product without a name."""
    field, product = f"interventions[{index}].description", view.trial.interventions[index]
    if product.description and product.description.strip():
        yield quoting(view, "tested.described", product.description, field)
    else:
        yield from gap(view, f"interventions[{index}].name", "name")


def _name(view: View, one: Treatment) -> tuple[Piece, ...]:
    """Return a name with its strengths."""
    name = one.name or ""
    text = name.text.casefold() if isinstance(name, Quote) else ""
    strengths: list[Words] = [words for words in one.strengths.values() if _spelt(words) not in text]
    if not strengths:
        return (name,)
    if len(strengths) > _STRENGTHS:
        rest = view.texts.count("more_item", len(strengths) - _STRENGTHS + 1)
        strengths = [*strengths[: _STRENGTHS - 1], rest]
    return view.words("tested.strengths", name=name, strengths=view.texts.series(strengths))


def _spelt(words: Words) -> str:
    """Return words as they can be part of a name."""
    return "".join(part if isinstance(part, str) else part.text for part in pieces(words)).casefold()


def _by_arms(view: View) -> Iterator[Sentence]:
    """Yield which products people were given, where a record has that for groups and not for the trial."""
    names: dict[str, tuple[str, Quote]] = {}
    groups: list[set[str]] = []
    for number, period in enumerate(view.trial.results.flow.periods):
        for arm, group in enumerate(period.arms):
            groups.append(set())
            for index, product in enumerate(group.products):
                field = f"results.flow.periods[{number}].arms[{arm}].products[{index}].name"
                words = view.quote(field)
                if words and product.name:
                    called = " ".join(product.name.split()).casefold()
                    names.setdefault(called, (field, words))
                    groups[-1].add(called)
    if names:
        first = list(names.values())[:_NAMES]
        words_of = view.texts.series([words for _, words in first])
        alike = "all" if all(group == groups[0] for group in groups) else "some"
        key = f"tested.arms.{alike}.{'one' if len(names) == 1 else 'other'}"
        yield worded(view, key, *(field for field, _ in first), names=words_of)
        yield from more(view, "treatment", [field for field, _ in list(names.values())[_NAMES:]])
    elif not view.partial:
        yield from gap(view, "interventions", "tested")


def _doses(view: View) -> Iterator[Sentence]:
    """Yield how much of the only product was given by the results: that can be nothing."""
    found: dict[str, str] = {}
    for number, period in enumerate(view.trial.results.flow.periods):
        for arm, group in enumerate(period.arms):
            for index, product in enumerate(group.products):
                if product.dose and product.dose.strip():
                    path = f"results.flow.periods[{number}].arms[{arm}].products[{index}].dose"
                    found.setdefault(" ".join(product.dose.split()), path)
    for text, path in found.items() if len(found) == 1 else ():
        yield quoting(view, "tested.dose", text, path)


_REGULATED = {
    ("drug",): "tested.fda.drug",
    ("device",): "tested.fda.device",
    ("drug", "device"): "tested.fda.both",
}
"""Keys of the sentences, by what is regulated."""


def _regulated(view: View) -> Iterator[Sentence]:
    """Yield what the United States' Food and Drug Administration regulates of it, and what it has not approved."""
    fda = view.trial.fda
    regulated = tuple(name for name in ("drug", "device") if getattr(fda, name))
    if regulated:
        yield worded(view, _REGULATED[regulated], *(f"fda.{name}" for name in regulated))
    if fda.unapproved_device:
        yield worded(view, "tested.fda.unapproved", "fda.unapproved_device")


def _therapy(view: View, kept: list[int]) -> Iterator[Sentence]:
    """Yield in plain words how an advanced therapy is made and given; each part has its fact, no fact has no part."""
    found = therapies(view, kept)
    if len(found) != 1:
        return
    path, one = next(iter(found.items()))
    clauses = dict(_clauses(view, path, one))
    if len(clauses) > 1:
        words = view.texts.series(list(clauses.values()), "clause")
        by: list[By] = [field for fields in clauses for field in fields.split(" ")]
        if one.vehicle is not None and key_of(one.vehicle) in view.texts.glossary:
            by.append(Gloss(key_of(one.vehicle)))
        yield worded(view, "retold", *by, clauses=words)


def _kind(view: View, kept: list[int]) -> Iterator[Sentence]:
    """Yield what kind of advanced therapy it is."""
    kinds = {one.type: path for path, one in therapies(view, kept).items() if one.type}
    for kind, path in kinds.items() if len(kinds) == 1 else ():
        yield worded(view, f"retold.{key_of(kind)}", f"{path}.type", Gloss(key_of(kind)))


def _clauses(view: View, path: str, one: AdvancedTherapy) -> Iterator[tuple[str, Words]]:
    """Yield what is done step by step, each with its fields parted by blanks."""
    if one.cell_origin is not None:
        stem = ".STEM" if one.cell_type is CellType.STEM else ""
        fields = [f"{path}.cell_origin", *([f"{path}.cell_type"] if stem else [])]
        yield " ".join(fields), view.words(f"retold.{key_of(one.cell_origin)}{stem}")
    if one.transfer is not None:
        gene = view.quote(f"{path}.gene")
        cells = ".cells" if one.transfer is GeneTransfer.EX_VIVO and one.cell_origin is None else ""
        key = f"retold.{key_of(one.transfer)}{cells}"
        vehicle = one.vehicle is not None and view.texts.has(f"{key}.{one.vehicle.name}")
        what = view.words("retold.gene.named", gene=gene) if gene else view.words("retold.gene")
        fields = [f"{path}.transfer", *([f"{path}.vehicle"] if vehicle else []), *([f"{path}.gene"] if gene else [])]
        yield " ".join(fields), view.words(f"{key}.{one.vehicle.name}" if one.vehicle and vehicle else key, gene=what)
    elif one.vehicle is not None and view.texts.has(f"retold.vehicle.{one.vehicle.name}"):
        gene = view.quote(f"{path}.gene")
        what = view.words("retold.gene.named", gene=gene) if gene else view.words("retold.gene")
        key = f"retold.vehicle.{one.vehicle.name}{'' if one.cell_origin else '.cells'}"
        yield f"{path}.vehicle{f' {path}.gene' if gene else ''}", view.words(key, gene=what)
    product = path.split(".", maxsplit=1)[0]
    ways = _ways(view, [int(path[path.index("[") + 1 : path.index("]")])])
    if ways:
        back = one.cell_origin is CellOrigin.AUTOLOGOUS
        what_given = "back" if back else "cells" if one.cell_origin else "product"
        if one.transfer is GeneTransfer.IN_VIVO and not one.cell_origin:
            what_given = "product"
        yield f"{product}.routes", view.words(f"retold.given.{what_given}", ways=view.texts.series(list(ways.values())))


def _ways(view: View, indices: list[int]) -> dict[str, Words]:
    """Return how some products are given, each way once, by field."""
    found: dict[str, Words] = {}
    for index in indices:
        for number, route in enumerate(view.trial.interventions[index].routes):
            field = f"interventions[{index}].routes[{number}]"
            known = f"given.{route.term}"
            text = " ".join((route.text or "").split())
            words: Words = ""
            if view.texts.has(known):
                words = view.texts.plain(known)
            elif text and not is_code(route):
                words = view.words("given.other", route=Quote(text))
            if words and words not in found.values():
                found[field] = words
    return found


def _given(view: View, found: list[Treatment]) -> Iterator[Sentence]:
    """Yield how what is tested is given, and for how long."""
    ways = dict(list(_ways(view, [index for one in found for index in one.indices]).items())[:_NAMES])
    longest = _longest(view, found)
    if not ways:
        yield from _duration(view, found)
        return
    key = f"tested.given.{'one' if len(found) == 1 else 'other'}"
    words = view.texts.series(list(ways.values()))
    if longest:
        yield worded(view, f"{key}.for", *ways, longest[0], ways=words, length=longest[1])
    else:
        yield worded(view, key, *ways, ways=words)


def _longest(view: View, found: list[Treatment]) -> tuple[str, str] | None:
    """Return how long treatment lasts at most, where all that is tested has one such time, and its field."""
    indices = [index for one in found for index in one.indices]
    lengths = {f"interventions[{index}].duration": view.trial.interventions[index].duration for index in indices}
    known = {field: length for field, length in lengths.items() if length is not None and length.unit}
    if len(set(known.values())) != 1:
        return None
    field, length = next(iter(known.items()))
    return field, view.texts.length(length)


def _duration(view: View, found: list[Treatment]) -> Iterator[Sentence]:
    """Yield how long treatment lasts at most."""
    longest = _longest(view, found)
    if longest:
        yield worded(view, "tested.duration", longest[0], length=longest[1])


def _design(view: View) -> Iterator[Sentence]:
    """Yield how many groups there are, how people come into them and who knows what, in one sentence."""
    design = view.trial.design
    clauses: list[Words] = []
    by: list[By] = []
    groups = _groups(view)
    if groups:
        number, field = groups
        form = "one" if number == 1 else "other"
        clauses.append(view.words(f"count.group.{form}", n=view.texts.number(number)))
        by.append(field)
    sorted_ = in_order(design.allocation)
    masked = in_order(design.masking)
    if len(sorted_) > 1 or len(masked) > 1:
        mixed = [f"design.{name}" for name in ("allocation", "masking") if len(getattr(design, name)) > 1]
        yield worded(view, "design.mixed", *mixed)
    elif Allocation.RANDOMISED in sorted_ or (Allocation.NON_RANDOMISED in sorted_ and not (groups and groups[0] == 1)):
        clauses.append(view.words(f"design.{key_of(sorted_[0])}"))
        by += ["design.allocation", Gloss(key_of(sorted_[0]))]
    roles = in_order(design.masked_roles) if masked and masked[0] is not Masking.OPEN else []
    roles = roles if len(roles) <= _ROLES else []  # the word for the blinding implies the number of parties
    if len(masked) == 1 and len(sorted_) < 2 and not roles:
        clauses.append(view.words(f"design.{key_of(masked[0])}"))
        by += ["design.masking", Gloss(key_of(masked[0]))]
    if clauses:
        yield sentence(view.texts.series(clauses, "clause"), by)
    if roles and len(masked) == 1:
        words = view.texts.series([view.texts.plain(f"design.{key_of(role)}") for role in roles])
        name = view.texts.plain(f"design.{key_of(masked[0])}.name")
        yield worded(
            view,
            "design.masked",
            "design.masking",
            "design.masked_roles",
            Gloss(key_of(masked[0])),
            roles=words,
            name=name,
        )
    if groups and groups[0] == 1 and Allocation.RANDOMISED in design.allocation:
        yield worded(view, "design.clash", groups[1], "design.allocation")
    if design.text and design.text.strip():
        yield quoting(view, "design.text", design.text, "design.text")
        return
    yield from _open(view, [name for name in ("allocation", "masking") if not getattr(design, name)])


def _groups(view: View) -> tuple[int, By] | None:
    """Return how many groups there are, and the field; groups of several periods are not added up."""
    trial = view.trial
    if trial.design.arms:
        return trial.design.arms, "design.arms"
    arms = [f"arms[{index}]" for index, one in enumerate(trial.arms) if one.title or one.description]
    if arms and len(trial.design.periods) < 2 and not view.several:
        return len(arms), entries(arms)
    return None


def _open(view: View, topics: list[str]) -> Iterator[Sentence]:
    """Yield that the register has no entry; where the quoted title has the answer, the sentence points there."""
    titled = {topic: field for topic in topics if (field := title_on(view, topic))}
    others = [topic for topic in topics if topic not in titled and not view.partial]
    for key, some in (("gap.title", list(titled)), ("gap.none", others)):
        open_ = [topic for topic in some if key == "gap.title" or not _never(view, topic)]
        asks = [view.texts.plain(f"ask.{topic}") for topic in open_]
        by: list[By] = [
            Gap(f"design.{topic}", view.missing(f"design.{topic}"), ask) for topic, ask in zip(open_, asks, strict=True)
        ]
        if key == "gap.none" and (len(open_) == 1 or len({view.missing(f"design.{topic}") for topic in open_}) > 1):
            for topic in open_:
                yield from gap(view, f"design.{topic}", topic)
        elif open_:
            ask = view.texts.series(list(asks), "or")
            yield (
                in_title(view, list(titled.values()), ask, by)
                if key == "gap.title"
                else worded(view, key, *by, ask=ask)
            )


def _never(view: View, topic: str) -> bool:
    field = f"design.{topic}"
    return view.missing(field) is None and (view.never(field) or not view.applies(topic))
