"""Configuration: one frozen object, read once from ``warum.toml`` and the environment; the environment wins.

Each setting is one line of the table ``Config``: its default, how its text is read, and a help text, from which the
reference page is made. A key nobody knows is an error that names the nearest one, since a misspelt setting that is
silently ignored costs somebody an afternoon."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Final, TypeVar, cast, get_type_hints

ENV_PREFIX: Final = "WARUM_"
ENV_CONFIG: Final = "WARUM_CONFIG"
ENV_SUPERVISED: Final = "WARUM_SUPERVISED"
"""Set by the supervisor for its children: their lines already carry a name."""
ENV_SHARED_DATA: Final = "WARUM_SHARED_DATA"
"""Where benchmarks and tests find real data; no setting of an installation, and none of its processes minds it."""

FILE_NAME: Final = "warum.toml"

_T = TypeVar("_T")


class ConfigError(Exception):
    """The configuration cannot be used. The text is for the person who wrote it."""


# How the text of a setting is read: each takes what TOML or the environment holds and raises ValueError saying what
# is expected.


def _text(raw: object) -> str:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("expects text")
    return raw.strip()


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(raw: object) -> int:
        try:
            value = int(raw) if isinstance(raw, str) else raw
        except ValueError:
            value = None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"expects a whole number from {low} to {high}")
        return value

    return read


def _flag(raw: object) -> bool:
    word = raw.strip().lower() if isinstance(raw, str) else raw
    if word in (True, "true", "yes", "on", "1"):
        return True
    if word in (False, "false", "no", "off", "0"):
        return False
    raise ValueError("expects true or false")


def _one_of(*words: str) -> Callable[[object], str]:
    def read(raw: object) -> str:
        word = raw.strip().lower() if isinstance(raw, str) else ""
        if word not in words:
            raise ValueError("expects one of " + ", ".join(words))
        return word

    return read


def _folder(raw: object) -> Path:
    return Path(_text(raw)).expanduser()


def _database_url(raw: object) -> str:
    text = _text(raw)
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("expects postgresql://user:password@host:port/database")
    return text


_port: Final = _whole(1, 65535)


def _networks(raw: object) -> tuple[str, ...]:
    words = _text(raw).split(",") if isinstance(raw, str) and raw.strip() else raw or ()
    if not isinstance(words, list | tuple):
        words = (words,)
    try:
        return tuple(str(ip_network(str(word).strip())) for word in cast(Sequence[object], words))
    except ValueError:
        raise ValueError("expects addresses or networks such as 10.0.0.0/8, separated by commas") from None


def _optional(read: Callable[[object], _T]) -> Callable[[object], _T | None]:
    """An empty text means: not set."""

    def read_or_none(raw: object) -> _T | None:
        return None if raw == "" else read(raw)

    return read_or_none


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the reference: how the raw value is read, and what it is for."""

    read: Callable[[object], object]
    help: str
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Every setting. In the environment it is called WARUM_ and its name in capitals."""

    data: Annotated[Path, Setting(_folder, "Folder with everything that must not be lost.")] = Path(".warum")
    database_url: Annotated[
        str | None,
        Setting(
            _optional(_database_url),
            "A PostgreSQL of your own, version 16 or newer, as a role that may create roles. Not set: an embedded one.",
            secret=True,
        ),
    ] = field(default=None, repr=False)
    socket_folder: Annotated[
        Path | None,
        Setting(_optional(_folder), "Folder for the socket of the embedded PostgreSQL. Not set: a short one in /tmp."),
    ] = None
    edge_host: Annotated[str, Setting(_text, "Address on which clicks and postbacks are taken.")] = "127.0.0.1"
    edge_port: Annotated[int, Setting(_port, "Port on which clicks and postbacks are taken.")] = 8700
    edge_processes: Annotated[int, Setting(_whole(1, 256), "Edge processes; more than one per core does not help.")] = 1
    edge_url: Annotated[
        str | None,
        Setting(_optional(_text), "Address of the edge as visitors see it. Not set: made from host and port."),
    ] = None
    web_host: Annotated[str, Setting(_text, "Address of the REST API and the pages.")] = "127.0.0.1"
    web_port: Annotated[int, Setting(_port, "Port of the REST API and the pages.")] = 8701
    trusted_proxies: Annotated[
        tuple[str, ...], Setting(_networks, "Networks of proxies whose X-Forwarded-For is believed.")
    ] = ()
    delivery_allow_private: Annotated[
        bool,
        Setting(
            _flag,
            "Whether postbacks and receipts may go to private addresses, receipts without TLS, too. Off in production.",
        ),
    ] = False
    bot_interval_s: Annotated[
        int, Setting(_whole(1, 86_400), "Seconds between two rounds of the bots; a round looks at every offer.")
    ] = 300
    journal_keep_days: Annotated[
        int,
        Setting(
            _whole(1, 36_500),
            "Days that the journal is kept after its last reader. Backups of the database must be younger than that.",
        ),
    ] = 30
    sub_id_keep_days: Annotated[
        int,
        Setting(
            _whole(1, 36_500),
            "Days that publishers' sub ids can be read; then the day's key is deleted, and with it what it sealed.",
        ),
    ] = 180
    log_origin: Annotated[
        str | None,
        Setting(
            _optional(_text),
            "Name under which the log of receipts is known, such as log.network.example. Set it before the first "
            "start, or never: partners know the log by it. Not set: made from its key.",
        ),
    ] = None
    log_policy: Annotated[
        Path | None,
        Setting(
            _optional(_folder),
            "File (C2SP tlog-policy) that names the witnesses of the log and where they are asked to cosign.",
        ),
    ] = None
    log_level: Annotated[
        str,
        Setting(_one_of("debug", "info", "warning", "error"), "The least important lines that are still logged."),
    ] = "info"
    config_file: Path | None = None
    """The file that was read; not a setting."""

    @property
    def edge_base_url(self) -> str:
        """Where links point to, without a slash at the end."""
        return (self.edge_url or f"http://{_host_in_url(self.edge_host)}:{self.edge_port}").rstrip("/")

    @property
    def web_base_url(self) -> str:
        """Where the pages are, without a slash at the end."""
        return f"http://{_host_in_url(self.web_host)}:{self.web_port}"

    def to_environ(self) -> dict[str, str]:
        """The variables that give a child process this same object. Secret settings stay out: a child reads them from
        the same file or inherits the same variable."""
        environ = {
            ENV_PREFIX + name.upper(): _as_text(getattr(self, name))
            for name, setting in settings().items()
            if not setting.secret
        }
        if self.config_file is not None:
            environ[ENV_CONFIG] = str(self.config_file)
        return environ


def settings() -> Mapping[str, Setting]:
    """The table behind ``Config`` by name, in its order, for the reference page."""
    return _SETTINGS


def load_config(environ: Mapping[str, str], cwd: Path, *, file: Path | None = None) -> Config:
    """The configuration of this process.

    Args:
        environ: variables; those that begin with WARUM_ count.
        cwd: the folder that relative paths start from.
        file: a ``warum.toml``; otherwise WARUM_CONFIG names it, otherwise the one in the data folder is read.

    Raises:
        ConfigError: an unknown key or a value that cannot be used, in words.
    """
    from_environ = _from_environ(environ)
    named = file or (Path(environ[ENV_CONFIG]) if environ.get(ENV_CONFIG) else None)
    if named is not None:
        path = (cwd / named.expanduser()).absolute()
        from_file = _from_file(path)
    else:
        data: object = from_environ.get("data", Path(".warum"))
        assert isinstance(data, Path)
        path = (cwd / data).absolute() / FILE_NAME
        from_file = _from_file(path) if path.is_file() else {}
        if "data" in from_file:
            raise ConfigError(f"{path}: data cannot be set by the file in the data folder itself.")
    values = {**from_file, **from_environ}
    config = Config(**values, config_file=path if named is not None or path.is_file() else None)  # pyright: ignore[reportArgumentType]
    # Paths are made absolute, so that children which start elsewhere mean the same folders.
    socket_folder = None if config.socket_folder is None else (cwd / config.socket_folder).absolute()
    log_policy = None if config.log_policy is None else (cwd / config.log_policy).absolute()
    return replace(config, data=(cwd / config.data).absolute(), socket_folder=socket_folder, log_policy=log_policy)


def _from_environ(environ: Mapping[str, str]) -> dict[str, object]:
    names = {ENV_PREFIX + name.upper(): name for name in settings()}
    for key in environ:
        if key.startswith(ENV_PREFIX) and key not in names and key not in (ENV_CONFIG, ENV_SUPERVISED, ENV_SHARED_DATA):
            raise ConfigError(_unknown("environment", key, [*names, ENV_CONFIG], prefix=ENV_PREFIX))
    return {name: _read(name, environ[key], key) for key, name in names.items() if key in environ}


def _from_file(path: Path) -> dict[str, object]:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}.") from error
    for key in raw:
        if key not in settings():
            raise ConfigError(_unknown(str(path), key, settings()))
    return {key: _read(key, value, f"{path}: {key}") for key, value in raw.items()}


def _read(name: str, raw: object, where: str) -> object:
    setting = settings()[name]
    try:
        return setting.read(raw)
    except ValueError as error:
        # A secret value is not repeated: the text may end in a log.
        shown = "" if setting.secret else f", not {raw!r}"
        raise ConfigError(f"{where} {error}{shown}.") from None


def _unknown(where: str, key: str, known: Iterable[str], *, prefix: str = "") -> str:
    # The prefix that all share would make every key look like any other.
    bare = sorted(name.removeprefix(prefix) for name in known)
    near = get_close_matches(key.removeprefix(prefix), bare, n=1, cutoff=0.6)
    advice = f"did you mean {prefix}{near[0]}?" if near else f"known are {', '.join(prefix + name for name in bare)}."
    return f"{where}: there is no setting {key}; {advice}"


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ",".join(str(part) for part in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value)


def _host_in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


_SETTINGS: Final = {
    name: setting
    for name, hint in get_type_hints(Config, include_extras=True).items()
    for setting in getattr(hint, "__metadata__", ())
    if isinstance(setting, Setting)
}
