"""Chats and mail: what is read of them, and that nobody in them can be found in what comes out."""

from __future__ import annotations

import io
import json
import os
import re
import stat
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path

import msgspec
import pytest

from sijill.errors import InputError, UsageError
from sijill.sources import mail, telegram, whatsapp
from sijill.sources.document import Document
from sijill.sources.pseudonyms import Pseudonyms, key_from, numbers

KEY = b"0123456789abcdef0123456789abcdef"
NEWS = "قُتل عنصران في هجوم قرب السخنة يوم 2024-04-19 وأصيب 12 بينهم 3 مدنيين"

# whatever must not come out, planted wherever a name, a number or a handle can stand
SECRETS = [
    "963944123456", "0933555777", "2125551234", "s.planted@example.org", "planted_handle", "سامر المزروع",
    "Samer Planted", "خالة هدى", "AAAAAplantedinvite",
]  # fmt: skip
CALL = (
    "اتصلوا على +963 944-123-456 أو ٠٩٣٣٥٥٥٧٧٧ أو (212) 555-1234 أو s.planted@example.org "
    "أو @planted_handle أو https://t.me/planted_handle أو wa.me/963944123456 "
    "أو https://chat.whatsapp.com/AAAAAplantedinvite — سامر المزروع (Samer Planted) ولخالة هدى"
)


def pseudonyms(**options: object) -> Pseudonyms:
    return Pseudonyms(KEY, **options)  # type: ignore[arg-type]


def documents(items: Iterable[Document | InputError]) -> list[Document]:
    found = list(items)
    assert [str(item) for item in found if isinstance(item, InputError)] == []
    return [item for item in found if isinstance(item, Document)]


def digits(text: str) -> str:
    """Only the digits, Latin, so that no separator hides a number."""
    return "".join(str(int(char)) for char in text if char.isdecimal())


def everything(found: list[Document]) -> str:
    """All that a document gives away, as one text."""
    return "\n".join(
        msgspec.json.encode(document.reports).decode() + document.data.decode()
        + f"{document.origin} {document.source} {document.url} {document.media_type}"
        for document in found
    )  # fmt: skip


def assert_clean(found: list[Document]) -> None:
    said = everything(found)
    bare = re.sub(r"\[\w+:[0-9a-f]{12}\]|\"r-[0-9a-f]{16}\"", "", said)
    for secret in SECRETS:
        if secret.isdigit():
            for line in bare.split("\n"):
                assert secret not in digits(line)
        else:
            assert secret.lower() not in said.lower()
    assert "قرب السخنة" in said and "2024-04-19" in said and "12" in said


TELEGRAM = {
    "name": "سامر المزروع", "type": "personal_chat", "id": 963944123456,
    "messages": [
        {"id": 1, "type": "service", "date": "2024-04-18T08:00:00", "actor": "خالة هدى",
         "action": "phone_call", "members": ["Samer Planted"], "text": ""},
        {"id": 2, "type": "message", "date": "2024-04-19T08:30:00", "from": "سامر المزروع",
         "from_id": "user963944123456", "forwarded_from": "Samer Planted", "author": "خالة هدى",
         "file_name": "0933555777.pdf", "contact_information": {"first_name": "خالة", "last_name": "هدى",
         "phone_number": "+963 944 123 456"}, "text": [
            NEWS + "\n" + CALL, {"type": "phone", "text": "+963944123456"},
            {"type": "mention", "text": "@planted_handle"}, {"type": "mention_name", "text": "خالة هدى"},
            {"type": "text_link", "text": "هنا", "href": "https://t.me/planted_handle"}]},
        {"id": 3, "type": "message", "date": "2024-04-19T08:31:00", "from": "+963 944 123 456", "text": "نعم"},  # noqa: E501
    ],
}  # fmt: skip
TELEGRAM_PAGE = f"""<!DOCTYPE html><html><body><div class="page_wrap"><div class="page_header"><div class="content">
<div class="text bold">سامر المزروع</div></div></div><div class="page_body chat_page"><div class="history">
<div class="message service" id="message-1"><div class="body details">خالة هدى joined</div></div>
<div class="message default clearfix" id="message2"><div class="body">
<div class="pull_right date details" title="19.04.2024 08:30:00 UTC+03:00">08:30</div>
<div class="from_name">سامر المزروع</div>
<div class="forwarded body"><div class="from_name">Samer Planted <span class="date details" title="18.04.2024 08:00:00">x</span></div>
<div class="text">{NEWS}<br>{CALL} <a href="https://t.me/planted_handle">هنا</a></div></div></div></div>
<div class="message default clearfix joined" id="message3"><div class="body">
<div class="pull_right date details" title="19.04.2024 08:31:00 UTC+03:00">08:31</div>
<div class="text">رد على خالة هدى</div></div></div>
<div class="message default clearfix" id="message4"><div class="body"><div class="from_name">خالة هدى</div>
<div class="pull_right date details" title="19.04.2024 08:32:00 UTC+03:00">08:32</div><div class="text">نعم</div></div></div>
</div></div></div></body></html>"""  # noqa: E501
WHATSAPP = (
    "[19/04/2024, 8:29:00 AM] سامر المزروع: \u200eMessages and calls are end-to-end encrypted.\n"
    f"[19/04/2024, 8:30:15 AM] سامر المزروع: {NEWS}\n{CALL}\n"
    "[19/04/2024, 8:31:00 AM] \u202a+963\u00a0944\u00a0123\u00a0456\u202c: نعم\n"
    "[19/04/2024, 8:32:00 AM] ~\u00a0Samer Planted: من خالة هدى\n"
    "[19/04/2024, 8:33:00 AM] خالة هدى: \u200eimage omitted\n"
)


