"""The words by which robots betray themselves where no header does, in the languages they speak. Tables, no logic.

All patterns are for text in lower case: that is several times faster than ignoring case in each of them.

``SURE``: one is enough. The groups of ``SIGNS``: a person may well write one of these; two different ones in a
text without a question of its own are a robot's.
"""

from __future__ import annotations

import re

from mailbot.mail.lexicon import Words, late, lexicon

SURE = lexicon(
    r"(?:this|the following) (?:is|e-?mail is|message is|was|e-?mail was|message was|has been) (?:an? |"
    r"being )?(?:automatic(?:ally)?|automated|auto-?generated|system[- ]generated)|"
    r"\bautomated (?:response|reply|acknowledge?ment|answer|confirmation)\b.{0,60}(?:do not|please|from|to your|"
    r"system)|\bauto-?(?:reply|response|responder)\b.{0,20}(?:message|system|e-?mail)|"
    r"(?:please )?do not (?:reply|respond) (?:directly )?to this (?:e-?mail|message|mail)|"
    r"replies to this (?:e-?mail|message|address) (?:are not|will not|is not)|(?:sent|generated|"
    r"created) automatically by|"
    r"this (?:mailbox|inbox|e-?mail address) is (?:not|no longer|un)\s?(?:being )?(?:monitored|attended)|"
    r"este buzón (?:ya )?no (?:se|está)|cette (?:boîte|adresse) n['’]est (?:plus|pas) (?:consultée|surveillée)|"
    r"dieses postfach wird nicht (?:mehr )?(?:gelesen|überwacht|bearbeitet|betreut)|此邮箱(?:已)?(?:不再|无人)|"
    r"(?:to|please) (?:confirm|verify) (?:that )?you (?:are|sent).{0,60}(?:click|reply|visit|follow)|"
    r"your (?:message|e-?mail).{0,60}(?:is being held|has been quarantined|awaits).{0,80}(?:confirm|verif|approv|"
    r"moderator)|"
    r"respuesta autom[áa]tica|(?:correo|mensaje) (?:generado )?autom[áa]tic|no responda a este|"
    r"réponse automatique|message automatique|généré automatiquement|merci de ne pas répondre|ne pas répondre à ce|"
    r"automatische (?:antwort|abwesenheit|e-?mail|nachricht|eingangsbest)|automatisch (?:generiert|erzeugt|"
    r"erstellt|versandt|versendet|verschickt)|antworten sie (?:bitte )?nicht auf diese|"
    r"risposta automatica|messaggio automatico|generat[oa] automaticamente|non rispondere a quest|"
    r"resposta autom[áa]tica|mensagem autom[áa]tica|não responda (?:a )?est|"
    r"automatisch (?:antwoord|bericht|gegenereerd)|niet (?:te )?(?:beantwoorden|reageren) op d|"
    r"automatiskt (?:svar|genererat)|autosvar|automatisk svar|automaattinen vastaus|"
    r"automatyczna odpowiedź|wiadomość (?:została )?(?:wygenerowana )?automatyczn|automatická odpověď|"
    r"automatikus válasz|răspuns automat|otomatik (?:yanıt|cevap)|автоматическ\w+ (?:ответ|сообщен|письм|уведомл)|"
    r"автоматична відповідь|αυτόματη απάντηση|"
    r"رد تلقائي|تلقائي[اًا]?|מענה אוטומטי|תשובה אוטומטית|自动(?:回复|答复|生成|发送)|自動(?:回覆|返信|送信|配信|"
    r"的に|応答)|자동\s?(?:회신|응답|"
    r"발송)|trả lời tự động|ตอบกลับอัตโนมัติ|balasan otomatis",
)

