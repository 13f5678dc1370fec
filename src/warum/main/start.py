"""``warum up``: the command line of the supervisor."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from warum.main.clock import refuse_scaled
from warum.main.config import Config, ConfigError, load_config
from warum.main.entrances import first_link
from warum.main.up import run_up


def main(argv: Sequence[str]) -> int:
    """Run everything until Ctrl-C; the exit code."""
    parser = argparse.ArgumentParser(prog="warum up", description="Start everything: database, edge, worker, web.")
    parser.add_argument("--data", type=Path, help="data folder (default: WARUM_DATA, or .warum)")
    parser.add_argument("--config", type=Path, help="a warum.toml (default: WARUM_CONFIG, or the one in the folder)")
    options = parser.parse_args(argv)
    try:
        config = load_config(os.environ, Path.cwd(), file=options.config)
        if options.data is not None:
            config = replace(config, data=options.data.absolute())
        refuse_scaled(config.data)
    except ConfigError as error:
        print(f"warum up: {error}", file=sys.stderr)
        return 2
    pages = f"  Warum runs. Pages and REST API: {config.web_base_url}/   Clicks and postbacks: {config.edge_base_url}/"
    key = f"  The operator's API key stands in {config.data}/secrets.json (operator_api_key)."
    return run_up(config, os.environ, on_ready=lambda: print(f"\n{pages}\n{key}\n{_first_account(config)}", flush=True))


def _first_account(config: Config) -> str:
    link = first_link(config)
    return f"  Nobody has an account yet. Make the first one, once:  {link}\n" if link else ""
