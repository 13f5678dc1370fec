"""Runs in the anchors' environment, by ``anchors.opened``: one line of JSON in, one line of JSON out, for the script
that is named. Whatever a library prints goes to standard error, so that it cannot stand between the answers."""

from __future__ import annotations

import json
import os
import runpy
import sys


def main(script: str) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    answer = runpy.run_path(script)["answerer"]()
    for line in sys.stdin:
        answers.write(json.dumps(answer(json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main(sys.argv[1])