SUBJECT = late(
    r"^\W{0,3}(?:auto(?:matic|mated|matische|matisk|matiskt|mática|matica|matique)?[- ]?(?:reply|response|answer|"
    r"antwort|svar|responder|reply from)|auto(?:\s*:|reply)|automatic(?:ally)? (?:reply|response|generated)|"
    r"out[- ]of[- ](?:the[- ])?office|ooo\b\s*:|vacation (?:reply|response|message)|"
    r"abwesenheits(?:notiz|meldung|nachricht|assistent|benachrichtigung)|automatische (?:antwort|abwesenheit)|"
    r"réponse automatique|absence du bureau|message d'absence|respuesta autom|fuera de (?:la )?oficina|"
    r"risposta automatica|fuori (?:sede|ufficio)|assenza dall|resposta autom|fora do escritório|"
    r"automatisch antwoord|"
    r"autosvar|automatisk svar|automatiskt svar|frånvaromeddelande|automaattinen vastaus|poissaoloviesti|"
    r"autoodpowiedź|automatyczna odpowiedź|automatická odpověď|automatikus válasz|házon kívül|răspuns automat|"
    r"otomatik (?:yanıt|cevap)|автоответ|автоматический ответ|автоматична відповідь|αυτόματη απάντηση|"
    r"رد تلقائي|תשובה אוטומטית|自动(?:回复|答复)|自動(?:回覆|返信|応答)|不在通知|자동\s?회신|부재\s?중|"
    r"trả lời tự động|balasan otomatis)"
)
"""A subject that begins so; a person's "Re: Out of office" does not."""

AWAY_SUBJECT = late(
    r"^\W{0,3}(?:away from (?:my|the) (?:office|desk|mail)|on (?:vacation|leave|holiday)\b|i am (?:out of|away)|"
    r"abwesen(?:d|heit)|nicht im büro|absent|ausente?\b|ausência|in ferie|afwezig|frånvaro|fravær|"
    r"ikke på kontoret|poissa|nieobecn|poza biurem|nepřítomn|в отпуске|休暇|外出)"
)
"""A patron may write such a subject too."""

