"""What mail programs and robots write, in the languages they write it in: tables of words, no logic.

Labels and patterns are for lower case: labels without blanks and marks around them, patterns for lowered lines.
"""

from __future__ import annotations

from mailbot.mail.lexicon import late

FROM = """
from|von|de|expéditeur|expediteur|remitente|mittente|da|van|afzender|från|fran|avsändare|fra|avsender|afsender|
lähettäjä|
lahettaja|keneltä|od|nadawca|odesílatel|odesilatel|odosielateľ|feladó|felado|küldő|de la|expeditor|šalje|pošiljatelj|
pošiljalac|пошиљалац|от|отправитель|от кого|від|відправник|подател|из|од|από|apo|αποστολέας|kimden|gönderen|من|
المرسل|מאת|
از|فرستنده|发件人|寄件人|寄件者|發件人|发信人|差出人|送信者|보낸 사람|보낸사람|발신|từ|người gửi|จาก|ผู้ส่ง|dari|
pengirim|daripada|
प्रेषक|से|saatja|kellelt|no|sūtītājs|nuo|siuntėjas|frá|sendandi|nork|mula kay|kutoka kwa|от:|nga|dërguesi|од кого|ó|
"""
SUBJECT = """
subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|ämne|amne|emne|aihe|otsikko|temat|předmět|predmet|
tárgy|targy|
subiect|naslov|zadeva|предмет|тема|относно|θέμα|thema|konu|الموضوع|موضوع|נושא|主题|主題|主旨|件名|제목|chủ đề|
tiêu đề|เรื่อง|
หัวเรื่อง|
หัวข้อ|subjek|perihal|judul|विषय|teema|temats|tēma|tema|assumpte|efni|gaia|subjekt|subyek|paksa|re|objekt|subjekti|
asunto:|
"""
DATE = """
date|sent|datum|gesendet|envoyé|envoye|date d'envoi|fecha|enviado|enviado el|enviado em|data|inviato|data invio|
verzonden|verzonden op|skickat|
sendt|dato|päiväys|paivays|päivämäärä|pvm|lähetetty|wysłano|wyslano|odesláno|odoslané|dátum|datum:|elküldve|küldve|
dată|trimis|
trimis la|poslano|poslato|послато|датум|изпратено|дата|отправлено|надіслано|дата отправки|ημερομηνία|στάλθηκε|εστάλη|
tarih|gönderildi|gönderme tarihi|gönderilme tarihi|التاريخ|تاريخ الإرسال|تم الإرسال|أرسلت|תאריך|נשלח|تاریخ|日期|时间|
时 间|发送时间|发送日期|寄件日期|
傳送時間|時間|日時|日付|送信日時|送信日|날짜|보낸 날짜|보낸날짜|ngày|đã gửi|gửi|วันที่|ส่ง|ส่งเมื่อ|tanggal|dikirim|
tarikh|तारीख|दिनांक|भेजा गया|
kuupäev|
saadetud|datums|nosūtīts|išsiųsta|dagsetning|sent:|enviat|message du|date:|enviada em|enviada|sendt:|data:|at|
fecha de envío|
"""
TO = """
to|an|à|a|para|pour|aan|till|til|vastaanottaja|kenelle|do|komu|pro|címzett|cimzett|către|catre|za|prima|primatelj|
кому|до|получатель|
προς|kime|alıcı|إلى|الى|אל|به|گیرنده|收件人|收件者|宛先|받는 사람|받는사람|tới|đến|người nhận|ถึง|kepada|untuk|को|
saaja|kellele|kam|
kam:|kur|
gavėjas|viðtakandi|nori|per a|за|на|destinatario|destinataire|destinatário|empfänger|ontvanger|mottagare|modtager|
mottaker|odbiorca|příjemce|
"""
CC = """
cc|kopie|kopi|kopia|kopio|copie|copie à|copie a|copia|cópia|másolat|masolat|dw|udw|копия|копие|копія|κοιν|κοιν.|
κοινοποίηση|κοινοποιηση|bilgi|نسخة|نسخة إلى|
עותק|رونوشت|抄送|副本|参照|참조|đồng gửi|สำเนา|สำเนาถึง|salinan|tembusan|koopia|kopija|afrit|cc:|c.c.|bcc|kópia|
cópia para|
копија|
"""
REPLY_TO = """
reply-to|reply to|antwort an|antwoord aan|répondre à|repondre a|responder a|responder para|rispondi a|svar till|
svara till|svar til|
vastausosoite|odpowiedz do|odpovědět komu|odpověď na|válaszcím|ответить|răspunde la|yanıtla|yanıt adresi|回复|回覆|
返信先|
organization|organisation|importance|priority|wichtigkeit|attachments|anlagen|
pièces jointes|bijlagen|resent-from|resent-to|x-original-to|sender|message-id|list-id|return-path|mailing list|
répondre à|priorité|importanza|prioridad|odpowiedź-do|svarar till|svar-til|odgovori|responder-para|
"""

