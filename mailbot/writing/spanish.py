"""Spanish, as patrons write it: with and without accents."""

from __future__ import annotations

from mailbot.writing.lexicon import NOTHING, Detail, Lexicon, any_of

SPANISH = Lexicon(
    asks=any_of(
        r"\b(?:puedo|podemos|puede|pueden|podr[ií]an?|podr[ií]amos|me podr[ií]an?)\b",
        r"\bquisi[eé]ra(?:mos)?\b",
        r"\b(?:quiero|queremos|necesito|necesitamos|busco|buscamos|me gustar[ií]a|nos gustar[ií]a|deseo)\b",
        r"\b(?:hay|tienen|tiene) (?:algo|alguien|alg[uú]n\w*|libros?)\b",
        r"\bpor favor\b",
        r"\bquer[ií]a\b",
        r"\b(?:cómo|cu[aá]nto|cuándo|dónde|qué|quién|cuál)\b",
        r"\bse puede\b",
    ),
    weak=any_of(
        r"\bson en\b",
        r"\bpaso por\b",
        r"\bno (?:funciona|me deja|sale|aparece|entiende)\b",
        r"\bperd[ií]\b",
        r"\bdevolv[ií]\b",
    ),
    courtesy=any_of(
        r"^(?:muchas |muchísimas |mil )?gracias\b",
        r"^(?:hola|buen[oa]s (?:d[ií]as|tardes|noches)?|estimad[oa]s?)[,.! ]*$",
        r"^saludos\b",
        r"^perd[oó]n\b",
        r"^atentamente\b",
        r"^disculpen?\b",
    ),
    pointing=any_of(
        r"\b(?:lo|la|los|las|le|les|sus?|eso|esto|esa|ese|esos|esas|esta|este|[eé]l|ella|ellos|ah[ií]|all[ií])\b"
    ),
    empty=frozenset(
        "a al algo ante como con cuando donde va van ir voy quien "
        "cómo cuál cuándo cuánto cuesta de del dónde el ella ellos en es esa ese eso esta este "
        "esto está están fue ha hay he la las le les lo los me mi mis muy más nada no nos o para pero por "
        "puede puedo que quién qué se ser si sin sobre son su sus sé también tan tengo tiene tienen un una uno "
        "y ya yo hola favor gracias".split()
    ),
    common=frozenset(
        "ayuda clase cita cuenta debo devolví entregué foto grupo hija hijo hoy libro libros leer mensaje multa "
        "murió niño niña "
        "niños partes pedir perdí sala tarjeta trabajo ver traer traen busco evento escuela".split()
    ),
    opens=any_of(
        r"^(?:y |pero )?(?:c[oó]mo|cu[aá]nto|cu[aá]ndo|d[oó]nde|qu[eé]|qui[eé]n|cu[aá]l|hay|puedo|se puede|tienen)\b"
    ),
    private=any_of(
        r"\b(?:falleci\w+|muri\w+|muert\w+|diabetes|c[aá]ncer|embaraz\w+|hospital|divorci\w+|naturalizaci[oó]n|deud\w+|"
        r"sin papeles|derrame|ciego|ciega)\b"
    ),
    unsaid=any_of(
        r"\b(?:n[uú]mero de caso|no responda|importante para nosotros|molestias|lo antes posible|a la brevedad|"
        r"usuari[oa]s?|clientes?|algoritmo|tickets?)\b"
    ),
    delicate=any_of(
        r"\b(?:falleci[oó]|muri[oó]|se muri[oó]|difunt[oa]|suicid\w*|matarme|quitarme la vida|no quiero vivir)\b",
        r"\b(?:c[aá]rcel|preso|presa|prisi[oó]n|abus\w*|me pega|golpea|violenc\w*|le tengo miedo)\b",
        r"\borden de protecci[oó]n\b",
        r"\b(?:c[aá]ncer|embaraz\w*|sida|vih|demencia|depresi[oó]n)\b",
        r"\b(?:desaloj\w*|deport\w*|sin papeles|asilo|divorcio|custodia)\b",
        r"\bque (?:nadie|no) (?:lo )?(?:sepa|se entere)\b",
        r"\btengo miedo\b",
    ),
    urgent=any_of(
        r"\burgent\w*\b",
        r"\bemergencia\b(?! familiar)",
        r"\bahora mismo\b",
        r"\besta noche\b",
        r"\b(?:audiencia|corte|cita|examen)\b.{0,40}\b(?:hoy|mañana)\b",
        r"\b(?:suicid\w*|matarme|quitarme la vida|no quiero vivir|me pega|orden de protecci[oó]n)\b",
    ),
    details=(
        Detail(
            any_of(r"\b(?:d[ií]as?|fechas?|horas?|cu[aá]ndo)\b"),
            any_of(
                r"\b(?:enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|"
                r"mañana|hoy)\b",
                r"\b(?:lunes|martes|mi[eé]rcoles|jueves|viernes|s[aá]bado|domingo)\b",
            ),
        ),
        Detail(
            any_of(r"\b(?:d[oó]nde|lugar|piso|edificio|aparato|impresora)\b"),
            any_of(r"\b(?:piso|arriba|abajo|s[oó]tano|planta|sala \w?\d+|entrada|sucursal)\b"),
        ),
        Detail(
            any_of(r"\b(?:t[ií]tulos?|tema|autor\w*|curso|enlace|pantalla|mensaje)\b"),
            any_of(r"[\"«“][^\"»”]{4,}[\"»”]", r"\b(?:isbn|doi|tema)\b|https?://"),
        ),
    ),
    general=any_of(
        r"(?:^|[.?!:;\n¿] ?)(?:y |pero )?(?:cu[aá]nt[oa]s?|cu[aá]l(?:es)?|d[oó]nde|qu[eé]|qui[eé]n|por qu[eé]|"
        r"cu[aá]ndo|"
        r"tienen|hay|es (?:esto|eso|cierto))\b",
    ),
    trouble=any_of(
        r"\b(?:no (?:encuentr\w+|funciona|sirve|me deja|puedo|sale|aparece)|roto|rota|perd[ií]|mal|equivocad[oa]|queja|"
        r"bloquead[oa]|ya (?:lo|los|la|las) "
        r"(?:devolv|entreg)\w+)\b",
    ),
    remedy=any_of(r"\b(?:arregla|ayuda|lo mira|guarda)\b"),
    several=any_of(
        r"(?:^|[.?!\n] ?¿?)(?:y )?(?:tambi[eé]n|adem[aá]s|por otro lado|otra (?:cosa|pregunta)|segundo)\b",
        r"\bdos (?:cosas|preguntas)\b",
        r"(?:^|\s)1[.)] [^\0]{1,2000}\s2[.)] ",
    ),
    dear=NOTHING,  # quiet letters in this language name nobody
    feared=NOTHING,
)
