"""Runs checkov with the adapter over a folder, in checkov's own environment; prints failures and what was seen."""

import json
import os
import sys


def main() -> None:
    """``run_checkov.py CHECKS FOLDER``: JSON with ``failed`` (id, file, kind, message), ``passed`` and ``ids``."""
    os.environ["CHECKOV_PARALLELIZATION_TYPE"] = "none"
    from checkov.kubernetes.runner import Runner
    from checkov.runner_filter import RunnerFilter

    checks, folder = sys.argv[1:]
    filters = RunnerFilter(framework=["kubernetes"], checks=["CKV_KAITO_*"], show_progress_bar=False)
    report = Runner().run(root_folder=folder, external_checks_dir=[checks], runner_filter=filters)
    row = lambda one: [one.check_id, os.path.basename(one.file_path), one.check_name]  # noqa: E731
    json.dump(
        {"failed": [row(one) for one in report.failed_checks], "passed": [row(one) for one in report.passed_checks]},
        sys.stdout,
    )
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