FORWARDED = late(
    r"forwarded (?:message|mail|email)|begin forwarded|weitergeleitete (?:nachricht|e-?mail|mail)|"
    r"anfang der weitergeleiteten|"
    r"message (?:transféré|réexpédié|transmis)|d[ée]but du message (?:transf|réexp)|transféré par|"
    r"mensaje reenviado|mensaje remitido|messaggio (?:inoltrato|in)\b|"
    r"inizio (?:del )?messaggio inoltrato|inoltrato|mensagem (?:encaminhada|reencaminhada)|doorgestuurd|"
    r"begin (?:doorgestuurd|forwarded)|vidarebefordra|"
    r"videresend|videresendt|välitetty|edelleen ?lähetetty|välitetyn viestin|przekazan|přepos[ií]l|přeposlan|"
    r"preposlan|továbbított|továbbítás|"
    r"redirecționat|mesaj redirec|prosl(?:ij|eđ|ijeđ)|proslje|posredovan|пересла|пересыла|перенаправлен|препрате|"
    r"препрати|προωθ|iletil|iletilen|"
    r"تمت إعادة|إعادة توجيه|رسالة معاد|הועבר|שהועברה|转发|轉寄|轉發|转寄|転送|전달|chuyển tiếp|ส่งต่อ|diteruskan|"
    r"terusan|"
    r"अग्रेषित|edastatud|pārsūt|persiųst|"
    r"missatge reenviat|áframsen|birbidal|mesazh i për",
)
ORIGINAL = late(
    r"^\s*[-_=*—–]{2,}\s*(?:original|reply|message|mensaje|mensagem|messaggio|nachricht|ursprüngliche|ursprungliche|"
    r"oprindelig|opprinnelig|original|oorspronkelijk|alkuperäinen|wiadomo|původní|pôvodn|eredeti|исходн|пересыла|"
    r"оригинальн|"
    r"mesajul|izvorna|originalna|αρχικό|özgün|orijinal|الرسالة|הודעה|原始|元の|original|원본|thư gốc|tin nhắn|"
    r"pesan asli|"
    r"antwoord|antwort|svar|respuesta|réponse|risposta|resposta)[^\n]{0,60}[-_=*—–]{2,}\s*$",
)

WROTE = late(
    r"(?:\bwrote|\bwrites|\bschrieb|\bschreibt|a écrit|\bécrit|escribió|escribio|ha scritto|scrisse|scritto|escreveu|"
    r"napisał(?:\(a\)|a)?|\bschreef|geschreven|\bskrev|kirjoitti|napsala?\(?a?\)?|napísala?|ezt írta|írta|a scris|"
    r"je napisao|napisao/la|napisala?|pisze|"
    r"написала?|написал\(а\)|пишет|написа|пише|έγραψε|έγραψεν|yazdı|şunu yazdı|كتب|נכתב|כתב|מאת|نوشت|写道|写到|寫道|"
    r"のメール|さんは書きました|書きました|님이 작성|작성:|đã viết|viết|เขียน|menulis|wrote:|ने लिखा|"
    r"kirjutas|rakstīja|rašė|va escriure|skrifaði|idatzi du|sent|<[^<>\s]+@[^<>\s]+>|said|shared|dixit|"
    r"posted)\s*(?:\([^)]{1,12}\))?\s*[:：]?\s*[:：]\s*$",
)

