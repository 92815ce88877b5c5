"""Settings: options over variables over defaults; one line when one cannot be used."""

import pytest

from tutor.errors import SettingsError
from tutor.settings import Settings, read_settings


def test_options_win_over_variables(monkeypatch):
    monkeypatch.setenv("TUTOR_PORT", "8001")
    assert read_settings().port == 8001
    assert read_settings(port=8002).port == 8002
    assert read_settings(port=None).port == 8001


@pytest.mark.parametrize(
    ("name", "value"), [("port", "0"), ("port", "many"), ("threads", "-1"), ("hub", "perhaps")]
)
def test_a_value_that_cannot_be_used_is_named(monkeypatch, name, value):
    monkeypatch.setenv(f"TUTOR_{name.upper()}", value)
    with pytest.raises(SettingsError, match=f"TUTOR_{name.upper()}"):
        read_settings()


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        read_settings().port = 1  # type: ignore[misc]


def test_every_setting_is_described():
    for name, field in Settings.model_fields.items():
        assert field.description, name


def test_the_key_is_not_printed():
    assert "hunter2" not in repr(read_settings(endpoint_key="hunter2"))