def letter() -> EmailMessage:
    message = EmailMessage()
    message["From"] = "سامر المزروع <s.planted@example.org>"
    message["To"] = "Samer Planted <two@example.org>, خالة هدى <0933555777@example.org>"
    message["Subject"] = "خبر من سامر المزروع +963944123456"
    message["Date"] = "Fri, 19 Apr 2024 23:30:00 +0300"
    message["Message-ID"] = "<963944123456.s.planted@example.org>"
    message["X-Originating-Name"] = "planted_handle"
    message.set_content(f"{NEWS}\n{CALL}\n> On Friday s.planted@example.org wrote:\n")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="سامر المزروع.pdf")
    return message


def telegram_json() -> list[Document]:
    export = {"about": "x", "contacts": {"list": [{"first_name": "Samer", "last_name": "Planted"}]},
              "chats": {"list": [TELEGRAM]}}  # fmt: skip
    one = documents(
        telegram.read_json(json.dumps(TELEGRAM), "/home/x/result.json", pseudonyms(), source=None)
    )
    all_ = documents(telegram.read_json(json.dumps(export), "/home/x/result.json", pseudonyms(), source=None))
    assert everything(one) == everything(all_)
    return one


def whatsapp_text() -> list[Document]:
    path = "/x/WhatsApp Chat with سامر المزروع.txt"
    return documents(whatsapp.read(WHATSAPP, path, pseudonyms(), source=None, notice=print))


def mails() -> list[Document]:
    raw = bytes(letter())
    box = b"From x Fri Apr 19 23:30:00 2024\n" + raw + b"\n\nFrom x Fri Apr 19 23:30:00 2024\n" + raw
    assert mail.is_mail(raw) and mail.is_mailbox(box) and not mail.is_mailbox(raw)
    options = {"source": None, "notice": lambda _: None}
    single = mail.read_mail(raw, "/x/سامر المزروع.eml", pseudonyms(), **options)  # type: ignore[arg-type]
    many = mail.read_mailbox(io.BytesIO(box), "/x/a.mbox", pseudonyms(), limit=10**6, **options)  # type: ignore[arg-type]
    found = documents([single, *many])
    assert len(found) == 3 and found[0].reports == found[1].reports == found[2].reports
    return found


def telegram_page() -> list[Document]:
    assert telegram.is_page(TELEGRAM_PAGE)
    return documents(telegram.read_page(TELEGRAM_PAGE, "/x/messages.html", pseudonyms(), source=None))


@pytest.mark.parametrize("read", [telegram_json, telegram_page, whatsapp_text, mails])
def test_nobody_can_be_found_in_what_comes_out(read: object) -> None:
    found: list[Document] = read()  # type: ignore[operator]
    assert found
    assert_clean(found)


def test_the_messages_of_telegram() -> None:
    json_, page = telegram_json(), telegram_page()
    assert [d.reports[0].published for d in json_] == ["2024-04-19"] * 2
    assert [d.reports[0].published for d in page] == ["2024-04-19"] * 3
    first = json.loads(json_[0].data)["messages"][0]
    assert first["sender"] == json.loads(page[0].data)["messages"][0]["sender"]  # the same person in both
    assert json.loads(page[1].data)["messages"][0]["sender"] == first["sender"]  # a joined message
    assert first["forwarded"].startswith("[person:") and first["forwarded"] != first["sender"]
    assert json_[1].reports[0].text == "نعم"


