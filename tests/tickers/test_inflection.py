"""The cases of Russian names."""

from __future__ import annotations

import pytest

from signals.tickers.inflection import declined


@pytest.mark.parametrize(
    ("name", "forms"),
    [
        ("Газпром", "Газпром Газпрома Газпрому Газпромом Газпроме"),
        ("Роснефть", "Роснефть Роснефти Роснефтью"),
        ("Норникель", "Норникель Норникеля Норникелю Норникелем Норникеле"),
        ("Система", "Система Системы Системе Систему Системой"),
        ("Россети", "Россети Россетей Россетям Россетями Россетях"),
        ("ЛУКОЙЛ", "ЛУКОЙЛ ЛУКОЙЛа ЛУКОЙЛу ЛУКОЙЛом"),
        ("Детский мир", "Детского мира"),
        ("Московская биржа", "Московской биржей"),
        ("Газпром нефть", "Газпром нефти"),
        ("Мать и дитя", "Мать и дитя"),
        ("Яндекс Cloud", "Яндекса Cloud"),
    ],
)
def test_a_russian_name_has_its_cases(name: str, forms: str) -> None:
    expected = {forms} if " " in name else set(forms.split())
    assert expected <= declined(name)
    assert name in declined(name)


@pytest.mark.parametrize("name", ["Gazprom", "ВТБ", "НЛМК", ""])
def test_a_latin_name_or_an_abbreviation_does_not_decline(name: str) -> None:
    assert declined(name) == {name}
