"""German, as patrons write it: formal and not, with ß or ss."""

from __future__ import annotations

from mailbot.writing.lexicon import Detail, Lexicon, any_of

# As whom.txt declines them: "Ihren Bruder", "Ihre Mutter", "Ihr Kind".
_CLOSE = (
    r"(ehemann|mann|ehefrau|frau|partnerin|partner|lebensgefährtin|bruder|schwester|sohn|tochter|mutter|mama|vater|"
    r"papa|"
    r"großmutter|großvater|oma|opa|enkelin|enkel|onkel|tante|neffe|nichte|cousine|cousin|freundin|freund|nachbarin|"
    r"kind)"
    r"(?:e?s|n)?"
)
_MY = r"\bmein(?:e[mnrs]?)?"

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
        r"\b(?:gestorben|verstorben\w*|tot|tod\w*|trauer\w*|beerdigung|begr[aä]bnis|witwer?|geburtsdatum)\b",
        r"\b(?:krank|krankheit\w*|erkrank\w+|krankenhaus|reha|krebs\w*|tumor\w*|chemo\w*|z[oö]liakie|asthma|"
        r"epilep\w+|arthrose|rheuma|parkinson|multiple sklerose|alzheimer|demenz|diabet\w+|dialyse|transplant\w+|"
        r"operation|operiert|schlaganfall|herzinfarkt)\b",
        r"\b(?:gebrochen\w* (?:bein|fu(?:ß|ss)|arm|h[uü]fte|hand|kn[oö]chel|handgelenk)|"
        r"(?:bein|fu(?:ß|ss)|arm|h[uü]fte|hand|kn[oö]chel|handgelenk) gebrochen|verstaucht|kr[uü]cken|gips|"
        r"mich verletzt|verletzungen)\b",
        r"\b(?:medikament\w*|tabletten|rezeptpflichtig\w*|insulin|therap(?:ie|eut)\w*|psychi\w+|psycholog(?:e|in)|"
        r"angstst[oö]rung\w*|depress\w+|autis\w+|adhs|diagnos\w+|schwanger\w*|fehlgeburt|abtreibung|"
        r"schwerbehindert\w*|behindertenausweis|erwerbsminderung\w*|b[uü]rgergeld|hartz|sozialhilfe|grundsicherung)\b",
        r"\b(?:scheidung\w*|geschieden|getrennt lebend|sorgerecht\w*|unterhaltszahlung\w*|schulden|verschuldet|"
        r"privatinsolvenz|pf[aä]nd\w+|gerichtsvollzieher\w*|zwangsr[aä]um\w+|r[aä]umungs\w+|mietr[uü]ckst\w+|"
        r"obdachlos\w*)\b",
        r"\b(?:einb[uü]rgerung|aufenthalts(?:titel|genehmigung|erlaubnis|status)|arbeitserlaubnis|duldung|visum|"
        r"asyl\w*|"
        r"bin gefl[uü]chtet|bin fl[uü]chtling|abschieb\w+|ausl[aä]nderbeh[oö]rde)\b",
        r"\b(?:verhaft\w+|festgenommen|gef[aä]ngnis|haft|knast|bew[aä]hrung|vorbestraft|gerichtstermin|"
        r"sozialversicherungsnummer|personalausweisnummer|kontonummer|betr[uü]g(?:er|ern|erin)|betrogen)\b",
        r"\b(?:schwul\w*|lesbisch\w*|homosexuell\w*|transgender|transsexuell\w*|konvertiert\w*|mich taufen|"
        r"ich bin (?:katholisch|evangelisch|muslim\w*|j[uü]disch))\b",
    ),
    unsaid=any_of(
        # A plight of one's own, told.
        r"\bmir (?:das|den|die) \w+ gebrochen\b|\bauf kr[uü]cken\b",
        r"\b(?:bin|ist|war|liege|liegt) (?:\w+ ){0,2}(?:krank|erkrankt|schwanger|im krankenhaus|operiert|verhaftet|"
        r"in haft)\b",
        r"\bich habe (?:leider |seit \w+ )?(?:ms|krebs|diabetes|rheuma|parkinson|depressionen|eine depression)\b",
        r"\bmeine[rn]? (?:operation|chemo\w*|krankheit|scheidung|diagnose|schwangerschaft)\b|"
        r"\bmein(?:en|em|es)? (?:schlaganfall|krebs|rheuma)\b",
        r"\b(?:vorgangsnummer|fallnummer|nicht antworten|ist uns wichtig|unannehmlichkeiten|"
        r"schnellstm[oö]glich|so bald wie "
        r"m[oö]glich|zeitnah|kunden?|algorithmus|tickets?)\b",
    ),
    delicate=any_of(
        rf"\bist (?:gestorben|verstorben)\b|{_MY} {_CLOSE}(?: \w+){{0,5}} (?:gestorben|verstorben)\b|{_MY} verstorbene",
        r"\btod(?:es)? mein|\bist meine? \w+ (?:gestorben|verstorben)\b|\bliegt im sterben\b|\bbeerdigung\b",
        r"\b(?:suizid\w*|selbstmord\w*|umbringen|das leben nehmen|nicht mehr leben (?:will|m[oö]chte)|"
        r"(?:will|m[oö]chte) (?:nicht mehr leben|sterben))\b",
        r"\b(?:gef[aä]ngnis|haft|knast|verhaftet|festgenommen|auf bew[aä]hrung)\b",
        r"\b(?:vergewaltig\w*|missbrauch(?:t|te|ten|s)?|bel[aä]stigt\w*|bedroht mich|h[aä]usliche\w* gewalt|"
        r"stalk\w*|schl[aä]gt mich|"
        r"angst vor (?:ihm|ihr|meinem|meiner)|gewaltschutz\w*|kontaktverbot)\b",
        r"\b(?:krebs|chemo\w*|diagnos(?:e|en|tiziert)|schwanger\w*|fehlgeburt|abtreibung|hiv|aids|demenz|alzheimer|"
        r"depression\w*|"
        r"drogens[uü]chtig|alkoholiker\w*|[uü]berdosis)\b",
        r"\b(?:abschieb\w*|r[aä]umungsklage|zwangsr[aä]um\w*|obdachlos\w*|asyl\w*|scheidung\w*|sorgerecht\w*)\b",
        r"\b(?:schwul\w*|lesbisch\w*|homosexuell\w*|transgender|transsexuell\w*)\b",
        r"\b(?:wurde|bin|worden) adoptiert\b|\badoptiert (?:wurde|worden|bin)\b|\bleibliche\w* (?:mutter|vater|"
        r"eltern)\b",
        r"\b(?:niemand|nicht|nichts|keiner)\b[^.?!]{0,20}\b(?:wissen|erfahren|mitbekommen) (?:soll|darf|d[uü]rfen)\b|"
        r"\b(?:niemand|keiner) (?:(?:soll|darf) (?:es |das |davon )?(?:wissen|erfahren)|wei(?:ß|ss) (?:es|das|"
        r"davon))\b|"
        r"\b(?:soll|darf) (?:es |das |davon )?(?:nicht|nichts|nie) (?:davon )?(?:wissen|erfahren|mitbekommen)\b",
        r"\b(?:sagen|verraten) sie (?:es |das )?(?:niemandem|nichts|bitte nichts|nicht)\b",
        r"\bich habe (?:gro(?:ß|ss)e )?angst\b",
        rf"{_MY} ex(?:-?{_CLOSE}\b|\b(?![ -]?libris))",
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
    dear=any_of(
        rf"{_MY} (?:k[uü]rzlich |vor kurzem )?verstorbene[nmrs]? {_CLOSE}\b",
        rf"{_MY} {_CLOSE} (?:[^\W\d_]+ )?(?:ist|war)(?: \w+){{0,5}} (?:gestorben|verstorben)\b",
        rf"{_MY} {_CLOSE}(?: \w+){{0,4}} (?:gestorben|verstorben) (?:ist|war)\b",
        rf"\b(?:tod(?:es)?|beerdigung|begr[aä]bnis) meine[rs] {_CLOSE}\b",
        rf"\b(?:gestorben|verstorben) ist mein[e]? {_CLOSE}\b|\bist mein[e]? {_CLOSE} (?:gestorben|verstorben)\b",
        rf"{_MY} {_CLOSE}(?: \w+){{0,6}} (?:gef[aä]ngnis|haft|knast|sterben|hospiz)\b",
        rf"{_MY} {_CLOSE}\b[^.?!]{{0,60}} (?:sterben (?:will|m[oö]chte)|umbringen|das leben nehmen|nicht mehr leben)\b",
    ),
    feared=any_of(
        r"\b(?:vergewalt\w*|missbrauch\w*|bel[aä]stig\w*|schl[aä]gt|geschlagen|gewalt\w*|bedroh\w*|droht|stalk\w*|"
        r"kontaktverbot|angst|verstecke?n?|schwanger\w*|abtreibung|hiv|aids|schwul\w*|lesbisch\w*|homosexuell\w*|"
        r"trans(?:gender|sexuell\w*)?|outing|sorgerecht\w*|scheidung\w*|adopti\w*|leibliche\w*)\b",
        r"\b(?:erf[aä]hrt|erfahren|mitbekomm\w*|herausfind\w*)\b|\b(?:niemand|nicht|nichts|"
        r"keiner)\b[^.?!]{0,20}\bwei(?:ß|ss)\b|"
        r"\bwei(?:ß|ss) (?:es |davon |das )?nichts?\b|\b(?:nicht|nichts) (?:davon )?wissen\b",
        r"\b(?:sagen|verraten|rufen) sie (?:es |das )?(?:niemandem|nichts|nicht|bitte nicht)\b",
    ),
)