SENT_FROM = late(
    r"^\W{0,6}(?:via (?:mobile|phone|iphone|android|smartphone)|(?:sent|get|typed|written|posted|composed|"
    r"delivered)\b.{0,12}\b(?:from|with|via|using|by|outlook|on)\b.{0,70}|"
    r"get outlook for .{1,20}|download .{3,40} (?:mail|outlook|app).{0,40}|"
    r"(?:von|gesendet|diese nachricht wurde|verschickt).{0,20}(?:meine[mr]|von|mit|mobil|aus).{0,60}(?:gesendet|"
    r"iphone|ipad|android|samsung|mail|handy|smartphone|gerät|outlook|tablet|galaxy|huawei|app|gmx|"
    r"web\.de)?.{0,30}|"
    r"(?:envoyé|envoye|expédié|télécharg\w+|obtenez|provenance).{0,15}(?:de|depuis|à partir|avec|mon|via|"
    r"outlook).{0,70}|(?:enviado|enviada|mandado|obtener|obter|descarg\w+|obtenga).{0,12}(?:desde|de|con|do|"
    r"outlook|mi|meu|com|a partir).{0,70}|"
    r"(?:inviato|inviata|ottieni|scarica).{0,8}(?:da|dal|con|outlook).{0,60}|(?:verstuurd|verzonden|"
    r"vanaf).{0,12}(?:vanaf|van|met|mijn|vanuit).{0,60}|"
    r"(?:skickat|skickades|skickad|hämta).{0,12}(?:från|frå|med|outlook).{0,60}|(?:sendt|hent|send).{0,10}(?:fra|"
    r"via|med|outlook|min).{0,60}|lähetetty.{0,60}|hanki outlook.{0,40}|"
    r"(?:wysłan[eoay]|wysłano|pobierz).{0,10}(?:z|ze|za|przy|outlook).{0,60}|(?:odesl\w+|odoslan\w+|"
    r"získa\w+).{0,10}(?:z|ze|zo|mob|outlook).{0,60}|(?:az? |).{0,30}(?:iphone|ipad|telefon)\w*(?:ról|ről|omról|"
    r"emről)\s.{0,20}|"
    r"(?:trimis|отправлен\w*|надіслан\w*|изпратен\w*|poslano|poslato|послато|στάλθηκε|εστάλη|gönderildi|"
    r"iphone'?umdan|ipad'?imden|скачать|загрузить).{0,70}|"
    r"(?:iphone|ipad|android|galaxy|windows|yahoo|huawei|xiaomi|outlook|手机|mobile).{0,20}(?:から送信|에서 보냄|"
    r"gönderildi|"
    r"发送|傳送).{0,20}|(?:发自|發自|來自|来自|从我的|從我的|傳送自).{0,40}|나의.{0,20}(?:보냄|iphone).{0,20}|"
    r"(?:أرسلت من|مرسل من|נשלח מ|ارسال شده از|gửi từ|được gửi từ|ส่งจาก|dikirim dari|मेरे).{0,50}|"
    r"từ .{0,10}(?:iphone|điện thoại).{0,30}|הורד את.{0,30}|nosūtīts no.{0,40}|saadetud minu.{0,40}|"
    r"išsiųsta iš.{0,40}|envia\w* des d.{0,40})\s*$",
)
DEVICE = late(
    r"iphone|ipad|ipod|android|samsung|galaxy|blackberry|\bbb\b|nokia|windows|outlook|mobile|mobil|mobiel|móvil|"
    r"movil|celular|cellulare|smartphone|"
    r"phone|handy|tablet|yahoo|mail|mailbird|spark|gmail|proton|device|gerät|apparaat|enhed|enhet|laite|surface|"
    r"mac\b|thunderbird|huawei|xiaomi|"
    r"htc|lg|sony|xperia|telefon|telefoon|téléphone|telefono|telefone|puhelim|gmx|web\.de|t-mobile|verizon|at&t|"
    r"orange|vodafone|pixel|motorola|oneplus|"
    r"手机|mobil|моб|телефон|почт|watch|app\b|application|ios|kaiten|newton|boxer|polymail|superhuman|missive|"
    r"airmail|fastmail|front|mailspring|hey",
)

