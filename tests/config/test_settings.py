"""What the configuration files may say, and what a person is told where they say something else."""

from __future__ import annotations

import sys
import tempfile
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from mailbot.accounts import Server, secret
from mailbot.errors import ConfigError, Unreachable
from mailbot.library import ReplyWithin
from mailbot.mail.message import Address
from mailbot.settings import Settings, load, ours

SHIPPED = Path(__file__).parents[2] / "config"

MAILBOT = """
[library]
name = "Riverbend Public Library"
timezone = "America/Chicago"
country = "US"
subdivision = "MO"
staff_domains = ["riverbend.example"]
# library

[[mailboxes]]
name = "ask"
address = "ask@riverbend.example"
imap = { host = "imap.riverbend.example", user = "ask", password_env = "ASK_PASSWORD" }
smtp = { host = "smtp.riverbend.example", user = "ask", password_env = "ASK_PASSWORD" }
# mailbox
"""

DEPARTMENTS = """
[[departments]]
key = "reference"
name = "Reference"
email = "reference@riverbend.example"
description = "Facts and sources."
triage = true
# reference

[[departments]]
key = "circulation"
name = "Circulation"
email = "circulation@riverbend.example"
description = "Cards and loans."
# circulation
"""


class Folder:
    """A config folder that a test edits by replacing text."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.write("mailbot.toml", MAILBOT)
        self.write("departments.toml", DEPARTMENTS)

    def write(self, name: str, text: str) -> None:
        (self.path / name).write_text(text, encoding="utf-8")

    def edit(self, name: str, old: str, new: str) -> None:
        text = (self.path / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def load(self, **environ: str) -> Settings:
        return load(self.path, environ)

    def mistakes(self, **environ: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            self.load(**environ)
        return str(caught.value).splitlines()

    def mistake(self, **environ: str) -> str:
        found = self.mistakes(**environ)
        assert len(found) == 1, found
        return found[0]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def test_the_shipped_example_loads() -> None:
    settings = load(SHIPPED, {})
    library = settings.library
    assert (library.name, library.triage.key, len(library.departments)) == ("Riverbend Public Library", "reference", 11)
    assert library.addresses[:2] == ("ask@riverbend.example", "info@riverbend.example")
    special = library.department("special-collections")
    assert special.hours == {day: (time(10), time(17)) for day in (1, 2, 3, 4, 5)}
    assert special.reply_within == ReplyWithin(2, "business days")
    assert [ask.key for ask in special.asks][-1] == "ensemble-and-dates"
    assert special.looks_after["es"].startswith("que cuida la historia")
    (mailbox,) = settings.mailboxes
    assert (mailbox.imap.port, mailbox.imap.security) == (993, "tls")
    assert (mailbox.smtp.port, mailbox.smtp.security) == (587, "starttls")


def test_what_is_left_out_has_a_sensible_value(folder: Folder) -> None:
    settings = folder.load()
    assert (settings.routing.precision, settings.routing.start) == (0.95, "guess")
    assert settings.store.url == "sqlite:///var/mailbot.db"
    assert settings.folders.routed == "mailbot/Routed"
    reference = settings.library.triage
    assert reference.usual_hours
    assert reference.hours[0] == (time(9), time(17))
    assert reference.reply_within == ReplyWithin(2, "business days")


def test_the_librarys_hours_serve_departments_without_their_own(folder: Folder) -> None:
    folder.edit("mailbot.toml", "# library", 'hours = { tue-fri = "10-18", sat = "9:30-13" }')
    circulation = folder.load().library.department("circulation")
    assert circulation.usual_hours
    assert circulation.hours == {**{day: (time(10), time(18)) for day in (1, 2, 3, 4)}, 5: (time(9, 30), time(13))}


def test_windows_line_ends_and_a_byte_order_mark_are_fine(folder: Folder) -> None:
    for name in ("mailbot.toml", "departments.toml"):
        text = (folder.path / name).read_text(encoding="utf-8")
        (folder.path / name).write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert folder.load().library.name == "Riverbend Public Library"


@pytest.mark.parametrize(
    ("name", "old", "new", "says"),
    [
        ("mailbot.toml", "# library", 'webiste = "x"', ["[library] webiste", 'did you mean "website"?']),
        ("mailbot.toml", "# library", "[routng]\n", ["mailbot.toml: routng", 'did you mean "routing"?']),
        ("mailbot.toml", "# library", "[zzz]\n", ["mailbot.toml: zzz", "known are", "mailboxes"]),
        ("mailbot.toml", 'name = "Riverbend Public Library"', "", ["[library] name", "missing"]),
        ("mailbot.toml", 'name = "Riverbend Public Library"', 'name = "  "', ["[library] name", "empty"]),
        ("mailbot.toml", 'name = "Riverbend Public Library"', "name = 7", ["[library] name", "text in quotes"]),
        ("mailbot.toml", "America/Chicago", "America/Chicgo", ["[library] timezone", '"America/Chicago"?']),
        ("mailbot.toml", "America/Chicago", "Middle Time", ["[library] timezone", "Europe/Berlin"]),
        ("mailbot.toml", "America/Chicago", "../etc/passwd", ["[library] timezone", "no time zone"]),
        ("mailbot.toml", '"US"', '"USA!"', ["[library] country", '"US"']),
        ("mailbot.toml", '"MO"', '"ZZ"', ["[library] subdivision", "known are", "MO"]),
        ("mailbot.toml", 'country = "US"', "", ["[library] subdivision", "country"]),
        ("mailbot.toml", '["riverbend.example"]', '["gmail.com"]', ["[library] staff_domains", "alone"]),
        ("mailbot.toml", '["riverbend.example"]', '["a b"]', ["[library] staff_domains", "library.example"]),
        ("mailbot.toml", '["riverbend.example"]', '"riverbend.example"', ["[library] staff_domains", "list"]),
        ("mailbot.toml", "# library", 'closed = ["24.12.2027"]', ["[library] closed", "2027-12-24"]),
        ("mailbot.toml", "# library", 'open_on = ["Columbus"]', ["[library] open_on", '"Columbus Day"']),
        ("mailbot.toml", "# library", 'own_lists = ["x"]', ["[library] own_lists", "name@library.example"]),
        ("mailbot.toml", "# library", 'website = "x.example"', ["[library] website", "https://"]),
        ("mailbot.toml", "# library", 'language = "English"', ["[library] language", '"en"']),
        ("mailbot.toml", '"ask@riverbend.example"', '"ask at riverbend"', ["mailboxes[1] (ask): address", "name@"]),
        ("mailbot.toml", "# mailbox", 'alias = ["a@b.example"]', ["mailboxes[1] (ask): alias", '"aliases"']),
        ("mailbot.toml", "# mailbox", 'aliases = ["ask@riverbend.example"]', ["mailboxes", "twice"]),
        ("mailbot.toml", 'imap = { host = "imap', 'imaps = { host = "imap', ["mailboxes[1] (ask): imap", "is missing"]),
        ("mailbot.toml", 'host = "imap.riverbend.example",', "", ["mailboxes[1] (ask): imap: host", "missing"]),
        ("mailbot.toml", 'user = "ask",', 'user = "ask", port = 99999,', ["imap: port", "from 1 to 65535"]),
        ("mailbot.toml", 'user = "ask",', 'user = "ask", port = "993",', ["imap: port", "whole number"]),
        ("mailbot.toml", 'user = "ask",', 'user = "ask", port = true,', ["imap: port", "whole number"]),
        ("mailbot.toml", 'user = "ask",', 'user = "ask", security = "ssl",', ["imap: security", '"tls", "starttls"']),
        ("mailbot.toml", 'user = "ask",', 'user = "ask", security = "none",', ["imap: security", "in the clear"]),
        ("mailbot.toml", 'user = "ask",', 'user = "ask", keyring = "mail",', ["imap: keyring", "one place"]),
        ("mailbot.toml", 'user = "ask",', "", ["imap: user", "who logs in"]),
        ("mailbot.toml", ', password_env = "ASK_PASSWORD"', "", ["imap: user", "password_env"]),
        ("mailbot.toml", "# mailbox", "[routing]\nprecision = 95", ["[routing] precision", "0.5 to 1.0"]),
        ("mailbot.toml", "# mailbox", "[routing]\nprecision = nan", ["[routing] precision", "0.5 to 1.0"]),
        ("mailbot.toml", "# mailbox", '[routing]\nstart = "gess"', ["[routing] start", '"guess"?']),
        ("mailbot.toml", "# mailbox", '[store]\nurl = "var/x.db"', ["[store] url", "sqlite:///"]),
        ("mailbot.toml", "# mailbox", '[store]\nurl = "sqlite://x.db"', ["[store] url", "three slashes"]),
        ("mailbot.toml", "# mailbox", '[store]\nurl = "sqlite://"', ["[store] url", "would keep nothing"]),
        ("mailbot.toml", "# mailbox", '[folders]\nheld = "inbox"', ["[folders] held", "inbox"]),
        ("mailbot.toml", "# mailbox", '[folders]\nheld = "a"\nfailed = "a"', ["[folders] failed", "twice"]),
        ("mailbot.toml", "# mailbox", "[worker]\nbatch = 0", ["[worker] batch", "from 1 to 500"]),
        ("departments.toml", 'name = "Circulation"', "", ["departments[2] (circulation): name", "missing"]),
        ("departments.toml", 'key = "circulation"', "", ["departments[2]: key", "missing"]),
        ("departments.toml", '"circulation"', '"Lost & Found"', ["departments[2] (Lost & Found): key", '"lost-found"']),
        ("departments.toml", '"circulation"', '"oos"', ["departments[2] (oos): key", "another key"]),
        ("departments.toml", '"circulation"', '"reference"', ["departments[2] (reference): key", "departments[1]"]),
        ("departments.toml", '"Circulation"', '"REFERENCE"', ["departments[2] (circulation): name", "departments[1]"]),
        ("departments.toml", "circulation@", "Reference@", ["departments[2] (circulation): email", "departments[1]"]),
        ("departments.toml", "circulation@", "Ask@", ["departments[2] (circulation): email", "come back for ever"]),
        ("departments.toml", "triage = true", "", ["[[departments]] triage", "no department", "triage = true"]),
        ("departments.toml", "# circulation", "triage = true", ["triage", "2 departments have it"]),
        ("departments.toml", "# circulation", 'covers = ["renewal"]', ["(circulation): covers", '"renewals"?']),
        ("departments.toml", "# circulation", 'reply = "x"', ["(circulation): reply", "reply_mode"]),
        ("departments.toml", "# circulation", 'reply_within = "soon"', ["reply_within", "2 business days"]),
        ("departments.toml", "# circulation", 'reply_within = "90 business days"', ["reply_within", "60"]),
        ("departments.toml", "# circulation", 'reply_within = "0 hours"', ["reply_within", "from 1 to 200"]),
        ("departments.toml", "# circulation", 'hours = { mo-th = "9-17" }', ["(circulation): hours: mo-th", "mon"]),
        ("departments.toml", "# circulation", 'hours = { mon = "17-9" }', ["hours: mon", "closes before"]),
        ("departments.toml", "# circulation", 'hours = { mon = "9-25" }', ["hours: mon", "09:00-17:00"]),
        ("departments.toml", "# circulation", 'hours = { mon-wed = "9-17", tue = "9-12" }', ["hours: tue", "twice"]),
        ("departments.toml", "# circulation", "hours = {}", ["(circulation): hours", "no open day"]),
        ("departments.toml", "# circulation", 'hours = "9-17"', ["(circulation): hours", "must be a table"]),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_file_key_and_cure(
    folder: Folder, name: str, old: str, new: str, says: list[str]
) -> None:
    folder.edit(name, old, new)
    found = folder.mistakes()
    assert found[0].startswith(str(folder.path / name)), found
    for words in says:
        assert any(words in line for line in found), (words, found)


def test_plus_addressing_is_off_until_it_is_asked_for(folder: Folder) -> None:
    assert not folder.load().mailboxes[0].plus_addressing
    assert folder.load().mailboxes[0].answers_to(b"key", "k3v0q8s1m5x7z2ab") is None
    folder.edit("mailbot.toml", "# mailbox", "plus_addressing = true")
    answers_to = folder.load().mailboxes[0].answers_to(b"key", "k3v0q8s1m5x7z2ab")
    assert answers_to is not None
    assert answers_to.address.startswith("ask+c-k3v0q8s1m5x7z2ab-")


@pytest.mark.parametrize(
    ("local", "says"), [("ask+library", "has a plus already"), ("a" * 29, "28 characters")], ids=["a plus", "too long"]
)
def test_an_address_with_no_room_behind_a_plus_is_told(folder: Folder, local: str, says: str) -> None:
    folder.edit("mailbot.toml", "# mailbox", "plus_addressing = true")
    folder.edit("mailbot.toml", "ask@riverbend.example", f"{local}@riverbend.example")
    assert any("plus_addressing" in line and says in line for line in folder.mistakes())


def test_a_department_behind_the_mailboxs_own_plus_would_be_a_loop(folder: Folder) -> None:
    folder.edit("departments.toml", "circulation@", "ask+circulation@")
    folder.load()
    folder.edit("mailbot.toml", "# mailbox", "plus_addressing = true")
    assert any("come back for ever" in line for line in folder.mistakes())


def test_a_topic_that_two_departments_cover_is_told(folder: Folder) -> None:
    folder.edit("departments.toml", "# reference", 'covers = ["fees"]')
    folder.edit("departments.toml", "# circulation", 'covers = ["fees", "holds"]')
    assert '(circulation): covers: "fees" is covered by reference' in folder.mistake()


def test_hours_that_go_round_the_weekend_or_name_single_days_are_understood(folder: Folder) -> None:
    hours = 'hours = { sat-mon = "10:00-14:00", "tue,thu" = "12:00-20:00", wed = "closed" }'
    folder.edit("departments.toml", "# circulation", hours)
    found = folder.load().library.department("circulation").hours
    assert {day: span[0].hour for day, span in found.items()} == {5: 10, 6: 10, 0: 10, 1: 12, 3: 12}


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ('[[departments.asks]]\nkey = "k"\nask = "a"\nwhen = ["(unclosed"]', ["asks[1] (k): when", "'(unclosed'"]),
        ('[[departments.asks]]\nkey = "k"', ["asks[1] (k): ask", "missing"]),
        ('[[departments.asks]]\nkey = "k"\nask = { english = "a" }', ["asks[1] (k): ask: english", "language code"]),
        ('[[departments.asks]]\nkey = "k"\nask = "a"\nabout = ["x"]', ["asks[1] (k): about", "no key"]),
        ('[[departments.meanwhile]]\nabout = ["x"]\noffer = "o"', ["meanwhile[1]", "link", "phone"]),
        ('[[departments.meanwhile]]\noffer = "o"\nphone = "1"', ["meanwhile[1]: about", "missing"]),
        ('[departments.meanwhile]\noffer = "o"', ["meanwhile", "[[departments.meanwhile]]"]),
    ],
)
def test_what_letters_ask_and_offer_is_checked_too(folder: Folder, asks: str, says: list[str]) -> None:
    folder.edit("departments.toml", "# circulation", asks)
    found = folder.mistake()
    assert all(words in found for words in ["departments[2] (circulation)", *says]), found


def test_a_text_without_a_language_is_in_the_librarys(folder: Folder) -> None:
    folder.edit("mailbot.toml", "# library", 'language = "fr"')
    folder.edit("departments.toml", "# circulation", 'looks_after = "qui s\'occupe des prêts"')
    assert folder.load().library.department("circulation").looks_after == {"fr": "qui s'occupe des prêts"}


def test_links_lose_scheme_and_www_and_addresses_their_case(folder: Folder) -> None:
    rules = 'links = ["https://www.riverbend.example/Loans*"]\naddresses = ["Loans@*"]'
    folder.edit("departments.toml", "# circulation", rules)
    circulation = folder.load().library.department("circulation")
    assert (circulation.links, circulation.addresses) == (("riverbend.example/Loans*",), ("loans@*",))


def test_all_mistakes_of_both_files_are_told_at_once_and_the_first_stands_alone(folder: Folder) -> None:
    folder.edit("mailbot.toml", "America/Chicago", "Nowhere")
    folder.edit("mailbot.toml", "# library", 'webiste = "x"')
    folder.edit("departments.toml", 'name = "Circulation"', "name = 5")
    found = folder.mistakes()
    assert len(found) == 3
    assert all(any(key in line for line in found) for key in ("timezone", "webiste", "departments[2]"))
    assert found[0].startswith(str(folder.path / "mailbot.toml"))


@pytest.mark.parametrize("key", ["password", "passwd", "token", "client_secret", "api_key"])
def test_a_secret_in_the_file_is_refused_and_never_repeated(folder: Folder, key: str) -> None:
    folder.edit("mailbot.toml", 'password_env = "ASK_PASSWORD"', f'{key} = "hunter2hunter2"')
    found = folder.mistakes()
    assert any(f"imap: {key}" in line and "password_env" in line for line in found), found
    assert not any("hunter2" in line for line in found)


def test_a_password_where_the_name_of_a_variable_belongs_is_not_repeated(folder: Folder) -> None:
    folder.edit("mailbot.toml", '"ASK_PASSWORD"', '"h%nter2-hunter2"')
    found = folder.mistakes()
    assert "imap: password_env" in found[0]
    assert not any("nter2" in line for line in found)


def test_a_password_in_the_address_of_the_database_is_refused_and_not_repeated(folder: Folder) -> None:
    store = '[store]\nurl = "postgresql+psycopg://mailbot:hunter2@db.example/mailbot"'
    folder.edit("mailbot.toml", "# mailbox", store)
    found = folder.mistake()
    assert "[store] url" in found
    assert "url_env" in found
    assert "hunter2" not in found


def test_the_address_of_the_database_may_come_from_the_environment(folder: Folder) -> None:
    folder.edit("mailbot.toml", "# mailbox", '[store]\nurl_env = "MAILBOT_STORE"')
    url = "postgresql+psycopg://mailbot:hunter2@db.example/mailbot"
    assert folder.load(MAILBOT_STORE=url).store.url == url
    assert "MAILBOT_STORE is not set" in folder.mistake()
    assert "hunter2" not in folder.mistake(MAILBOT_STORE=url.replace("+psycopg", ""))


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.1.2.3", "::1"])
def test_no_encryption_is_fine_on_this_machine_itself(folder: Folder, host: str) -> None:
    folder.edit("mailbot.toml", 'host = "imap.riverbend.example",', f'host = "{host}", security = "none",')
    imap = folder.load().mailboxes[0].imap
    assert (imap.security, imap.port) == ("none", 143)


def test_a_server_that_asks_for_no_login_needs_no_user(folder: Folder) -> None:
    folder.edit("mailbot.toml", ', user = "ask", password_env = "ASK_PASSWORD"', "")
    assert secret(folder.load().mailboxes[0].imap, {}) == ""


def test_a_missing_file_says_how_to_write_one(folder: Folder) -> None:
    (folder.path / "departments.toml").unlink()
    found = folder.mistake()
    assert found.startswith(str(folder.path / "departments.toml"))
    assert "mailbot init" in found


def test_a_mistake_in_toml_itself_is_told_with_line_and_column(folder: Folder) -> None:
    folder.edit("mailbot.toml", 'timezone = "America/Chicago"', "timezone = America/Chicago")
    assert folder.mistake().startswith(f"{folder.path / 'mailbot.toml'}, line 4, column 12: ")


def test_a_file_that_breaks_off_or_is_not_utf8_is_told(folder: Folder) -> None:
    folder.write("mailbot.toml", '[library]\nname = "River')
    assert folder.mistake().startswith(f"{folder.path / 'mailbot.toml'}, line 2")
    (folder.path / "mailbot.toml").write_bytes(MAILBOT.encode("utf-16"))
    assert "UTF-8" in folder.mistake()
    folder.write("mailbot.toml", "a = " + "[" * 5000)
    assert "mailbot.toml" in folder.mistake()


@hypothesis_settings(deadline=None)
@given(st.binary(max_size=400))
def test_whatever_stands_in_a_file_the_answer_is_a_clear_error(noise: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name))
        (folder.path / "mailbot.toml").write_bytes(noise)
        assert folder.mistakes()[0].startswith(name)


_VALUES = st.recursive(
    st.sampled_from(
        ['""', '"x"', "5", "-1", "1.5", "true", "2027-01-01", "2027-01-01T10:00:00Z", "nan", '"a@b.example"']
    ),
    lambda inner: (
        st.lists(inner, max_size=2).map(lambda each: f"[{', '.join(each)}]") | inner.map(lambda v: f"{{ k = {v} }}")
    ),
    max_leaves=4,
)


@hypothesis_settings(deadline=None)
@given(st.sampled_from(MAILBOT.splitlines() + DEPARTMENTS.splitlines()), _VALUES)
def test_a_value_of_any_kind_anywhere_loads_or_is_a_clear_error(line: str, value: str) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Folder(Path(name))
        for file in ("mailbot.toml", "departments.toml"):
            text = (folder.path / file).read_text(encoding="utf-8")
            if "=" in line:
                folder.write(file, text.replace(line, f"{line.partition('=')[0]}= {value}"))
        assert all(mistake.startswith(name) for mistake in _outcome(folder))


def _outcome(folder: Folder) -> list[str]:
    try:
        folder.load()
    except ConfigError as error:
        return str(error).splitlines()
    return []


def test_what_is_the_librarys_own_is_told_apart_from_staff() -> None:
    own = ours(load(SHIPPED, {}).library)
    assert own.is_staff(Address("", "Dan.Whitlock@Riverbend.example"))
    assert not own.is_staff(Address("", "info@riverbend.example"))
    assert not own.is_staff(Address("", "pat@example.com"))


def _server(**given: object) -> Server:
    return Server("imap.example", 993, "tls", "ask", **given)  # type: ignore[arg-type]


def test_a_password_comes_from_the_environment() -> None:
    assert secret(_server(password_env="ASK"), {"ASK": "s3cret"}) == "s3cret"
    with pytest.raises(ConfigError, match="ASK is not set"):
        secret(_server(password_env="ASK"), {})


def test_a_password_comes_from_a_file_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "password"
    path.write_bytes(b"\xef\xbb\xbf s3cret \r\n")
    assert secret(_server(password_file=path), {}) == " s3cret "
    path.write_text("s3cret\nmore\n")
    with pytest.raises(ConfigError, match="one line") as caught:
        secret(_server(password_file=path), {})
    assert "s3cret" not in str(caught.value)
    with pytest.raises(ConfigError, match="No such file"):
        secret(_server(password_file=tmp_path / "none"), {})


def test_a_password_file_is_looked_for_beside_the_config(folder: Folder) -> None:
    folder.edit("mailbot.toml", 'password_env = "ASK_PASSWORD"', 'password_file = "ask.password"')
    (folder.path / "ask.password").write_text("s3cret\n")
    assert secret(folder.load().mailboxes[0].imap, {}) == "s3cret"


def test_a_token_comes_from_a_program(folder: Folder) -> None:
    program = f"'{sys.executable}' -c 'print(\\\"tok-1\\\")'"
    folder.edit("mailbot.toml", 'password_env = "ASK_PASSWORD"', f'token_command = "{program}"')
    assert secret(folder.load().mailboxes[0].imap, {}) == "tok-1"


def test_a_program_that_prints_no_token_may_do_better_next_time() -> None:
    code = "import sys; print('half a secret'); sys.exit(3)"
    with pytest.raises(Unreachable, match="exit status 3") as caught:
        secret(_server(token_command=(sys.executable, "-c", code)), {})
    assert "half" not in str(caught.value)
    with pytest.raises(ConfigError, match="no such program"):
        secret(_server(token_command=("/no/such/program",)), {})


def test_a_keyring_without_the_password_is_told() -> None:
    import keyring
    from keyring.backends.fail import Keyring as NoKeyring
    from keyring.backends.null import Keyring as EmptyKeyring

    before = keyring.get_keyring()
    try:
        keyring.set_keyring(EmptyKeyring())  # type: ignore[no-untyped-call]
        with pytest.raises(ConfigError, match="keyring set library-mail ask"):
            secret(_server(keyring="library-mail"), {})
        keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
        with pytest.raises(ConfigError, match="keyring cannot be read"):
            secret(_server(keyring="library-mail"), {})
    finally:
        keyring.set_keyring(before)


@pytest.mark.parametrize(
    ("file", "after", "text", "says"),
    [
        ("mailbot.toml", "# mailbox", "[promises]\nremind_at = 2.0", ["[promises] remind_at", "from 0.1 to 1.0"]),
        ("mailbot.toml", "# mailbox", "[follow_up]\nafter_days = -1", ["[follow_up] after_days", "from 0 to 60"]),
        ("mailbot.toml", "# mailbox", "[digest]\ndepartments = 1", ["[digest] departments", "true or false"]),
        ("mailbot.toml", "# mailbox", '[digest]\nadmin = "me"', ["[digest] admin", "no e-mail address"]),
        (
            "mailbot.toml",
            "# mailbox",
            '[digest]\nadmin = "Ask@riverbend.example"',
            ["[digest] admin", "mailbox itself"],
        ),
        (
            "departments.toml",
            "# circulation",
            'head = "Dan"',
            ["departments[2] (circulation): head", "no e-mail address"],
        ),
    ],
)
def test_a_mistake_in_what_time_brings_names_key_and_cure(
    folder: Folder, file: str, after: str, text: str, says: list[str]
) -> None:
    folder.edit(file, after, text)
    found = folder.mistake()
    assert all(words in found for words in says), found
