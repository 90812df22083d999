"""RFC 5322 in: who wrote, who passed it on, what is new in it, and may it be answered. Pure."""

from mailbot.mail.addresses import Address
from mailbot.mail.kinds import Kind
from mailbot.mail.message import Message, parse
from mailbot.mail.ours import Ours
from mailbot.mail.understood import Understood, understand

__all__ = ["Address", "Kind", "Message", "Ours", "Understood", "parse", "understand"]
