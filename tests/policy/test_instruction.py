"""Plain words of colleagues about whose question it is: what is beyond doubt, and what is asked back."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailbot.instruction import Instruction, answer_in, department_in, instruction_in
from mailbot.settings import load

LIBRARY = load(Path(__file__).parents[2] / "config", {}).library
BEYOND_DOUBT = [
    ("This is for Special Collections.", "special-collections"),
    ("Not ours, Special Collections please", "special-collections"),
    ("not ours - kids", "children-and-teens"),
    ("Please send this to Digital Services. Thanks, Luis", "digital"),
    ("Could you forward this to Interlibrary Loan, please?", "interlibrary-loan"),
    ("Hi, this belongs to special collections. They have the orchestral parts. Luis", "special-collections"),
    ("Digital please", "digital"),
    ("To ILL please.", "interlibrary-loan"),
    ("Not for us, it’s for the kids team", "children-and-teens"),
    ("This one is for special@riverbend.example", "special-collections"),
    ("Special Collections handles these.", "special-collections"),
    ("Not Circulation, Digital Services please", "digital"),
    ("Wrong desk. Please move it to Outreach.", "outreach"),
    ("Das ist für Special Collections.", "special-collections"),
    ("Nicht unseres, bitte an Special Collections weiterleiten", "special-collections"),
    ("Dafür sind wir nicht zuständig. Bitte an Digital Services weitergeben, danke. Gruß, Karin", "digital"),
    ("Bitte leiten Sie das an Special Collections weiter.", "special-collections"),
    ("Esto es para Special Collections, por favor.", "special-collections"),
    ("No nos toca; corresponde a Interlibrary Loan.", "interlibrary-loan"),
    ("Por favor, envíenlo a Special Collections. Gracias", "special-collections"),
    ("C'est pour Special Collections, merci.", "special-collections"),
    ("Merci de transmettre à Digital Services", "digital"),
    ("Ce n’est pas pour nous, à transmettre à Special Collections s’il vous plaît", "special-collections"),
    ("Pas pour nous : Special Collections", "special-collections"),
    ("Pas pour nous, Digital Services s.v.p.", "digital"),
    ("Ce n’est pas de notre ressort mais de celui de Digital Services.", "digital"),
    ("A transférer à Outreach, svp", "outreach"),
    ("C’est du ressort de Digital Services", "digital"),
    ("Ce message est destiné à Outreach.", "outreach"),
    ("Das gehört nicht zu uns, sondern zu Digital Services.", "digital"),
    ("Das gehört zu den Special Collections, nicht zu uns.", "special-collections"),
    ("Nicht bei uns, bitte an Digital Services weiterleiten. Danke!", "digital"),
    ("Gehört nicht hierher, bitte weiter an Outreach", "outreach"),
    ("Falsch bei uns - Digital Services bitte", "digital"),
    ("No es nuestro, lo lleva Outreach.", "outreach"),
    ("Favor de enviar a Outreach", "outreach"),
    ("Not ours - this is Digital.", "digital"),
    ("Hi team, I'm sorry but this isn't for Circulation. Please reroute to Digital Services. Best, Luis", "digital"),
    ("That's Digital Services' question.", "digital"),
    ("This isn't ours; it's Outreach's.", "outreach"),
    ("This is not ours. It belongs to Outreach (homebound delivery).", "outreach"),
    ("Please pass to my colleagues in Outreach", "outreach"),
    ("Pls fwd to Outreach", "outreach"),
    ("Wrong dept, over to Outreach please", "outreach"),
    ("This is for Digital Services, please pass it on to them.", "digital"),
    ("No, please give this to Digital Services.", "digital"),
    ("This is for Digital Services, please send it to Digital Services.", "digital"),
    ("Das ist für Digital Services, bitte an sie weiterleiten.", "digital"),
    ("Esto es para Digital Services, por favor envíenselo.", "digital"),
    ("C'est pour Digital Services, merci de leur transmettre.", "digital"),
]
IN_DOUBT = [
    ("I think this is for Special Collections.", ("special-collections",)),
    ("Maybe Special Collections?", ("special-collections",)),
    ("Not ours.", ()),
    ("Not ours, please send it to the Archives.", ()),
    ("This is for Special Collections or Reference", ("special-collections", "reference")),
    ("If it is about e-books, this is for Digital Services.", ("digital",)),
    ("Is this for Outreach?", ("outreach",)),
    ("This is not for Outreach.", ("outreach",)),
    ("Vielleicht ist das für Digital Services.", ("digital",)),
    ("Creo que esto es para Digital Services.", ("digital",)),
    ("Das müsste zu Digital Services.", ("digital",)),
    ("Not us, not Outreach.", ("outreach",)),
    ("This is for Outreach, please send it to Digital Services.", ("outreach", "digital")),
    ("This is for Outreach, but do not pass it on to them.", ("outreach",)),
    ("Je crois que c'est pour Digital Services.", ("digital",)),
    ("This is for Outreach. Digital Services knows more about the e-reader part.", ("outreach", "digital")),
]
SOMETHING_ELSE = [
    "This is Circulation. We will look for it.",
    "Outreach will be at the fair tomorrow (with the van).",
    "Thank you!",
    "Special Collections",
    "Dear Ms. Ron, here is the list of scores.",
    "Hello, I will look into it tomorrow.\nLuis, Circulation",
    "Dear Ms. Ron, I have sent it to Special Collections, who will write to you.",
    "We have it on the shelf in the collections room.",
    "",
]


def said(text: str, *, to_patron: bool = False) -> Instruction | None:
    return instruction_in(text, LIBRARY, "circulation", to_patron=to_patron)


@pytest.mark.parametrize(("words", "department"), BEYOND_DOUBT)
def test_what_is_beyond_doubt_is_an_instruction(words: str, department: str) -> None:
    assert said(words) == Instruction((department,), sure=True)


@pytest.mark.parametrize(("words", "departments"), IN_DOUBT)
def test_what_is_in_doubt_is_asked_back(words: str, departments: tuple[str, ...]) -> None:
    assert said(words) == Instruction(departments, sure=False)


@pytest.mark.parametrize("words", SOMETHING_ELSE)
def test_what_speaks_of_something_else_is_no_instruction(words: str) -> None:
    assert said(words) is None


@pytest.mark.parametrize(("words", "departments"), IN_DOUBT)
def test_what_the_patron_reads_too_is_an_answer_unless_it_is_beyond_doubt(
    words: str, departments: tuple[str, ...]
) -> None:
    assert departments is not None
    assert said(words, to_patron=True) is None


def test_words_to_the_patron_by_name_are_an_answer() -> None:
    assert said("Dear Ms. Ron,\n\nThis is for Special Collections.", to_patron=True) is None


def test_a_name_that_two_departments_could_go_by_names_neither() -> None:
    assert LIBRARY.aliases(LIBRARY.department("collections")) == ("collections",)
    assert LIBRARY.find("ILL") == LIBRARY.department("interlibrary-loan")
    assert LIBRARY.find("special@riverbend.example") == LIBRARY.department("special-collections")


WORDS = st.sampled_from(
    "this is not ours for please or \n . ? Special Collections Digital > \x01 \x02 7 an le ’".split(" ")
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=60).map(" ".join)), st.booleans())
def test_no_text_is_more_than_one_instruction(text: str, to_patron: bool) -> None:
    instruction = said(text, to_patron=to_patron)
    assert instruction is None or not instruction.sure or len(instruction.departments) == 1


@pytest.mark.parametrize(
    "named",
    [
        "digital", "DIGITAL", "Digital  Services", "digital-services", "the Digital Services", "digital please",
        "Digital Services, please", "digital, thanks", "digital - it's an e-book", "digital (e-book)", "digital. Luis",
        "Digital Services team", "digital bitte", "<digital>", "digital@riverbend.example",
    ],
)  # fmt: skip
def test_a_route_line_may_say_more_than_the_name(named: str) -> None:
    assert department_in(named, LIBRARY) == LIBRARY.department("digital")


@pytest.mark.parametrize(
    "named",
    [
        "digitel", "not digital", "digital or outreach", "digital, outreach", "digital / outreach",
        "digital (or Outreach?)", "maybe digital", "", "please", "-", "(",
    ],
)  # fmt: skip
def test_a_route_line_that_leaves_a_doubt_names_nobody(named: str) -> None:
    assert department_in(named, LIBRARY) is None


@pytest.mark.parametrize(
    "words",
    [
        "Yes", "Yes please.", "Yes, it should.\n\nLuis", "Digital Services", "Digital Services, please", "Digital",
        "Yes, Digital Services please.\nLuis\nCirculation", "To digital", "Sí, por favor", "Oui, merci", "Ja, bitte.",
        "Ja, das stimmt.", "Así es", "C'est ça", "That's right, thanks", "Yes. Please move it.",
        "For Digital Services.", "À Digital Services, merci", "Ja, an Digital Services",
        "Yes, this is for Digital Services.",
    ],
)  # fmt: skip
def test_a_plain_yes_or_the_name_answers_whether_it_is_for_a_department(words: str) -> None:
    assert answer_in(words, LIBRARY, "circulation", ("digital",)) == "digital"


@pytest.mark.parametrize(
    "words",
    [
        "No", "No, it stays with us.", "No, keep it here. Luis", "No, thanks.", "It is ours.",
        "Nein, das bleibt bei uns", "No, se queda aquí.", "Non, c'est pour nous", "We'll take it.", "Circulation",
        "Nein.\nLuis\nCirculation",
    ],
)  # fmt: skip
def test_a_plain_no_answers_that_it_stays(words: str) -> None:
    assert answer_in(words, LIBRARY, "circulation", ("digital",)) == "circulation"


def test_another_department_than_the_one_we_asked_about_may_be_the_answer() -> None:
    assert answer_in("No, Outreach please.", LIBRARY, "circulation", ("digital",)) == "outreach"
    assert answer_in("Outreach", LIBRARY, "circulation", ()) == "outreach"


@pytest.mark.parametrize(
    ("words", "candidates"),
    [
        ("Yes", ()), ("Yes", ("digital", "outreach")), ("Yes, Outreach", ("digital",)), ("No, Digital", ("digital",)),
        ("Yes? Who says so?", ("digital",)), ("Maybe", ("digital",)), ("Thanks", ("digital",)), ("", ("digital",)),
        ("Digital or Outreach", ("digital",)), ("Outreach\nLuis, Digital", ("digital",)), ("No idea", ("digital",)),
        ("Yes, but only the part about the e-reader, the rest is for us", ("digital",)), ("Luis", ("digital",)),
        ("It stays with us. Digital knows more.", ("digital",)), ("Not ours", ("digital",)),
    ],
)  # fmt: skip
def test_an_answer_that_leaves_a_doubt_moves_nothing(words: str, candidates: tuple[str, ...]) -> None:
    assert answer_in(words, LIBRARY, "circulation", candidates) is None
