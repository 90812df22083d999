"""Mails that are hostile in one way each, of any size: what work on them must not grow faster than."""

from __future__ import annotations


def hostile(size: int) -> dict[str, bytes]:
    """Mails of about ``size`` bytes, each hostile in its own way."""
    head = b"From: Pat <pat.ron@example.com>\nTo: ask@riverbend.example\nSubject: s\n"
    staff = b"From: Dan <dan.whitlock@riverbend.example>\nSubject: Fwd: s\n"
    page = head + b"Content-Type: text/html\n\n"
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(size // 50))
    closed = b"".join(b"Content-Type: multipart/mixed; boundary=c%d\n\n--c%d\n" % (n, n) for n in range(20))
    ends = b"".join(b"\n--c%d--\n" % n for n in reversed(range(20)))
    return {
        "text": head + b"\n" + b"a line of words, and a question?\n" * (size // 33),
        "one line": head + b"\n" + b"word " * (size // 5),
        "semicolons": head + b"Content-Type: text/plain" + b"; " * (size // 2) + b"\n\nx",
        "one header": head + b"X-Long: " + b"=?utf-8?q?x" * (size // 11) + b"\n\nx",
        "quoted header": head + b"Cc: " + b'"\\' * (size // 2) + b"\n\nx",
        "headers": head + b"X-A: b\n" * (size // 7) + b"\nx",
        "folded": head + b"X-A: b" + b"\n b" * (size // 3) + b"\n\nx",
        "an invitation, folded": head + b"Content-Type: text/calendar" + b"\n   ;x" * (size // 6) + b"\n\nx",
        "an invitation, indented": head
        + b"Content-Type: text/calendar\n\nContent-Type: text/calendar"
        + b"\n  " * (size // 3),
        "recipients": head + b"Cc: " + b", ".join(b"p%d@example.com" % n for n in range(size // 18)) + b"\n\nx",
        "references": head + b"References: " + b"<a@b.example> " * (size // 14) + b"\n\nx",
        "parts": head + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (size // 7),
        "depth": head + nested,
        "depth, closed": head + closed + b"\n" + b"a line of words\n" * (size // 16) + ends,
        "attached mails": staff
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: message/rfc822\n\nFrom: p@example.com\nSubject: s\n\nhello\n" * (size // 73),
        "files": head
        + b"Content-Type: multipart/mixed; boundary=b\n\n"
        + b"--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\nYWJj\n" * (size // 66),
        "almost boundaries": head + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--bx\n" * (size // 5),
        "attached in attached": head + b"Content-Type: message/rfc822\n\n" * (size // 30),
        "open tags": page + b"<a <b " * (size // 6),
        "open comments": page + b"<!-- " * (size // 5),
        "open scripts": page + b"<script><style><title>" * (size // 22),
        "quotes in tags": page + b"<blockquote>" * (size // 12),
        "nested HTML": page + b"<div><table><tr><td><ul><li>a " * (size // 31),
        "nested and closed HTML": page + b"<div><p>" * (size // 20) + b"a" + b"</p></div>" * (size // 20),
        "attributes": page + b"<a " + b"href='x' " * (size // 9) + b">",
        "entities": page + b"&amp;&#x;&" * (size // 10),
        "deep quotes": head + b"\n" + b">" * size,
        "quoted lines": head + b"\n" + b"> q\na\n" * (size // 6),
        "labels": staff + b"\n" + b"From: a@b.example\n" * (size // 18),
        "blocks": staff
        + b"\n"
        + b"From: Al <al@riverbend.example>\nSent: x\nTo: y\nSubject: Fwd: z\n\n" * (size // 64),
        "attributions": head + b"\n" + b"On Tue, Feb 2, 2027 Pat <p@example.com>\n" * (size // 41),
        "colons": head + b"\n" + b"On 10:20\n" * (size // 9),
        "rules": head + b"\n" + b"-- \n" * (size // 4),
        "dashes": head + b"\n" + b"-" * size,
        "underscores": head + b"\n" + b"_ " * (size // 2),
        "links": head + b"\n" + b"http://a.example/)) " * (size // 20),
        "dots": head + b"\n" + b"a." * (size // 2),
        "at signs": head + b"\n" + b"a@" * (size // 2),
        "thanks": head + b"In-Reply-To: <x@y>\n\n" + b"thank you " * (size // 10),
        "we have received": head + b"\n" + b"we have received your " * (size // 22),
        "your message": head + b"\n" + b"your message " * (size // 13),
        "uuencoded": head + b"Content-Transfer-Encoding: x-uuencode\n\n" + b"#86)C\n" * (size // 6),
        "quoted-printable": head + b"Content-Transfer-Encoding: quoted-printable\n\n" + b"=C3=A4=\n" * (size // 8),
        "flowed": head + b"Content-Type: text/plain; format=flowed\n\n" + b"> word \n" * (size // 8),
        "delivery fields": head + b"\n" + b"Final-Recipient: rfc822; p@example.com\nStatus: 5.1.1\n" * (size // 53),
        "base64": head + b"Content-Transfer-Encoding: base64\n\n" + b"YWJj=\n" * (size // 6),
        "calendar": head + b"Content-Type: text/calendar\n\n" + b"SUMMARY:" * (size // 8),
        "japanese": head + "\nお問い合わせ".encode() * (size // 19),
        "guessed": head + b"\n" + bytes(range(128, 256)) * (size // 128),
    }
