"""Configuration, secrets and logging: what a person meets first."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from warum.domain.mode import Mode
from warum.domain.records import Basis
from warum.domain.token import TokenFault, Touch
from warum.kernel.ids import RecordId
from warum.main.config import Config, ConfigError, load_config, settings
from warum.main.logs import masked, setup_logging
from warum.main.secret_store import (
    LOGIN_ROLES,
    SecretsError,
    ensure_secrets,
    load_secrets,
    rotate_click_key,
)
from warum.main.up import child_environ

DAY_US = 86_400_000_000


def test_without_anything_set_it_is_local_and_embedded(tmp_path: Path):
    config = load_config({}, tmp_path)
    assert config.data == tmp_path / ".warum"
    assert config.database_url is None
    assert config.edge_base_url == "http://127.0.0.1:8700"
    assert config.web_base_url == "http://127.0.0.1:8701"


def test_the_environment_wins_over_the_file(tmp_path: Path):
    (tmp_path / ".warum").mkdir()
    (tmp_path / ".warum/warum.toml").write_text('edge_port = 9000\nweb_port = 9001\ntrusted_proxies = ["10.0.0.0/8"]\n')
    config = load_config({"WARUM_EDGE_PORT": "9100", "PATH": "/bin"}, tmp_path)
    assert (config.edge_port, config.web_port, config.trusted_proxies) == (9100, 9001, ("10.0.0.0/8",))


def test_a_file_elsewhere_may_name_the_data_folder(tmp_path: Path):
    (tmp_path / "my.toml").write_text('data = "here"\n')
    config = load_config({"WARUM_CONFIG": "my.toml"}, tmp_path)
    assert config.data == tmp_path / "here"
    assert config.config_file == tmp_path / "my.toml"


@pytest.mark.parametrize(
    ("environ", "text"),
    [
        ({"WARUM_EDGE_PRT": "1"}, "did you mean WARUM_EDGE_PORT?"),
        ({"WARUM_DATABSE_URL": "x"}, "did you mean WARUM_DATABASE_URL?"),
        ({"WARUM_ZZZ": "1"}, "known are WARUM_"),
        ({"WARUM_EDGE_PORT": "many"}, "WARUM_EDGE_PORT expects a whole number from 1 to 65535, not 'many'."),
        ({"WARUM_EDGE_PORT": "65536"}, "from 1 to 65535"),
        ({"WARUM_DELIVERY_ALLOW_PRIVATE": "maybe"}, "expects true or false"),
        ({"WARUM_TRUSTED_PROXIES": "10.0.0.0/99"}, "expects addresses or networks"),
        ({"WARUM_LOG_LEVEL": "loud"}, "expects one of debug, info, warning, error"),
        ({"WARUM_CONFIG": "missing.toml"}, "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said(environ: dict[str, str], text: str, tmp_path: Path):
    with pytest.raises(ConfigError) as error:
        load_config(environ, tmp_path)
    assert text in str(error.value)


@pytest.mark.parametrize(
    ("toml", "text"),
    [
        ("edge_prot = 1\n", "did you mean edge_port?"),
        ("[edge]\nport = 1\n", "there is no setting edge"),
        ("edge_port = true\n", "edge_port expects a whole number"),
        ("edge_port = \n", "is not TOML"),
        ('data = "x"\n', "cannot be set by the file in the data folder itself"),
    ],
)
def test_the_file_is_checked_the_same_way(toml: str, text: str, tmp_path: Path):
    (tmp_path / ".warum").mkdir()
    (tmp_path / ".warum/warum.toml").write_text(toml)
    with pytest.raises(ConfigError) as error:
        load_config({}, tmp_path)
    assert text in str(error.value)


def test_a_secret_value_is_neither_repeated_nor_shown(tmp_path: Path):
    with pytest.raises(ConfigError) as error:
        load_config({"WARUM_DATABASE_URL": "mysql://root:hunter2@db"}, tmp_path)
    assert "hunter2" not in str(error.value)
    config = load_config({"WARUM_DATABASE_URL": "postgresql://root:hunter2@db/x"}, tmp_path)
    assert "hunter2" not in repr(config)
    assert "hunter2" not in str(config.to_environ())


def test_a_child_reads_the_same_object_wherever_it_starts(tmp_path: Path):
    environ = {"WARUM_DATA": "d", "WARUM_TRUSTED_PROXIES": "10.0.0.0/8,::1", "WARUM_EDGE_URL": "https://go.example/"}
    config = load_config(environ, tmp_path)
    assert load_config(child_environ(config, environ), Path("/")) == config
    assert config.edge_base_url == "https://go.example"


def test_a_child_is_embedded_when_its_parent_is(tmp_path: Path):
    environ = {"WARUM_DATABASE_URL": "postgresql://db/x"}
    assert load_config(child_environ(Config(data=tmp_path), environ), tmp_path).database_url is None


def test_every_setting_explains_itself():
    for name, setting in settings().items():
        assert setting.help.endswith("."), name


def test_secrets_are_made_once_and_private(tmp_path: Path):
    data = tmp_path / "data"
    made = ensure_secrets(data, now_us=5)
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600
    assert data.stat().st_mode & 0o777 == 0o700
    again = ensure_secrets(data, now_us=6)
    assert again.master_key == made.master_key == load_secrets(data).master_key
    assert set(LOGIN_ROLES) < set(made.database_passwords)
    assert [path.name for path in data.iterdir()] == ["secrets.json"]


def test_secrets_do_not_show(tmp_path: Path):
    made = ensure_secrets(tmp_path, now_us=5)
    shown = repr(made) + str(made) + repr(made.click_keys)
    assert made.operator_api_key not in shown
    assert "b'" not in shown


def test_secrets_that_others_can_read_are_refused(tmp_path: Path):
    ensure_secrets(tmp_path, now_us=5)
    (tmp_path / "secrets.json").chmod(0o644)
    with pytest.raises(SecretsError, match="0600"):
        load_secrets(tmp_path)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": 1}', "\N{EURO SIGN}"])
def test_damaged_secrets_are_never_replaced(text: str, tmp_path: Path):
    path = tmp_path / "secrets.json"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(SecretsError):
        ensure_secrets(tmp_path, now_us=5)
    assert path.read_text() == text


def test_an_old_token_verifies_until_its_window_ends(tmp_path: Path):
    touch = Touch(
        at_us=0, link=1, allocation=2, arm=3, basis=next(iter(Basis)), mode=next(iter(Mode)), record=RecordId(1, 1, 1)
    )
    token = ensure_secrets(tmp_path, now_us=0).token_keys().token(touch)
    rotated = rotate_click_key(tmp_path, now_us=DAY_US, keep_us=30 * DAY_US)
    assert rotated.token_keys().read(token) == touch
    assert rotated.token_keys().token(touch) != token
    later = rotate_click_key(tmp_path, now_us=32 * DAY_US, keep_us=30 * DAY_US)
    assert later.token_keys().read(token) is TokenFault.UNKNOWN_KEY
    assert load_secrets(tmp_path).token_keys().token(touch) == later.token_keys().token(touch)


@pytest.fixture
def root_logging() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


@pytest.mark.usefixtures("root_logging")
def test_a_message_is_one_line_without_passwords():
    stream = io.StringIO()
    setup_logging("worker", "info", stream=stream)
    logging.getLogger("x").info("at %s\nforged line", "postgresql://app:hunter2@db/x")
    logging.getLogger("x").debug("unseen")
    (line,) = stream.getvalue().splitlines()
    time, process, level, message = line.split(" ", 3)
    assert time.endswith("Z")
    assert (process, level) == ("worker", "INFO")
    assert message == r"at postgresql://app:***@db/x\nforged line"


def test_masking():
    assert masked("host=x password=abc user=y") == "host=x password=*** user=y"
    assert masked("http://127.0.0.1:8700/c/x") == "http://127.0.0.1:8700/c/x"