def test_a_channel_that_is_the_outlet_may_keep_its_name() -> None:
    channel = {"name": "شبكة الوادي", "type": "public_channel", "id": 5, "messages": [
        {"id": 1, "type": "message", "date": "2024-04-19T08:30:00", "from": "شبكة الوادي",
         "text": NEWS}]}  # fmt: skip
    for source, shown in (("شبكة الوادي", True), (None, False)):
        names = pseudonyms(kept=[source] if source else [])
        (document,) = documents(telegram.read_json(json.dumps(channel), "r.json", names, source=source))
        assert ("شبكة الوادي" in everything([document])) is shown
        assert document.source == (source or names.of("chat", "شبكة الوادي"))


def test_the_name_of_a_channel_is_left_in_texts() -> None:
    """It may be plain words of the news; as a sender and an origin it is replaced."""
    words = f"شهدت حلب اليوم هدوءا. {NEWS}"
    channel = {"name": "حلب اليوم", "type": "public_channel", "id": 5, "messages": [
        {"id": 1, "type": "message", "date": "2024-04-19T08:30:00", "from": "حلب اليوم", "from_id": "channel5",  # noqa: E501
         "text": words}]}  # fmt: skip
    group = {"name": "السخنة", "type": "private_supergroup", "id": 6, "messages": [
        {"id": 1, "type": "message", "date": "2024-04-19T08:30:00", "from": "سامر المزروع", "from_id": "user9",  # noqa: E501
         "forwarded_from": "حلب اليوم", "forwarded_from_id": "channel5", "text": words}]}  # fmt: skip
    for chat in (channel, group):
        (document,) = documents(telegram.read_json(json.dumps(chat), "r.json", pseudonyms(), source=None))
        assert document.reports[0].text == words
        assert everything([document]).count("حلب اليوم") == 2  # in the text, of the report and of the bytes


DATES = [
    ("[19/04/2024, 8:30:15 PM] a: x", "2024-04-19T20:30:15"),
    ("19/04/2024, 20:30 - a: x", "2024-04-19T20:30:00"),
    ("19/04/24, 12:05 am - a: x", "2024-04-19T00:05:00"),
    ("4/19/24, 12:05\u202fPM - a: x", "2024-04-19T12:05:00"),
    ("2024-04-19, 8:30 p.m. - a: x", "2024-04-19T20:30:00"),
    ("19.04.24, 20:30 - a: x", "2024-04-19T20:30:00"),
    ("\u200f١٩\u200f/٤\u200f/٢٠٢٤، ٨:٣٠ م - أ: x", "2024-04-19T20:30:00"),
    ("[١٩/٤/٢٠٢٤، ٨:٣٠:١٥ ص] أ: x", "2024-04-19T08:30:15"),
    ("\u200f[2024/4/19، 8:30:15 مساءً] أ: x", "2024-04-19T20:30:15"),
]


@pytest.mark.parametrize(("line", "time"), DATES, ids=[time for _, time in DATES])
def test_the_dates_of_whatsapp(line: str, time: str) -> None:
    text = f"{line}\n{line}\n"
    assert whatsapp.is_export(text)
    found = documents(whatsapp.read(text, "a.txt", pseudonyms(), source=None, notice=pytest.fail))
    assert {json.loads(document.data)["messages"][0]["at"] for document in found} == {time}


def test_an_order_of_days_and_months_that_nothing_tells_is_said() -> None:
    text = "01/02/2024, 20:30 - a: x\n03/02/2024, 20:30 - a: y\n"
    notes: list[str] = []
    found = documents(whatsapp.read(text, "a.txt", pseudonyms(), source=None, notice=notes.append))
    assert [document.reports[0].published for document in found] == ["2024-02-01", "2024-02-03"]
    assert notes == ["a.txt: nothing tells whether days or months stand first; days are taken to"]
    run = "11/30/23, 20:30 - a: x\n1/2/24, 20:30 - a: y\n"
    found = documents(whatsapp.read(run, "a.txt", pseudonyms(), source=None, notice=pytest.fail))
    assert [document.reports[0].published for document in found] == ["2023-11-30", "2024-01-02"]


def test_a_message_of_several_lines_and_what_has_no_words() -> None:
    text = (
        "19/04/2024, 20:30 - a: الأول\n\nالثاني: نعم\n19/04/2024, 20:31 - a: <Media omitted>\n"
        "19/04/2024, 20:32 - b added c\n19/04/2024, 20:33 - a: IMG-1.jpg (file attached)\nقرب السخنة\n"
        "20/04/2024, 20:34 - a: تعديل <This message was edited>\n"
    )
    found = documents(whatsapp.read(text, "a.txt", pseudonyms(), source=None, notice=pytest.fail))
    assert [d.reports[0].text for d in found] == ["الأول\n\nالثاني: نعم", "قرب السخنة", "تعديل"]


