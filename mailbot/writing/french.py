"""French, as patrons write it: with and without accents."""

from __future__ import annotations

from mailbot.writing.lexicon import NOTHING, Detail, Lexicon, any_of

FRENCH = Lexicon(
    asks=any_of(
        r"\b(?:pourr(?:iez|ais|ait|ions)|pouvez|puis-je|peut-on|peux|voudrais|voudrions|aimerais|aimerions|"
        r"souhaite\w*)\b",
        r"\b(?:cherche|cherchons|ai besoin|avons besoin|avez-vous|est-ce que|est-il possible|y a-t-il|merci de)\b",
        r"\b(?:comment|combien|quand|o[uù] est|pourquoi|quel(?:le)?s?|s'il vous pla[iî]t|svp|j'aurais besoin)\b",
    ),
    weak=any_of(r"\b(?:ne (?:fonctionne|marche)|perdu|rendu|oubli[eé]|toujours pas|depuis)\b"),
    courtesy=any_of(
        r"^(?:merci|bonjour|bonsoir|madame|monsieur|cher|ch[eè]re|cordialement|bien [aà] vous|salutations|"
        r"pardon|d[eé]sol[eé]e?)\b",
    ),
    pointing=any_of(r"\b(?:il|elle|ils|elles|le|la|les|lui|leur|ce|cela|[cç]a|celui|celle|ceux|ici|y)\b"),
    empty=frozenset(
        "a à ai as au aux avec avez avoir avons bien ce cela ces cette comme comment dans de des du elle "
        "elles en est et "
        "été être fait ici il ils j'ai je la le les leur lui ma mais me mes moi mon n'ai ne nos notre nous on "
        "ont ou où par "
        "pas peu peut plus pour pouvez qu'il que quel quelle qui sa se ses si son sont suis sur ta te très tu "
        "un une vos "
        "votre vous y merci bonjour est-ce avez-vous".split()
    ),
    common=frozenset(
        "aide carte classe compte date enfant fils fille heure jour lire livre livres mère père prix salle".split()
    ),
    opens=any_of(
        r"^(?:et |mais )?(?:est-ce|avez-vous|pouvez|puis-je|peut-on|comment|combien|quand|o[uù]|qui|que|quoi|"
        r"pourquoi|quel(?:le)?s?|y a)\b",
    ),
    private=any_of(
        r"\b(?:d[eé]c[eé]d\w+|mort\w*|deuil|h[oô]pital|cancer|dialyse|op[eé]ration|divorc\w+|dettes?|"
        r"naturalisation|enceinte|"
        r"veuf|veuve|date de naissance)\b",
    ),
    unsaid=any_of(
        r"\b(?:num[eé]ro de dossier|ne pas r[eé]pondre|importante? pour nous|d[eé]sagr[eé]ment|"
        r"dans les plus brefs d[eé]lais|"
        r"usagers?|clients?|algorithme|tickets?)\b",
    ),
    delicate=any_of(
        r"\b(?:est (?:d[eé]c[eé]d[eé]e?|morte?)|suicid\w*|me tuer|en finir|prison|d[eé]tenu\w*|"
        r"viol(?:[eé]e?s?|ence\w*)?|abus\w*)\b",
        r"\b(?:me frappe|me bat|peur de (?:lui|mon|ma)|ordonnance de protection|cancer|enceinte|avortement|"
        r"vih|sida|d[eé]mence)\b",
        r"\b(?:d[eé]pression|expuls\w*|sans.papiers|asile|divorce|garde des enfants|"
        r"que personne (?:ne )?(?:le )?sache)\b",
    ),
    urgent=any_of(
        r"\b(?:urgent\w*|urgence|tout de suite|imm[eé]diatement|ce soir)\b",
        r"\b(?:examen|audience|tribunal|rendez-vous|entretien)\b.{0,40}\b(?:demain|aujourd'hui)\b",
        r"\b(?:suicid\w*|me tuer|me frappe|ordonnance de protection)\b",
    ),
    details=(
        Detail(
            any_of(r"\b(?:jours?|dates?|heures?|quand)\b"),
            any_of(
                r"\b(?:janvier|f[eé]vrier|mars|avril|mai|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[eé]cembre|"
                r"demain)\b",
                r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)\b",
            ),
        ),
        Detail(
            any_of(r"\b(?:o[uù]|lieu|[eé]tage|b[aâ]timent|appareil|imprimante)\b"),
            any_of(r"\b(?:[eé]tage|en (?:haut|bas)|sous-sol|rez-de-chauss[eé]e|salle \w?\d+|entr[eé]e|annexe)\b"),
        ),
        Detail(
            any_of(r"\b(?:titres?|sujet|auteur\w*|cours|lien|[eé]cran|message)\b"),
            any_of(r"[\"«“][^\"»”]{4,}[\"»”]", r"\b(?:isbn|doi|sujet)\b|https?://"),
        ),
    ),
    general=any_of(
        r"(?:^|[.?!:;\n] ?)(?:et |mais )?(?:combien|quel(?:le)?s?|o[uù]|que |qu'est-ce|qui|pourquoi|quand|avez-vous|"
        r"y a-t-il|est-ce (?:que c|un))",
    ),
    trouble=any_of(
        r"\b(?:ne (?:fonctionne|marche)|cass[eé]e?|erreur|expir[eé]e?|disparue?|refus[eé]e?|toujours pas|"
        r"encore une fois|introuvable|bloqu[eé]e?|plainte|perdue?|faux|fausse|abîm[eé]e?)\b"
    ),
    remedy=any_of(r"\b(?:aide|r[eé]pare|regarde)\b"),
    several=any_of(
        r"(?:^|[.?!\n] ?)(?:et )?(?:aussi|de plus|par ailleurs|deuxi[eè]mement|(?:une )?autre (?:chose|question))\b",
        r"\bdeux (?:choses|questions)\b",
        r"(?:^|\s)1[.)] [^\0]{1,2000}\s2[.)] ",
    ),
    dear=NOTHING,  # quiet letters in this language name nobody
    feared=NOTHING,
)