SIGNS: tuple[Words, ...] = (
    # It thanks for a message ...
    lexicon(
        r"thanks?(?: you)? (?:so much |very much )?for (?:your (?:e-?mail|message|mail|inquiry|enquiry|interest|"
        r"submission|request|feedback|order|contacting)|contacting|getting in touch|reaching out|writing to|"
        r"emailing|your recent)|"
        r"gracias por (?:contactar|comunicar|escribir|su (?:mensaje|correo|consulta|interés|solicitud)|"
        r"tu (?:mensaje|correo|consulta|interés)|ponerse en contacto)|merci (?:de|pour) (?:votre (?:message|"
        r"demande|mail|e-mail|courriel|intérêt)|nous avoir contact)|nous vous remercions (?:de|pour) votre|"
        r"(?:vielen|herzlichen|besten)? ?dank für (?:ihre|deine|ihr|dein) (?:anfrage|nachricht|e-?mail|mail|"
        r"interesse|mitteilung|schreiben|kontaktaufnahme)|grazie per (?:averci|il (?:tuo|suo|vostro) (?:messaggio|"
        r"interesse)|la (?:tua|sua|vostra) (?:richiesta|email|mail))|"
        r"obrigad[oa] (?:por (?:entrar em|seu|sua|nos)|pelo (?:seu|contato|contacto))|bedankt voor (?:uw|"
        r"je) (?:bericht|e-?mail|aanvraag|mail)|(?:hartelijk )?dank voor (?:uw|je) (?:bericht|e-?mail|mail)|"
        r"tack för (?:ditt|din|er|ert) (?:mail|meddelande|mejl|e-post)|tak for din (?:mail|henvendelse|besked)|"
        r"takk for (?:din|henvendelsen)|kiitos (?:viesti|yhteydenot|sähköpost)|"
        r"dziękujemy za (?:kontakt|wiadomość|zgłoszenie|wysłanie)|děkujeme za (?:váš|vaši|vaší|zaslán)|"
        r"köszönjük (?:megkeres|levelét|üzenet|érdekl)|mulțumim pentru (?:mesaj|contact)|спасибо за (?:ваш|"
        r"обращен|заявк|письмо|сообщен)|благодарим (?:вас )?за|дякуємо за|ευχαριστούμε (?:για|που)|(?:mesajınız|"
        r"ilginiz|başvurunuz) için teşekkür|"
        r"شكرا (?:لتواصلك|لك على التواصل|لاتصالك)|תודה על (?:פנייתך|פנייתכם)|感谢您的|感谢您?(?:联系|来信|咨询)|"
        r"感謝您的|谢谢您的(?:来信|"
        r"来邮|邮件|留言|咨询)|お問い?合わ?せ.{0,14}(?:ありがとう|頂き|いただき)|お申し?込み.{0,10}(?:ありがとう|"
        r"いただき)|문의.{0,12}(?:감사|주셔서)|"
        r"cảm ơn (?:bạn|quý khách) đã (?:liên hệ|gửi)|terima kasih (?:telah|atas|sudah) (?:menghubungi|email|"
        r"pesan)",
    ),
    # ... says that it arrived ...
    lexicon(
        r"(?:we|i) (?:have|'ve|’ve) (?:now |just |successfully )?(?:received|got|logged|"
        r"registered) your (?:e-?mail|message|mail|inquiry|enquiry|request|submission|application|order|query)|"
        r"your (?:e-?mail|message|mail|inquiry|enquiry|request|submission|query|ticket|form)(?: \S{1,20})? (?:has|"
        r"have|was) (?:now |just |successfully )?been (?:received|sent|submitted|logged|forwarded|created|"
        r"registered|assigned)|"
        r"your (?:message|mail|e-?mail|inquiry|enquiry|request) (?:was|is) (?:received|important|successfully)|"
        r"(?:a|your) (?:support )?(?:ticket|case) (?:has been|was|#|number|id)|"
        r"hemos recibido (?:su|tu) |(?:su|tu) (?:mensaje|correo|consulta|solicitud) ha sido (?:recibid|enviad)|"
        r"nous avons bien reçu|votre (?:message|demande|mail|courriel) (?:a bien été|a été) (?:reçu|envoy|"
        r"transmis|enregistr)|"
        r"(?:wir haben )?ihre? (?:nachricht|anfrage|e-?mail|mail|mitteilung)[^.\n]{0,30}(?:erhalten|eingegangen|"
        r"übermittelt|weitergeleitet)|(?:informationen|daten|angaben)[^.\n]{0,40}(?:übermittelt|erhalten)|"
        r"abbiamo ricevuto (?:la tua|la sua|il tuo|il suo|la vostra)|recebemos (?:sua|a sua|seu|o seu)|"
        r"wij hebben uw (?:bericht|e-?mail|aanvraag)[^.\n]{0,20}ontvangen|uw (?:bericht|e-?mail|"
        r"aanvraag) is (?:goed )?ontvangen|vi har (?:mottagit|modtaget|mottatt) (?:ditt|din|dit)|"
        r"otrzymaliśmy (?:twoj|państwa|pana)|(?:vaš[ei]|vaši) (?:zpráv|žádost|dotaz)\w* (?:byl|jsme)|megkaptuk|"
        r"am primit (?:mesajul|solicitarea)|(?:мы )?получили ваш|ваш[ае]? (?:сообщение|заявка|письмо|обращение|"
        r"запрос) (?:принят|получен|отправлен|зарегистр|успешно)|mesajınız (?:bize )?(?:ulaş|alın)|"
        r"(?:تم استلام|لقد استلمنا|وصلتنا)|(?:פנייתך|הודעתך) (?:התקבלה|נקלטה)|(?:我们)?已(?:经)?收到(?:您|你)的|(?:您|"
        r"你)的(?:邮件|来信|留言|消息|信件|訊息).{0,4}已(?:经)?(?:收到|送达|提交|被)|我們已收到|(?:以下|"
        r"下記)の(?:内容|通り|とおり).{0,12}(?:受け?付け|承り|送信|"
        r"お問い?合わ?せ)|(?:受け付け|受付|承り)(?:いた|致|まし)|送信(?:された|内容|が完了)|접수(?:되었|하였)|"
        r"đã nhận được (?:tin nhắn|email|thư|"
        r"yêu cầu)|kami telah menerima",
    ),
    # ... promises an answer ...
    lexicon(
        r"(?:we|i|someone|(?:one|a member) of (?:our|the) \w{2,20}(?: \w{2,20})?|(?:our|"
        r"the) \w{2,20}(?: \w{2,20})?)(?:'ll|’ll| will| shall| aim to| endeavou?r to| strive to| try to|"
        r" should)(?: \w{1,12}){0,4}? (?:respond|reply|get back|be in touch|contact you|be contacting|answer|"
        r"get in touch|return your|address your|review your|follow up|attend to)|(?:as soon as (?:possible|i can|"
        r"we can)|within \w{1,10}(?: to \w{1,6})? (?:business |working )?(?:hours|days)|shortly|upon (?:my|"
        r"our) return|when i (?:return|get back|am back))\b.{0,60}(?:respond|reply|answer|contact)|(?:respond|"
        r"reply|answer|get back to you|contact you|in touch).{0,60}(?:as soon as (?:possible|i can|we can)|"
        r"within \w{1,10}(?: to \w{1,6})? (?:business |working )?(?:hours|days)|shortly|upon (?:my|our) return|"
        r"when i (?:return|get back|am back)|by e-?mail)|"
        r"nos (?:pondremos|comunicaremos) (?:en contacto )?con|(?:le|te) (?:responderemos|contestaremos|"
        r"responderé|contestaré)|responderemos (?:a )?(?:la|su)|nous (?:vous répondrons|reviendrons vers|"
        r"prendrons contact|vous contacterons|traiterons)|je (?:vous répondrai|prendrai connaissance|répondrai)|"
        r"(?:wir|ich) (?:werden?|melden?|setzen?)[^.\n]{0,60}(?:melden|bearbeite|beantworte|in verbindung|"
        r"antworten|kontaktieren|zeitnah|schnellstmöglich|baldmöglich|so schnell wie möglich|umgehend)|"
        r"(?:ti|la|vi) (?:risponderemo|contatteremo|ricontatteremo)|(?:le|ti) risponderò|(?:entraremos|"
        r"retornaremos|responderemos)|(?:wij|we) (?:nemen|zullen)[^.\n]{0,40}(?:contact|beantwoord|reageren)|"
        r"(?:vi|jag) (?:återkommer|svarar|kontaktar)|vi (?:vender tilbage|besvarer|svarer)|(?:odpowiemy|"
        r"skontaktujemy|odezwiemy|odpiszę)|(?:odpovíme|budeme (?:vás )?kontaktovat|ozveme)|(?:felvesszük|"
        r"válaszolunk|jelentkezünk)|(?:мы )?(?:свяжемся|ответим|свяжутся|отвечу|рассмотрим)|(?:size|"
        r"en kısa sürede).{0,40}(?:dön|cevap|yanıt)|(?:سنتواصل|سنرد|سوف نقوم بالرد)|נחזור אלי|(?:尽快|儘快|"
        r"工作日内|小时内|"
        r"稍后|稍後).{0,14}(?:回复|回覆|答复|联系|聯繫|与您|處理|处理)|"
        r"(?:担当(?:者)?|後ほど|後日|改めて|折り返し|追って|早急|営業日|日以内).{0,24}(?:連絡|返信|回答|返答)|"
        r"(?:ご)?(?:連絡|返信|回答|返答)(?:を)?(?:いた|致|"
        r"させて|差し上げ|し上げ)(?:します|しま|頂|いただ|ます)|빠른 시일.{0,10}(?:연락|답변|회신)|(?:chúng tôi|"
        r"sẽ) (?:sẽ )?(?:liên hệ|phản hồi|"
        r"trả lời)|kami akan (?:segera )?(?:menghubungi|membalas)",
    ),
    # ... says that nobody is there ...
    lexicon(
        r"(?:i am|i'm|i’m|i will be|i'll be|we are|currently|am|are) (?:currently |presently |now |"
        r"still )?(?:out of (?:the )?(?:office|country|town)|away (?:from (?:the |my )?(?:office|desk|"
        r"e-?mail))?(?: until| till| on| from|,|\.)|on (?:annual |maternity |parental |sick |medical |"
        r"paid )?(?:leave|vacation|holiday|sabbatical|pto)|travel(?:l)?ing (?:until|with|from)|not in the office|"
        r"closed (?:until|for|from))|(?:office|offices|library|shop|store) (?:is|are|will be) closed|"
        r"(?:limited|no|intermittent|infrequent) access to (?:my )?(?:e-?mail|mail|phone|internet)|(?:will|"
        r"i) (?:be back|return|be returning|be out)(?: \w{1,10}){0,3} (?:on|until|the|monday|tuesday|wednesday|"
        r"thursday|friday|\d)|checking (?:e-?mail|my mail) (?:infrequently|intermittently|rarely|periodically|"
        r"only)|"
        r"(?:fuera de la oficina|estoy (?:de vacaciones|ausente|fuera)|estaré (?:ausente|fuera|de vuelta|"
        r"de regreso)|de vacaciones hasta)|(?:je suis (?:actuellement )?(?:absent|en congé|en vacances|"
        r"en déplacement)|absente? (?:du bureau|jusqu|du \d)|de retour le|serai de retour)|(?:nicht im (?:büro|"
        r"haus)|außer haus|im urlaub|abwesend|nicht erreichbar|ab (?:dem|montag)[^.\n]{0,30} wieder|"
        r"in elternzeit)|(?:sono (?:fuori|assente|in ferie)|sarò (?:assente|di ritorno)|fuori ufficio)|"
        r"(?:estou (?:de férias|ausente|fora)|estarei (?:ausente|fora|de volta))|(?:afwezig|niet (?:op kantoor|"
        r"aanwezig)|met (?:vakantie|verlof))|"
        r"(?:jag är (?:på semester|ledig|inte på|borta)|är tillbaka|på semester|på ferie|ikke på kontoret|"
        r"er tilbage)|(?:olen (?:lomalla|poissa)|vuosilomalla)|(?:jestem (?:nieobecn|na urlopie)|poza biurem|"
        r"na urlopie)|(?:jsem (?:mimo|na dovolené)|nejsem v kanceláři)|(?:szabadságon|házon kívül)|"
        r"(?:sunt în concediu)|(?:нахожусь (?:в отпуске|вне)|в отпуске|отсутств\w+ (?:на|в|до))|(?:izindeyim|"
        r"ofis dışında)|(?:خارج المكتب|في إجازة)|(?:לא נמצא|בחופשה)|(?:不在办公室|休假|出差|外出)|(?:不在にして|"
        r"休暇|休業|外出して)|"
        r"(?:부재중|휴가)",
    ),
    # ... and whom to ask instead.
    lexicon(
        r"(?:for|if|in case of|should)\b[^.\n]{0,60}\b(?:urgent|immediate|emergency|assistance|matters?|"
        r"inquiry is urgent)[^.\n]{0,80}(?:contact|call|e-?mail|reach|write|phone)|(?:in|during) my absence|"
        r"please (?:contact|direct|call)[^.\n]{0,60}(?:instead|in my absence|in the meantime)|"
        r"(?:en caso de urgencia|para asuntos urgentes|en mi ausencia)|(?:en cas d'urgence|pour toute urgence|"
        r"en mon absence|pendant mon absence)|(?:in dringenden fällen|in meiner abwesenheit|"
        r"während meiner abwesenheit|wenden sie sich bitte an)|(?:in caso di urgenza|per urgenze)|"
        r"(?:em caso de urgência|casos urgentes|na minha ausência)|(?:voor dringende|in mijn afwezigheid|"
        r"bij spoed)|(?:vid brådskande|i brådskande|under min frånvaro|ved akut|i mit fravær)|"
        r"(?:w sprawach pilnych|podczas mojej nieobecności)|(?:в срочных случаях|по срочным вопросам)|(?:如有(?:急|"
        r"紧急)|紧急(?:事|情况))|(?:お急ぎの|緊急の|届かない場合|ない場合|無い場合).{0,40}(?:連絡|電話|"
        r"問い?合わ?せ)|(?:급한|긴급)",
    ),
)

