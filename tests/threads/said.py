"""What patrons ask, answer and ask besides, in eight languages; all of it made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Topic:
    """A question: its subject, its text, and what its patron adds to it later."""

    subject: str
    text: str
    more: str


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language: three questions, a subject that says nothing, and how mail programs put things in it.

    ``outlook``, ``groupwise`` and ``qq`` are the answer prefixes of programs that translate theirs. ``wrote`` is the
    line above a quote, ``labels`` are those of Outlook's block (From, Sent, To, Subject).
    """

    code: str
    topics: tuple[Topic, Topic, Topic]
    nothing: str
    outlook: str
    groupwise: str
    wrote: str
    labels: tuple[str, str, str, str]


TONGUES = (
    Tongue(
        "en",
        (
            Topic(
                "A list of your musical scores for small orchestras",
                "Could you send me a list of your musical scores? I play in a small orchestra and we plan our spring.",
                "I used the wrong word. What I mean are orchestral parts, one for each player.",
            ),
            Topic(
                "Large print novels for my mother at home",
                "My mother can no longer come in. Is there a way to have large print novels brought to her house?",
                "She likes detective stories best, and nothing that is too heavy to hold.",
            ),
            Topic(
                "The microfilm reader on the second floor",
                "Is the microfilm reader on the second floor free on Saturday morning, and does it print?",
                "It would be for the newspapers of 1951, about three hours.",
            ),
        ),
        "Question", "RE: ", "Re: ", "On {day}, {who} wrote:", ("From", "Sent", "To", "Subject"),
    ),
    Tongue(
        "es",
        (
            Topic(
                "Clases de inglés por la tarde en la sede central",
                "¿Tienen clases de inglés por la tarde? Trabajo hasta las cinco y solo puedo ir después.",
                "Los martes o los jueves serían mejores para mí, y vendría con mi hermana.",
            ),
            Topic(
                "La sala de reuniones para nuestro club de ajedrez",
                "Quisiera reservar la sala de reuniones para un club de ajedrez de unas doce personas.",
                "Llevaríamos nuestros propios tableros; basta con mesas y sillas.",
            ),
            Topic(
                "Una multa por un libro que devolví en mayo",
                "Me llegó una multa por un libro que devolví en mayo. ¿Pueden revisar mi cuenta?",
                "Lo dejé en el buzón de la calle Tercera, un domingo por la noche.",
            ),
        ),
        "Pregunta", "RE: ", "Re: ", "El {day}, {who} escribió:", ("De", "Enviado", "Para", "Asunto"),
    ),
    Tongue(
        "fr",
        (
            Topic(
                "Les registres paroissiaux de la vallée avant 1850",
                "Je cherche les registres paroissiaux de la vallée avant 1850 pour retrouver mes ancêtres.",
                "Il s'agit surtout des baptêmes, et de la famille Lemaire.",
            ),
            Topic(
                "Prêt de liseuses pour les vacances de mes enfants",
                "Prêtez-vous des liseuses ? Mes enfants en voudraient deux pour les vacances.",
                "Ils ont neuf et onze ans et lisent surtout des aventures.",
            ),
            Topic(
                "Imprimante en panne à la succursale est",
                "L'imprimante de la succursale est ne marche plus depuis lundi. Où puis-je imprimer mon dossier ?",
                "Il fait quarante pages, en couleur si possible.",
            ),
        ),
        "Demande", "RE: ", "Rép. : ", "Le {day}, {who} a écrit :", ("De", "Envoyé", "À", "Objet"),
    ),
    Tongue(
        "de",
        (
            Topic(
                "Noten für ein kleines Orchester in der Musikabteilung",
                "Haben Sie Noten für ein kleines Orchester? Wir planen gerade unser Frühjahrskonzert.",
                "Gemeint sind Stimmen, nicht Partituren, für etwa zwanzig Spieler.",
            ),
            Topic(
                "Verlängerung von drei Kochbüchern bis Ostern",
                "Ich möchte drei Kochbücher bis Ostern behalten. Geht das, oder hat sie jemand vorgemerkt?",
                "Auf eines davon könnte ich zur Not verzichten, auf das mit den Suppen.",
            ),
            Topic(
                "Führung für eine Grundschulklasse im Juni",
                "Bieten Sie Führungen für Grundschulklassen an? Wir kämen mit fünfundzwanzig Kindern im Juni.",
                "Vormittags wäre am besten, der Bus ist um neun da.",
            ),
        ),
        "Frage", "AW: ", "Antw: ", "Am {day} schrieb {who}:", ("Von", "Gesendet", "An", "Betreff"),
    ),
    Tongue(
        "zh",
        (
            Topic(
                "借阅中文儿童绘本的数量和期限",
                "请问一次可以借几本中文儿童绘本，可以借多久？",
                "孩子四岁，最喜欢动物和火车的故事。",
            ),
            Topic(
                "周末英语会话小组报名方法",
                "我想参加周末的英语会话小组，怎么报名？",
                "我和我先生两个人，星期六下午比较方便。",
            ),
            Topic(
                "二楼电脑打印简历怎么付费",
                "我要在二楼的电脑上打印简历，怎么付费？",
                "大约五页，黑白就够了。",
            ),
        ),
        "问题", "答复: ", "回复: ", "在 {day}，{who} 写道：", ("发件人", "发送时间", "收件人", "主题"),
    ),
    Tongue(
        "pl",
        (
            Topic(
                "Stare mapy miasta sprzed budowy kolei żelaznej",
                "Czy mają Państwo mapy miasta sprzed budowy kolei? Piszę pracę o dawnych ulicach.",
                "Najbardziej zależy mi na dzielnicy nad rzeką, około roku 1850.",
            ),
            Topic(
                "Kurs obsługi tabletu dla seniorów jesienią",
                "Kiedy zaczyna się kurs obsługi tabletu dla seniorów? Chciałbym zapisać mojego ojca.",
                "Ojciec ma własny tablet, ale potrzebuje większych liter.",
            ),
            Topic(
                "Zagubiona karta biblioteczna mojego syna",
                "Mój syn zgubił kartę biblioteczną w autobusie. Jak mogę ją zablokować?",
                "Nazywa się Tomek, kartę dostał we wrześniu.",
            ),
        ),
        "Pytanie", "Odp: ", "Odp: ", "W dniu {day} {who} napisał(a):", ("Od", "Wysłano", "Do", "Temat"),
    ),
    Tongue(
        "it",
        (
            Topic(
                "Fotografie dell'alluvione del 1951 nell'archivio locale",
                "Avete fotografie dell'alluvione del 1951? Mio nonno lavorava al mulino in quei giorni.",
                "Il mulino stava vicino al ponte vecchio, sulla riva sinistra.",
            ),
            Topic(
                "Prestito di audiolibri per un lungo viaggio",
                "Vorrei prendere in prestito alcuni audiolibri per un viaggio di due settimane.",
                "Ascolteremmo in macchina, dunque vanno bene anche i dischi.",
            ),
            Topic(
                "Letture serali per bambini piccoli in autunno",
                "Quando riprendono le letture serali per i bambini piccoli? Mia figlia le aspetta.",
                "Compie quattro anni a ottobre e viene con un'amica.",
            ),
        ),
        "Domanda", "R: ", "Re: ", "Il {day}, {who} ha scritto:", ("Da", "Inviato", "A", "Oggetto"),
    ),
    Tongue(
        "sv",
        (
            Topic(
                "Släktforskning om utvandrare från Värmland",
                "Har ni böcker om utvandrare från Värmland? Min farfar kom hit som pojke.",
                "Han hette Nilsson och reste från Göteborg år 1903.",
            ),
            Topic(
                "Boka grupprummet för vår stickcirkel",
                "Går det att boka grupprummet för en stickcirkel på onsdagar?",
                "Vi är åtta personer och vill helst börja klockan sex.",
            ),
            Topic(
                "Låna en symaskin från verktygsbiblioteket",
                "Lånar ni ut symaskiner? Jag ska sy gardiner till hela huset.",
                "En vecka räcker, gärna i slutet av mars.",
            ),
        ),
        "Fråga", "SV: ", "Sv: ", "Den {day} skrev {who}:", ("Från", "Skickat", "Till", "Ämne"),
    ),
)  # fmt: skip