CLOSING = late(
    r"^\W{0,3}(?:(?:(?:best|kind|kindest|warm|warmest|my best|many|with best|with kind|with warm|with kindest|"
    r"with)\s+)?(?:regards?|wishes|greetings)|rgds|brgds|best|all the best|cheers|sincerely(?: yours)?|"
    r"yours(?: (?:truly|sincerely|faithfully|ever))?|respectfully(?: yours)?|"
    r"cordially|warmly|(?:with )?(?:love|gratitude|appreciation)|love|take care|have a (?:nice|great|good|lovely|"
    r"wonderful) (?:day|one|week|weekend|evening)|br|"
    r"(?:mit )?(?:freundlichen?|herzlichen?|besten?|lieben?|schönen?|vielen?|viele|liebe|beste|herzliche|"
    r"schöne) grü(?:ß|ss)en?|mfg|lg|vg|hochachtungsvoll|gru(?:ß|ss)|grüße|"
    r"(?:bien )?cordialement(?: vôtre)?|(?:bien )?à vous|amicalement|salutations(?: distinguées)?|"
    r"bonne (?:journée|soirée)|cdlt|respectueusement|sincères salutations|"
    r"(?:un )?(?:cordial |afectuoso )?saludos?(?: cordiales)?|atentamente|atte|cordialmente|un abrazo|abrazos|"
    r"(?:cordiali|distinti|cari) saluti|saluti|un saluto|a presto|ciao|"
    r"atenciosamente|att|(?:melhores )?cumprimentos|abraços?|com os melhores cumprimentos|"
    r"(?:met )?(?:vriendelijke|hartelijke|beste|warme|lieve) groeten?|groet(?:en|jes)?|mvg|hoogachtend|"
    r"(?:med )?(?:vänliga?|bästa|varma|venlige?n?|vennlig|beste|mange|kærlig|de bedste) (?:hälsningar?|hälsning|"
    r"hilsen(?:er)?)|hälsningar|hilsen|mvh|vh|kh|dbh|hej då|m\.?v\.?h|"
    r"(?:ystävällisin |parhain )?terveisin|terv(?:eiset)?|yst\.? ?terv\.?|"
    r"(?:z )?(?:poważaniem|wyrazami szacunku)|pozdrawiam(?: serdecznie)?|(?:serdecznie )?pozdrawiam|pozdrowienia|"
    r"z uszanowaniem|z powazaniem|"
    r"s (?:pozdravem|úctou|pozdravom)|(?:hezký|pekný) (?:den|deň)|(?:üdvözlettel|tisztelettel|üdv|köszönettel)|"
    r"(?:cu stimă|cu respect|toate cele bune|o zi bună)|"
    r"(?:srdačan pozdrav|lijep pozdrav|lep pozdrav|pozdrav|lp|s poštovanjem)|(?:с уважением|всего доброго|"
    r"с наилучшими пожеланиями|з повагою|поздрави|с уважение)|"
    r"(?:με εκτίμηση|φιλικά)|(?:saygılarımla|saygılar|iyi günler|iyi çalışmalar|selamlar)|(?:مع التحية|تحياتي)|"
    r"(?:בברכה|בכבוד רב)|(?:此致|祝好|敬上|敬禮|敬礼|顺祝商祺)|(?:よろしくお願いいたします|以上|敬具)|(?:드림|"
    r"올림)|(?:trân trọng|thân)|(?:salam|"
    r"hormat saya)|lugupidamisega|ar cieņu|pagarbiai)"
    r"\W{0,4}$",
)

GRATITUDE = late(
    r"^\W{0,3}(?:(?:many |with )?thanks|thank you|thx|ty|(?:vielen |besten |herzlichen )?dank|danke|merci|"
    r"(?:muchas |mil )?gracias|grazie|obrigad[oa]|(?:alvast )?bedankt|tack|takk?|kiitos|dziękuję|dzięki|díky|"
    r"děkuji|ďakujem|köszönöm|mulțumesc|hvala|спасибо|дякую|благодаря|"
    r"ευχαριστώ|teşekkürler|شكرا|תודה|谢谢|謝謝|감사합니다|cảm ơn|terima kasih)(?: [\w']{1,12}){0,4}\W{0,4}$",
)

DISCLAIMER = late(
    r"^\W{0,6}(?:(?:this|the) (?:e-?mail|message|communication|transmission|information|"
    r"content)[^.\n]{0,160}\b(?:confidential|privileged|intended|proprietary)|"
    r"confidential(?:ity)?(?: notice| note)?\b\W|privileged (?:and|/) confidential|(?:legal )?disclaimer\b|"
    r"important(?: notice)?:\s*this|notice: this (?:e-?mail|message)|if you (?:are not|"
    r"have received) (?:the intended|this (?:e-?mail|message))|"
    r"please consider the environment|think before you print|p?\W?before printing|(?:virus-free|scanned by|"
    r"this email has been (?:checked|scanned))|"
    r"diese (?:e-?mail|nachricht)[^.\n]{0,120}vertraulich|ce (?:message|courriel|"
    r"mail)[^.\n]{0,160}(?:confidentiel|destinataire)|este (?:mensaje|correo|e-?mail)[^.\n]{0,160}(?:confidencial|"
    r"destinatario|destinatário)|esta mensagem[^.\n]{0,160}confidenc|"
    r"(?:questo messaggio|la presente|le informazioni)[^.\n]{0,160}(?:riservat|confidenzial)|(?:dit bericht|"
    r"deze e-?mail)[^.\n]{0,160}(?:vertrouwelijk|bestemd)|avis de confidentialité|aviso (?:legal|"
    r"de confidencialidad)|haftungsausschluss|"
    r"you (?:are receiving|received) this (?:e-?mail|message) because|to unsubscribe|"
    r"reply to this email directly or view it on)",
)


def _table() -> dict[str, str]:
    table: dict[str, str] = {}
    for role, words in (
        ("from", FROM),
        ("subject", SUBJECT),
        ("date", DATE),
        ("to", TO),
        ("cc", CC),
        ("other", REPLY_TO),
    ):
        for word in words.replace("\n", "").split("|"):
            if word.strip(" :"):
                table.setdefault(word.strip(" :"), role)
    return table


LABELS = _table()
"""Header label to its role: "from", "subject", "date", "to", "cc" or "other"."""
