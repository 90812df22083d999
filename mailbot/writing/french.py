"""French, as patrons write it: with and without accents."""

from __future__ import annotations

from mailbot.writing.lexicon import Detail, Lexicon, any_of

_CLOSE = (
    r"mari|femme|[eé]pou(?:x|se)|conjointe?|compagn(?:on|e)|fr[eè]re|s(?:œ|oe)ur|fils|fille|m[eè]re|p[eè]re|maman|papa|"
    r"grand-m[eè]re|grand-p[eè]re|petit-fils|petite-fille|oncle|tante|neveu|ni[eè]ce|cousine?|amie?|voisine?|enfant"
)

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
        r"\b(?:d[eé]c[eé]d\w+|d[eé]c[eè]s|morte?s?|mourir|mourante?|deuil|obs[eè]ques|enterr\w+|veuf|veuve|"
        r"date de naissance)\b",
        r"\b(?:malad(?:e|ie)s?|diab[eè]t\w+|diab[eé]tique|cancer|tumeur\w*|chimio\w*|coeliaque|cœliaque|asthm\w+|"
        r"[eé]pilep\w+|arthr\w+|parkinson|scl[eé]rose|alzheimer|d[eé]mence|dialyse|greffe d[eu]|h[oô]pital|"
        r"hospitalis\w+|"
        r"op[eé]ration|op[eé]r[eé]e?|chirurgi\w+|avc|infarctus)\b",
        r"\b(?:fractur\w+|entorse|b[eé]quilles|pl[aâ]tr[eé]e?|dans le pl[aâ]tre|"
        r"(?:jambe|pied|bras|hanche|main|cheville|poignet) cass[eé]e?|cass[eé] (?:la|le|une?) "
        r"(?:jambe|pied|bras|hanche|main|cheville|poignet))\b",
        r"\b(?:m[eé]dicaments?|ordonnance|insuline|psychologue|psychiatr\w+|psychoth\w+|anxi\w+|d[eé]press\w+|"
        r"d[eé]prim[eé]e?|"
        r"autis\w+|tdah|diagnosti\w+|enceinte|grossesse|fausse couche|avortement|ivg|invalidit[eé]|aah|rsa|"
        r"allocations?)\b",
        r"\b(?:divorc\w+|s[eé]par[eé]e? de|garde (?:des enfants|altern[eé]e|de mes)|pension alimentaire|dettes?|"
        r"surendett\w+|faillite|huissier|expuls\w+|loyers? (?:de retard|impay[eé]s?))\b",
        r"\b(?:naturalisation|sans.papiers|permis d(?:e travail|e s[eé]jour|'[eé]tudes)|titre de s[eé]jour|"
        r"visa (?:d|pour)\w*|asile|"
        r"suis r[eé]fugi[eé]e?|pr[eé]fecture|immigration)\b",
        r"\b(?:arr[eê]t[eé]e? par la|garde [aà] vue|prison|d[eé]tenue?|incarc\w+|lib[eé]ration conditionnelle|"
        r"tribunal|num[eé]ro de s[eé]cu\w*|num[eé]ro d'assurance sociale|(?:mon|son) nas|arnaqu\w+|escroqu\w+)\b",
        r"\b(?:homosexuel\w*|gay|lesbienne|transgenre|transsexuel\w*|suis convertie?|me faire baptiser|"
        r"je suis (?:catholique|musulmane?|juive?|protestante?))\b",
    ),
    unsaid=any_of(
        # A plight of one's own, told.
        r"\bme suis (?:cass[eé]e?|fractur[eé]e?|foul[eé]e?)\b|\bsur b[eé]quilles\b",
        r"\b(?:suis|est|serai|sera|[eé]tais|[eé]tait) (?:tr[eè]s |tomb[eé]e? )?(?:malade|enceinte|hospitalis[eé]e?|"
        r"[aà] l['’]h[oô]pital|op[eé]r[eé]e?|en prison|diab[eé]tique)\b",
        r"\bmon (?:op[eé]ration|cancer|divorce|expulsion|avc)\b|\bma (?:chimio\w*|maladie|d[eé]pression|grossesse)\b",
        r"\b(?:num[eé]ro de dossier|ne pas r[eé]pondre|importante? pour nous|d[eé]sagr[eé]ment|"
        r"dans les plus brefs d[eé]lais|"
        r"usagers?|clients?|algorithme|tickets?)\b",
    ),
    delicate=any_of(
        r"\b(?:est (?:d[eé]c[eé]d[eé]e?|morte?)|(?:mort|d[eé]c[eè]s|obs[eè]ques) de m(?:on|a)|vient de (?:mourir|"
        r"d[eé]c[eé]der)|"
        r"en train de mourir)\b",
        rf"\bperdu m(?:on|a) (?:{_CLOSE})\b|\b(?:feu mon|d[eé]funte?)\b",
        r"\b(?:suicid\w*|me tuer|se tuer|en finir|(?:fin [aà]|[oô]ter) (?:mes jours|ses jours|ma vie|sa vie|la vie)|"
        r"(?:veux|veut|envie de) mourir)\b",
        r"\b(?:prison|d[eé]tenu\w*|incarc[eé]r\w*|garde [aà] vue|arr[eê]t[eé]e? par la police|"
        r"lib[eé]ration conditionnelle)\b",
        r"\b(?:viol(?:[eé]e?s?|ence\w*)?|abus\w*|agress[eé]e?s?|harc[eè]l\w*|"
        r"harc[eé]l\w*|me frappe|me bat|peur de (?:lui|mon|ma)|ordonnance de protection)\b",
        r"\b(?:cancer|chimio\w*|diagnosti\w*|enceinte|avortement|ivg|fausse couche|vih|sida|s[eé]ropositi\w*|"
        r"d[eé]mence|"
        r"alzheimer|d[eé]pression|overdose|toxicoman\w*|alcoolique)\b",
        r"\b(?:expuls\w*|sans.papiers|sans.abri|asile|divorc\w*|garde (?:des enfants|altern[eé]e)|"
        r"pension alimentaire)\b",
        r"\b(?:gay|lesbienne|homosexuel\w*|transgenre|transsexuel\w*)\b",
        r"\b[eé]t[eé] adopt[eé]e?\b|\b(?:m[eè]re biologique|n[eé]e? sous x)\b",
        r"\bque (?:personne|mon \w+|ma \w+|mes \w+) (?:ne )?(?:le |l')?(?:sachent?|apprennent?|apprenne)\b",
        r"\bpersonne ne (?:le sait|(?:doit|devrait) (?:le )?savoir)\b",
        r"\bne (?:dites|t[eé]l[eé]phonez|appelez) (?:rien|pas) (?:[aà]|chez) (?:mon|ma|mes|personne)\b",
        r"\bj'ai (?:tr[eè]s )?peur\b(?! (?:du|des|que)\b| d'(?!elle)| de (?!lui|mon|ma|mes))",
        r"\bm(?:on|es) ex\b(?![ -]?libris)",
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
    dear=any_of(
        rf"\b(?:mon (?:d[eé]funt|feu|regrett[eé])|ma (?:d[eé]funte|feue|regrett[eé]e)|feu mon) ({_CLOSE})\b",
        rf"\bm(?:on|a) ({_CLOSE})(?:,? [^\W\d_]+)?,? (?:est|vient de|[eé]tait) (?:d[eé]c[eé]d(?:[eé]e?|er)|"
        rf"mort(?:e)?|mourir)\b",
        rf"\b(?:perdu|mort de|d[eé]c[eè]s de|obs[eè]ques de) m(?:on|a) ({_CLOSE})\b",
        rf"\bm(?:on|a) ({_CLOSE})(?: \w+){{0,6}} (?:prison|d[eé]tenue?|mourante?|soins palliatifs|train de mourir)\b",
        rf"\bm(?:on|a) ({_CLOSE})\b[^.?!]{{0,60}} (?:(?:veut|envie de) mourir|se (?:tuer|suicider)|"
        r"fin [aà] (?:ses jours|sa vie))\b",
    ),
    feared=any_of(
        r"\b(?:viol(?:[eé]e?s?|en[ct]\w*)?|abus\w*|agress\w*|harc[eè]l\w*|harc[eé]l\w*|m(?:e|'a) (?:frapp|bat|"
        r"menac)\w*|"
        r"menac\w*|ordonnance de protection|peur|cach(?:e|er|ons|ent)|enceinte|grossesse|avortement|ivg|vih|sida|gay|"
        r"lesbienne|homosexuel\w*|trans(?:genre|sexuel\w*)?|garde (?:des|de mes|altern[eé]e)|divorc\w*|adopt\w*|"
        r"m[eè]re biologique|n[eé]e? sous x)\b",
        r"\b(?:le|l'|ne|rien) ?(?:sachent?|apprenn?e(?:nt)?|sait pas|sait rien)\b|\bpersonne ne (?:le )?sait\b|"
        r"\bne (?:doit|doivent) (?:pas |rien |jamais )?(?:le )?(?:savoir|apprendre)\b",
        r"\bne (?:dites|t[eé]l[eé]phonez|appelez)\b",
    ),
)
