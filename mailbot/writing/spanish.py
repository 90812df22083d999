"""Spanish, as patrons write it: with and without accents."""

from __future__ import annotations

from mailbot.writing.lexicon import Detail, Lexicon, any_of

_CLOSE = (
    r"esposo|esposa|marido|mujer|pareja|novi[oa]|herman[oa]|hij[oa]|madre|padre|mam[aá]|pap[aá]|abuel[oa]|niet[oa]|"
    r"t[ií][oa]|sobrin[oa]|prim[oa]|amig[oa]|vecin[oa]|suegr[oa]|cuñad[oa]"
)

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
        r"\b(?:falleci\w+|muri\w+|muert\w+|difunt\w+|luto|velorio|funeral\w*|entierro|viud[oa])\b",
        r"\b(?:enferm[oa]\w*|enfermedad|diab[eé]t\w+|c[aá]ncer|tumor\w*|quimio\w*|radioterapia|cel[ií]ac\w+|asma\w*|"
        r"epil[eé]p\w+|artritis|parkinson|esclerosis|alzheimer|demencia|di[aá]lisis|trasplante|hospital\w*|"
        r"operaci[oó]n|"
        r"operad[oa]|me operan|cirug[ií]a|derrame|infarto|ciego|ciega)\b",
        r"\b(?:fractur\w+|muletas|esguince|enyesad[oa]|(?:pierna|pie|brazo|cadera|mano|tobillo) (?:rot[oa]|"
        r"quebrad[oa])|"
        r"romp[ií] (?:la|el|una?) (?:pierna|pie|brazo|cadera|mano|tobillo))\b",
        r"\b(?:medicamentos?|pastillas|receta m[eé]dica|insulina|psic[oó]log\w+|psiqui\w+|ansiedad|depre\w+|autis\w+|"
        r"tdah|diagn[oó]stic\w+|embaraz\w+|aborto|perdi[oó]? el beb[eé]|discapacidad|incapacidad|"
        r"cupones de (?:comida|alimentos))\b",
        r"\b(?:divorci\w+|custodia|manutenci[oó]n|pensi[oó]n alimenticia|me separ[eé]|deud[ao]\w*|embarg\w+|bancarrota|"
        r"desaloj\w+|renta atrasada)\b",
        r"\b(?:naturalizaci[oó]n|sin papeles|indocumentad\w+|permiso de (?:trabajo|residencia|estudios?)|tarjeta verde|"
        r"visa de|visado|asilo|soy refugiad[oa]|deport(?:ar|aron|ad|aci)\w*|migraci[oó]n)\b",
        r"\b(?:arrest\w+|detenid[oa]|c[aá]rcel|preso|(?<!la )presa|prisi[oó]n|libertad condicional|juzgado|la corte|"
        r"n[uú]mero de seguro|seguro social|estaf\w+)\b",
        r"\b(?:gay|lesbiana|homosexual\w*|trans(?:g[eé]nero|exual)|soy (?:cat[oó]lic|evang[eé]lic|musul|jud[ií])\w+|"
        r"me convert[ií]|me bauti[zc]\w+)\b",
    ),
    unsaid=any_of(
        # A plight of one's own, told.
        r"\bme (?:romp[ií]|quebr[eé]|fractur[eé]|operaron|operan|diagnosticaron|detuvieron|arrestaron|desalojan|"
        r"desalojaron)\b",
        r"\b(?:estoy|est[aá]|estar[eé]|estuve|sigue|sigo) (?:muy )?(?:enferm[oa]|embarazada|en el hospital|"
        r"hospitalizad[oa]|internad[oa]|con muletas|pres[oa]|detenid[oa])\b",
        r"\bsoy diab[eé]tic[oa]\b|\bmi (?:operaci[oó]n|cirug[ií]a|quimio\w*|c[aá]ncer|diagn[oó]stico|divorcio|"
        r"desalojo)\b",
        r"\b(?:n[uú]mero de caso|no responda|importante para nosotros|molestias|lo antes posible|a la brevedad|"
        r"usuari[oa]s?|clientes?|algoritmo|tickets?)\b",
    ),
    delicate=any_of(
        r"\b(?:falleci[oó]|muri[oó]|se muri[oó]|difunt[oa]|(?:muerte|fallecimiento) de mi|se est[aá] muriendo|"
        r"funeral)\b",
        rf"\bmi (?:{_CLOSE}) (?:ha|acaba de) (?:muerto|fallecido|morir|fallecer)\b",
        r"\b(?:suicid\w*|matar(?:me|se)|quitar(?:me|se) la vida|no quier[oe] (?:seguir )?vivi(?:r|endo)|"
        r"quiere morir(?:se)?)\b",
        r"\b(?:c[aá]rcel|preso|(?<!la )presa|prisi[oó]n|arrestad\w+|arrestaron|detuvieron|libertad condicional)\b",
        r"\b(?:abus\w*|me peg[aoó]|golpea|"
        r"violenc\w*|viol(?:aci[oó]n|ad[ao]|aron)|acos(?:o|a|ó|ad[oa]r?|an|ando)|le tengo miedo)\b",
        r"\borden de (?:protecci[oó]n|alejamiento|restricci[oó]n)\b",
        r"\b(?:c[aá]ncer|quimio\w*|diagnostic\w*|embaraz\w*|aborto|sida|vih|demencia|alzheimer|depresi[oó]n|sobredosis|"
        r"drogadic\w*|alcoh[oó]lic[oa])\b",
        r"\b(?:desaloj\w*|sin hogar|deport(?:ar|aron|ad|aci)\w*|sin papeles|indocumentad\w*|asilo(?! de ancianos)|"
        r"divorci\w*|custodia|pensi[oó]n alimenticia)\b",
        r"\b(?:gay|lesbiana|homosexual\w*|trans(?:g[eé]nero|exual))\b",
        r"\b(?:fui|soy|era|fue) adoptad[oa]\b|\bmadre biol[oó]gica\b",
        r"\bque (?:nadie|no) (?:lo |se )?(?:sepan?|enteren?|se enteren?)\b|\bnadie lo sabe\b",
        r"\bno (?:le|les) (?:diga|avise|llame)n? a (?:mi|nadie)\b",
        r"\btengo (?:mucho )?miedo\b",
        rf"\bmi ex(?:[- ]?(?:{_CLOSE})\b|\b(?![ -]?libris))",
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
    dear=any_of(
        rf"\bmi (?:difunt|finad|fallecid)[oa] ({_CLOSE})\b",
        rf"\bmi ({_CLOSE})(?: (?:difunt|finad|fallecid)[oa]| que en paz descanse)\b",
        rf"\bmi ({_CLOSE})(?:,? [^\W\d_]+)?,? (?:se )?(?:falleci[oó]|muri[oó]|ha (?:fallecido|muerto)|"
        r"acaba de (?:fallecer|morir))\b",
        rf"\b(?:falleci[oó]|muri[oó]|ha (?:fallecido|muerto)|(?:muerte|fallecimiento|funeral) de) mi ({_CLOSE})\b",
        rf"\bmi ({_CLOSE})(?: \w+){{0,6}} (?:c[aá]rcel|pres[oa]|prisi[oó]n|muriendo|detenid[oa])\b",
        rf"\bmi ({_CLOSE})\b[^.?!]{{0,60}} (?:quiere morir(?:se)?|quitarse la vida|matarse|suicidarse|"
        r"no quiere (?:seguir )?vivi(?:r|endo))\b",
    ),
    feared=any_of(
        r"\b(?:viol(?:aci[oó]n|ad[ao]|aron|en[ct]\w*)|abus\w*|acos\w*|me (?:peg|golpe|amenaz|lastim)\w+|nos (?:peg|"
        r"golpe)\w+|"
        r"amenaz\w*|orden de (?:protecci[oó]n|alejamiento|restricci[oó]n)|miedo|escond\w+|embaraz\w*|aborto|vih|"
        r"sida|gay|"
        r"lesbiana|homosexual\w*|trans(?:g[eé]nero|exual)?|custodia|divorci\w*|adopt\w*|madre biol[oó]gica)\b",
        r"\bse (?:entere|enter[oó]|d[eé] cuenta)n?\b|\b(?:nadie|no) (?:lo )?(?:sepan?|saben?)\b",
        r"\bno (?:le|les) (?:diga|avise|llame)n?\b",
    ),
)
