"""A page of letters to read through: what the bot makes of messages, as one HTML file that needs nothing else."""

from mailbot.page.html import Page, check_place, write_page
from mailbot.page.pages import letters_page, rehearsal_page
from mailbot.page.shown import Shown, of_played, of_preview
from mailbot.page.tally import Tally

__all__ = [
    "Page",
    "Shown",
    "Tally",
    "check_place",
    "letters_page",
    "of_played",
    "of_preview",
    "rehearsal_page",
    "write_page",
]
