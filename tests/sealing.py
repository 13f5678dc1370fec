"""The vault of tests that have no data folder of their own."""

from __future__ import annotations

import os

from warum.domain.sealing import Sealer
from warum.domain.vault import Vault

VAULT = Vault(Sealer(bytes(32)), os.urandom)