FORM_ECHO = late(
    r"^\W{0,6}(?:e-?mail(?:[- ]?(?:address|adresse))?|mail|メール ?アドレス|電子メール|correo(?: electrónico)?|"
    r"courriel|邮箱|"
    r"이메일|эл\. почта)\W{0,12}\s{0,4}(\S{3,100}@\S{3,100})",
    re.M,
)
"""A form's confirmation repeats the address that was filled in; where that is the address it was sent to, it is one."""

BOUNCE_SUBJECT = late(
    r"^\W{0,3}(?:\[?(?:auto|spam)\]? ?)?(?:undeliver(?:ed|able)|un-?deliver|(?:mail |message |"
    r"e-?mail )?delivery (?:status )?(?:notification|failure|failed|report|has failed|problem|error|delayed|"
    r"subsystem|incomplete|unsuccessful)|mail (?:delivery|system)|mail (?:failure|error|not delivered|could not)|"
    r"mail(?:er)?[- ]?error|"
    r"returned (?:mail|e-?mail|message|to sender)|return(?:ed)? to sender|failure (?:notice|delivery)|"
    r"delivery of .{0,40}(?:failed|delayed)|non[- ]?delivery|nondeliverable|non remis|message (?:not delivered|"
    r"undeliverable|delivery|could not be|status|you sent blocked|from .{0,20} blocked)|your (?:message|mail|"
    r"e-?mail) .{0,60}(?:could not|was not|couldn't|rejected|bounced|cannot|not be delivered|blocked)|"
    r"could not (?:send|deliver)|unable to deliver|warning: (?:could not|message|e-?mail)|(?:permanent|temporary|"
    r"transient) (?:delivery|failure|error)|(?:e-?mail )?(?:bounce[d]?|rejected)\b|rejected (?:mail|message|"
    r"posting)|error (?:sending|delivering|mail)|not delivered|undelivered|nicht zustellbar|unzustellbar|"
    r"zustellung|unzustellbarkeit|mail(?:zustellung)?.{0,10}fehl|"
    r"(?:échec|echec) (?:de|d')|non distribu|avis de non|no (?:se )?(?:ha )?(?:podido )?entreg|no entregado|"
    r"devuelto|error de entrega|mensaje (?:no|devuelto)|impossibile (?:recapitare|consegnare)|"
    r"mancat[oa] (?:consegna|recapito)|falha (?:na|de) entrega|não (?:foi )?entreg|niet (?:afgeleverd|bezorgd|"
    r"te bezorgen)|onbestelbaar|kunde inte (?:levereras)|olevererbart|ej levererat|ikke levert|kunne ikke leveres|"
    r"nie dostarczono|niedostarczon|nelze doručit|nedoručiteln|nem kézbesíthető|не доставлен|недостав|"
    r"сообщение не|не удалось доставить|teslim edilemedi|送信できません|配信(?:不能|できません|エラー)|送達|"
    r"宛先不明|无法(?:投递|送达|发送)|退信|"
    r"系统退信|郵件無法|전송\s?실패|반송|mdaemon|(?:over|exceed)\w* quota|mailbox (?:full|unavailable)|user unknown|"
    r"host unknown|address (?:unknown|not found)|unknown (?:user|address)|service unavailable|"
    r"spam (?:mail )?rejected|considered (?:un)?solicited)",
)

