"""The first steps with one's own mailbox, typed as the pages say, on real servers."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import Authority, Dovecot, SmtpSink

MAIL = b"""From: Pat Ron <pat@example.com>\r
To: ask@library.example\r
Subject: Renewal\r
Message-ID: <first@example.com>\r
Date: Mon, 01 Feb 2027 10:00:00 -0600\r
\r
How can I renew the two cookbooks that are due on Friday? My card is new.\r
"""


def mailbot(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a shell would do with `mailbot WORDS`."""
    program = [sys.executable, "-c", "from mailbot.cli import main; main()", *words]
    environ = {**os.environ, "ASK_PASSWORD": "secret", "MAILBOT_CONFIG": str(folder / "myconfig")}
    environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    return subprocess.run(program, cwd=folder, env=environ, capture_output=True, text=True, check=False, timeout=300)


def fill_in(folder: Path, dovecot: Dovecot, user: str, smtp: SmtpSink, authority: Authority) -> None:
    """Writes into the blank configuration what a mail provider's page would say."""
    path = folder / "myconfig" / "mailbot.toml"
    text = path.read_text(encoding="utf-8")
    for name, value in (
        ("<Your Public Library>", "Hillside Public Library"),
        ("imap.library.example", f'localhost"\nport = {dovecot.imaps_port}\nca_file = "{authority.ca_file}'),
        ("smtp.library.example", f'localhost"\nport = {smtp.port}\nca_file = "{authority.ca_file}'),
        ('user = "ask@library.example"', f'user = "{user}"'),
    ):
        assert name in text
        text = text.replace(name, value)
    path.write_text(text, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_from_nothing_to_the_first_answered_patron(
    tmp_path: Path, dovecot: Dovecot, user: str, authority: Authority
) -> None:
    dovecot.put(user, MAIL)
    assert mailbot(tmp_path, "init", "myconfig").returncode == 0
    refused = mailbot(tmp_path, "init", "myconfig")
    assert (refused.returncode, len(refused.stderr.splitlines())) == (1, 1)

    with SmtpSink(authority, user=user) as smtp:
        fill_in(tmp_path, dovecot, user, smtp, authority)
        checked = mailbot(tmp_path, "check")
        assert checked.returncode == 0, checked.stdout + checked.stderr
        assert "1 in the inbox" in checked.stdout

        rehearsed = mailbot(tmp_path, "run", "--dry-run")
        assert rehearsed.returncode == 0, rehearsed.stderr
        assert "pat@example.com" in rehearsed.stdout
        assert (smtp.received, len(dovecot.messages(user))) == ([], 1)

        done = mailbot(tmp_path, "run", "--once")
        assert done.returncode == 0, done.stderr
        written_to = sorted(address for mail in smtp.received for address in mail.recipients)
        assert len(written_to) == 2
        assert "pat@example.com" in written_to
        assert dovecot.messages(user) == []

    status = mailbot(tmp_path, "status")
    assert status.returncode == 0
    assert "the sums agree: 1 received" in status.stdout
    (ref,) = re.findall(r"^(\S+)  open", mailbot(tmp_path, "cases").stdout, re.MULTILINE)
    assert "pat@example.com" in mailbot(tmp_path, "cases", "show", ref).stdout


def test_a_mistake_is_one_line_that_names_file_key_and_cure(tmp_path: Path) -> None:
    mailbot(tmp_path, "init", "myconfig")
    path = tmp_path / "myconfig" / "mailbot.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("country =", "contry ="), encoding="utf-8")
    for command in ("check", "status", "run"):
        said = mailbot(tmp_path, command)
        assert (said.returncode, said.stdout) == (1, "")
        assert re.fullmatch(r'mailbot: \S+/mailbot.toml: \[library\] contry: .*"country"\?\n', said.stderr), said.stderr
