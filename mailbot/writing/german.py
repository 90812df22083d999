"""German, as patrons write it: formal and not, with ß or ss."""

from __future__ import annotations

from mailbot.writing.lexicon import NOTHING, Detail, Lexicon, any_of

GERMAN = Lexicon(
    asks=any_of(
        r"\b(?:k[oö]nn(?:en|t|te|ten)|kann|darf|d[uü]rf(?:en|te)|m[oö]chten?|w[uü]rden?|brauchen?|suchen?|"
        r"bitten?|bitte)\b",
        r"\b(?:haben sie|habt ihr|gibt es|gibt's|ist es m[oö]glich|wissen sie|ich h[aä]tte|wir h[aä]tten|"
        r"h[aä]tte gern)\b",
        r"\b(?:wie|wo|wann|was|wer|warum|wieso|welche[rsnm]?|wieviel|wie viel)\b",
    ),
    weak=any_of(r"\b(?:geht nicht|funktioniert nicht|verloren|vergessen|zur[uü]ckgegeben|immer noch|seit)\b"),
    courtesy=any_of(
        r"^(?:danke|vielen dank|herzlichen dank|guten (?:tag|morgen|abend)|hallo|liebe[rs]?|sehr geehrte[rs]?|"
        r"mit freundlichen|"
        r"viele gr[uü][sß]+e|entschuldig\w+)\b",
    ),
    pointing=any_of(r"\b(?:er|sie|es|ihn|ihm|ihr|das|dies(?:e[rsnm]?)?|jene[rsnm]?|dort|da|davon|dazu|eins)\b"),
    empty=frozenset(
        "aber als am an auch auf aus bei bin bis bitte da damit das dass dem den der des die dies diese "
        "dieser du ein eine "
        "einem einen einer er es etwas euch für gibt haben hat hatte ich ihm ihn ihr ihre ihrer im in ist ja "
        "kann können "
        "man mein meine meinen meiner mich mir mit nach nicht noch nur ob oder schon sehr sein sich sie sind "
        "so über um und "
        "uns unser von vor war was wie wir wird wo würde würden zu zum zur danke hallo möchte möchten".split()
    ),
    common=frozenset(
        "buch bücher hilfe kind kinder konto karte kurs lesen raum sohn tochter uhr zeit tag name seite".split()
    ),
    opens=any_of(
        r"^(?:und |aber )?(?:k[oö]nnen|kann|darf|haben|habt|gibt|ist|sind|wie|wo|wann|was|wer|warum|wieso|"
        r"welche[rsnm]?|muss)\b",
    ),
    private=any_of(
        r"\b(?:gestorben|verstorben\w*|tot|tod\w*|trauer\w*|krankenhaus|krebs|operation|schlaganfall|"
        r"scheidung|schulden|"
        r"schwanger|einb[uü]rgerung|witwer?|geburtsdatum)\b",
    ),
    unsaid=any_of(
        r"\b(?:vorgangsnummer|fallnummer|nicht antworten|ist uns wichtig|unannehmlichkeiten|"
        r"schnellstm[oö]glich|so bald wie "
        r"m[oö]glich|zeitnah|kunden?|algorithmus|tickets?)\b",
    ),
    delicate=any_of(
        r"\b(?:ist (?:gestorben|verstorben)|suizid\w*|selbstmord\w*|umbringen|gef[aä]ngnis|haft|"
        r"vergewaltig\w*|missbrauch\w*)\b",
        r"\b(?:schl[aä]gt mich|angst vor (?:ihm|ihr|meinem|meiner)|gewaltschutz\w*|krebs|schwanger\w*|"
        r"abtreibung|hiv|demenz)\b",
        r"\b(?:depression\w*|abschiebung\w*|r[aä]umungsklage|asyl|scheidung|sorgerecht|niemand (?:soll|"
        r"darf) (?:es |das )?wissen)\b",
    ),
    urgent=any_of(
        r"\b(?:dringend\w*|eilig|notfall|sofort|heute abend)\b",
        r"\b(?:pr[uü]fung|gericht|termin|verhandlung|vorstellungsgespr[aä]ch)\b.{0,40}\b(?:heute|morgen)\b",
        r"\b(?:suizid\w*|umbringen|schl[aä]gt mich)\b",
    ),
    details=(
        Detail(
            any_of(r"\b(?:tag\w*|datum|wann|uhrzeit\w*|zeiten)\b"),
            any_of(
                r"\b(?:januar|februar|m[aä]rz|april|mai|juni|juli|august|september|oktober|november|dezember|heute|"
                r"morgen)\b",
                r"\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)\b|\b\d{1,2}\.\d{1,2}\.",
            ),
        ),
        Detail(
            any_of(r"\b(?:wo|ort|standort|stock(?:werk)?|geb[aä]ude|ger[aä]t|drucker)\b"),
            any_of(r"\b(?:\w*stock(?:werk)?|oben|unten|keller|erdgeschoss|raum \w?\d+|eingang|filiale|zweigstelle)\b"),
        ),
        Detail(
            any_of(r"\b(?:titel\w*|thema|autor\w*|kurs\w*|modul|link|bildschirm|meldung)\b"),
            any_of(r"[\"„“»«][^\"“”»«]{4,}[\"“”«»]", r"\b(?:isbn|doi|thema)\b|https?://"),
        ),
    ),
    general=any_of(
        r"(?:^|[.?!:;\n] ?)(?:und |aber )?(?:wie (?:lange|viele?|oft)|welche[rsnm]?|wo|was|wer|warum|wann|haben sie|"
        r"habt ihr|gibt es|"
        r"ist (?:das|es)|sind)\b",
    ),
    trouble=any_of(
        r"\b(?:geht nicht|funktioniert nicht|kaputt|fehler\w*|gesperrt|abgelaufen|verschwunden|abgelehnt|immer noch|"
        r"schon wieder|kommt nicht|geht nicht mehr|nicht (?:gefunden|erlaubt)|beschwer\w*|verloren|falsch\w*)\b"
    ),
    remedy=any_of(r"\b(?:hilft|behebt|hilfe|sieht es sich an)\b"),
    several=any_of(
        r"(?:^|[.?!\n] ?)(?:und )?(?:au(?:ß|ss)erdem|zudem|zweitens|noch (?:eine frage|etwas))\b",
        r"\bzwei (?:dinge|fragen|sachen)\b",
        r"(?:^|\s)1[.)] [^\0]{1,2000}\s2[.)] ",
    ),
    dear=NOTHING,  # quiet letters in this language name nobody
    feared=NOTHING,
)