MACHINE_TALK = lexicon(
    r"[45]\.\d{1,3}\.\d{1,3}\b|55[0-4][ -](?:\d\.\d|[a-z<])|<<< |smtp|mailer|postmaster|recipients?\b|mailbox|"
    r"undeliver|unzustellbar|daemon|mta\b|original message|"
    r"(?:the )?following address|(?:your|this|ihre|votre|su|la sua) (?:message|mail|e-?mail|nachricht|mensaje)|"
    r"remote host|mail server|destinat|empfänger|メール|邮件|郵件"
)
"""How mail servers speak: a patron whose home delivery failed does not."""

BOUNCE_TEXT = lexicon(
    r"(?:message|mail|e-?mail|letter|note)\W+(?:\S+ ){0,12}?(?:could not|couldn't|cannot|can not|was not|"
    r"has not been|wasn't|were not|not be|is not|hasn't been) (?:be )?(?:\w+ )?(?:delivered|sent|deliverable|"
    r"accepted|reach)|(?:the following|these) (?:address|recipient|user|addresses|recipients|"
    r"users)[^\n]{0,60}(?:fatal|permanent|failed|error|rejected|undeliverable|not)|permanent (?:fatal )?errors?|"
    r"delivery (?:to the following|has failed|failed|attempt|status|notification|error|is delayed|temporarily)|"
    r"undeliver(?:able|ed)|unable to deliver|fail(?:ed|ure) (?:to deliver|delivering|permanently|notice)|"
    r"did not reach|(?:user|recipient|mailbox|address|account|host)(?: \S+){0,4}? (?:unknown|not found|"
    r"does not exist|doesn't exist|is full|is disabled|no longer|unavailable|rejected|not listed|not known|"
    r"over quota|is not accepting|exceeded)|no such (?:user|recipient|mailbox|address|person)|(?:unknown|invalid|"
    r"bad) (?:user|recipient|address|mailbox|local)|(?:quota|mailbox) (?:exceeded|(?:is )?full)|full mailbox|"
    r"(?:has been|was) (?:postponed|delayed|deferred)|returned (?:to sender|mail|below|message)|"
    r"^\s*(?:final|original)-recipient\s*:|^\s*diagnostic-code\s*:|reporting-mta\s*:|\b[45]\.\d\.\d{1,3}\b|"
    r"\b55[0-4][ -](?:\d\.\d|[a-z<])|mailer-daemon|<<< 5\d\d|transcript of session|said:\s*5\d\d|"
    r"host .{3,80} said|retry timeout|unrouteable|relay(?:ing)? denied|nicht zugestellt|nicht zustellbar|"
    r"unzustellbar|konnte nicht|non remis|n'a pas pu|no se (?:ha podido|pudo)|no entregado|impossibile|"
    r"non è stato|não foi|niet (?:afgeleverd|bezorgd)|не доставлен|не удалось|配信|送信でき|无法|退回",
    re.M,
)
