"""Values for the whole trial in which the record of a country differs from the combined trial."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from trialparse.combining.origins import Origins
from trialparse.combining.parts import Part, get, is_empty
from trialparse.combining.tables import Rules
from trialparse.combining.verbs import same
from trialparse.export.json import plain
from trialparse.model import Country, Difference, Trial
from trialparse.model.building import changed


def with_differences(
    parts: Sequence[Part],
    trial: Trial,
    rules: Rules,
    origins: Origins,
    own: Mapping[int, int],
    compared: Sequence[str],
) -> tuple[Country, ...]:
    """Return the countries of a combined trial, each with the differences of its own record, and note their origins."""
    countries = list(trial.countries)
    for part in parts:
        index = own.get(part.index)
        if index is None:
            continue
        found = list(countries[index].differing)  # a copy of a record has the same differences
        for difference in _differing(part, trial, countries[index], rules, compared):
            if difference not in found:
                found.append(difference)
            number = found.index(difference)
            origins.add(f"countries[{index}].differing[{number}].value", [(part.index, difference.field)])
        countries[index] = changed(countries[index], differing=tuple(found))
    return tuple(countries)


def _differing(
    part: Part, trial: Trial, country: Country, rules: Rules, compared: Sequence[str]
) -> Iterator[Difference]:
    for field in compared:
        value = get(part.trial, field)
        if is_empty(value) or same(value, get(trial, field)):
            continue
        below = rules.of(field).country
        if not below or get(country, below) != value:
            yield Difference(field=field, value=written(value))


def written(value: Any) -> str:
    """Return a value of the model as text: a text or a term as it is, others as JSON."""
    made = plain(value)
    return made if isinstance(made, str) else json.dumps(made, ensure_ascii=False, separators=(",", ":"))
