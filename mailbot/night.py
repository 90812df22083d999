"""What is done once a night about the classifier: it is looked at how it did, and it learns what there is to learn.

Training runs in a process of its own, so that mail goes on being handled, and its memory is given back.
"""

from __future__ import annotations

import subprocess
import sys

from mailbot.errors import MailbotError
from mailbot.serving import Service
from mailbot.settings import Settings
from mailbot.worker import Worker

TRAIN = (sys.executable, "-m", "mailbot.cli", "train", "--if-new", "--config")
MOST_SECONDS = 3600


class Night:
    """The night's work for one worker and the classifier it uses."""

    def __init__(self, settings: Settings, service: Service, worker: Worker) -> None:
        self._settings = settings
        self._service = service
        self._worker = worker

    def run(self) -> None:
        """Restrains the model where it was wrong too often, then trains. Raises MailbotError where that failed."""
        self._worker.oversee(self._service.version, self._service.target)
        if self._settings.classify.nightly:
            self._train()

    def _train(self) -> None:
        command = [*TRAIN, str(self._settings.folder)]
        try:
            ended = subprocess.run(  # noqa: S603 - our own command, nothing of it from outside
                command, capture_output=True, text=True, check=False, timeout=MOST_SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise MailbotError(f"training was stopped, it took more than {MOST_SECONDS} seconds") from error
        if ended.returncode != 0:
            raise MailbotError(f"training failed: {ended.stderr.strip()[-500:]}")
