"""Code lists that registers share: forms, routes, countries, therapeutic areas."""