@pytest.mark.parametrize("text", [NEWS, "12/4/2024 قتل\n13/4/2024 قتل", "أ: نعم\nب: لا", ""])
def test_a_report_is_no_chat(text: str) -> None:
    assert not whatsapp.is_export(text)
    assert not mail.is_mail(text.encode())


@pytest.mark.parametrize("charset", ["windows-1256", "iso-8859-6", "utf-8", "x-unknown"])
def test_the_charsets_of_mail(charset: str) -> None:
    words = "قتل عنصران في هجوم قرب السخنة"
    body = words.encode("windows-1256" if charset == "x-unknown" else charset)
    head = f"From: a@b.org\nTo: c@d.org\nSubject: x\nDate: Fri, 19 Apr 2024 08:00:00 +0300\nContent-Type: text/plain; charset={charset}\n\n"  # noqa: E501
    document = mail.read_mail(head.encode() + body, "a.eml", pseudonyms(), source="شبكة", notice=print)
    assert isinstance(document, Document)
    assert (document.reports[0].text, document.source) == (words, "شبكة")


def test_a_mail_of_html_alone() -> None:
    message = EmailMessage()
    message["From"] = "a@b.org"
    message.set_content("<p>قتل عنصران</p><script>x()</script><p>قرب السخنة</p>", subtype="html")
    document = mail.read_mail(bytes(message), "a.eml", pseudonyms(), source=None, notice=print)
    assert isinstance(document, Document)
    assert document.reports[0].text == "قتل عنصران\n\nقرب السخنة"


def test_a_mail_without_words_is_named() -> None:
    message = EmailMessage()
    message["From"] = "a@b.org"
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="a.pdf")
    assert "is a mail without words" in str(
        mail.read_mail(bytes(message), "a.eml", pseudonyms(), source=None, notice=print)
    )


# ---- pseudonyms

STAY = [
    "قتل 12 وأصيب 1500 يوم 2024-04-19 08:30", "19/4/2024 و19.04.2024 و19 4 2024 و19/4/24", "35.33591, 40.14082",  # noqa: E501
    "1,500,000 نازح و2500000 و5.000.000 و1500000", "2011-2024", "2019 2020 2021", "5 6 7 8", "من 10 إلى 15",
]  # fmt: skip
GO = [
    "0944123456", "+963 944 123 456", "00963944123456", "٠٩٤٤١٢٣٤٥٦", "۰۹۴۴۱۲۳۴۵۶", "0944-123-456",
    "(0944) 123 456", "وهاتفه0944123456", "انتهى.0944123456", "\u202a+963\u00a0944\u00a0123\u00a0456\u202c",
    "+1 (212) 555‑1234", "0944 12 34 56", "0944_123_456", "0944123456 0933123456", "212-5551", "tel:0944123456",  # noqa: E501
]  # fmt: skip


@pytest.mark.parametrize("text", STAY)
def test_counts_days_and_places_stay(text: str) -> None:
    assert pseudonyms().scrub(text) == text


@pytest.mark.parametrize("text", GO)
def test_numbers_go(text: str) -> None:
    bare = re.sub(r"\[phone:[0-9a-f]{12}\]", "", pseudonyms().scrub(text))
    assert digits(bare) == ""


def test_one_person_has_one_pseudonym_and_another_key_another() -> None:
    mine = pseudonyms()
    written = {mine.of("phone", number) for number in ("+963 944 123 456", "00963944123456", "٩٦٣٩٤٤١٢٣٤٥٦")}
    assert len(written) == 1
    assert written != {Pseudonyms(b"x" * 32).of("phone", "963944123456")}
    assert mine.of("person", "أحمد") == mine.of("person", "احمد")
    assert numbers("0944123456 +963933123456") == ["0944123456", "+963933123456"]


def test_names_are_found_in_any_spelling_and_only_whole() -> None:
    mine = pseudonyms()
    told = mine.person("أحمد التجريبي")
    assert mine.scrub("وقال لأحمَد  التجريبي") == f"وقال ل{told}"
    assert mine.scrub("محمد احمد التجريبي") == f"محمد {told}"
    assert mine.scrub("أحمد التجريبية") == "أحمد التجريبية"


def test_the_key_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key"
    key = key_from(path)
    assert key_from(path) == key and len(key) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_bytes(b"short")
    with pytest.raises(UsageError, match="is no key of at least 32"):
        key_from(path)
    if os.geteuid():
        path.parent.chmod(0o500)
        with pytest.raises(UsageError, match="cannot be written"):
            key_from(path.parent / "other")
