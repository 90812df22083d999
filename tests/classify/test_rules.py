from hypothesis import given
from hypothesis import strategies as st

from mailbot.classify import rule_for
from mailbot.classify.rules import bare_link
from mailbot.library import Department
from tests.classify.shelves import DEPARTMENTS, asks


def hit_for(*links: str, addresses: tuple[str, ...] = ()) -> tuple[str, str] | None:
    hit = rule_for(asks("See the link.", links=links, addresses=addresses), DEPARTMENTS)
    return None if hit is None else (hit.department, hit.matched)


def test_a_link_decides_and_is_told_as_it_stands_in_the_message() -> None:
    link = "https://www.Riverbend.example/blog/performing-editions-come-home"
    assert hit_for(link) == ("special-collections", link)


def test_scheme_www_host_case_query_and_a_closing_slash_do_not_matter() -> None:
    for link in (
        "riverbend.example/account",
        "HTTP://WWW.RIVERBEND.EXAMPLE/account/",
        "https://riverbend.example/account?tab=holds#top",
    ):
        assert hit_for(link) == ("circulation", link)


def test_a_host_alone_meets_a_pattern_for_all_its_pages() -> None:
    assert hit_for("https://history.riverbend.example") == ("special-collections", "https://history.riverbend.example")


def test_the_path_keeps_its_case() -> None:
    assert hit_for("https://riverbend.example/ACCOUNT") is None


def test_the_more_specific_of_two_patterns_wins() -> None:
    link = "https://riverbend.example/blog/performing-editions"
    assert hit_for("https://riverbend.example/blog/hours", link) == ("special-collections", link)


def test_two_departments_equally_specific_decide_nothing() -> None:
    one = Department("one", "One", "one@x.example", "One.", links=("x.example/aa*",))
    two = Department("two", "Two", "two@x.example", "Two.", links=("x.example/bb*",))
    both = asks("", links=("http://x.example/aa", "http://x.example/bb"))
    assert rule_for(both, (one, two)) is None


def test_an_address_decides_where_no_link_does() -> None:
    addresses = ("Ask-A-Librarian@riverbend.example",)
    assert hit_for(addresses=addresses) == ("reference", addresses[0])
    assert hit_for("https://riverbend.example/account", addresses=addresses) == (
        "circulation",
        "https://riverbend.example/account",
    )


def test_no_link_no_rule() -> None:
    assert hit_for() is None


@given(st.text(max_size=300))
def test_any_text_may_stand_where_a_link_should(link: str) -> None:
    assert "#" not in bare_link(link)
    hit = rule_for(asks("", links=(link,), addresses=(link,)), DEPARTMENTS)
    assert hit is None or hit.department in {department.key for department in DEPARTMENTS}
