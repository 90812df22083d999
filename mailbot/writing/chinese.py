"""Chinese, simplified and traditional, as patrons write it. Letters to them are in another language.

What is not said here is as in English: many a Chinese mail has English words in it, and whom it is about must not be
named in a letter that is written in English.
"""

from __future__ import annotations

from dataclasses import replace

from mailbot.writing.english import ENGLISH
from mailbot.writing.lexicon import any_of

CHINESE = replace(
    ENGLISH,
    asks=any_of(
        r"[吗嗎呢]|请问|請問|想(?!死)|需要|希望|能不能|能否|可以|可否|可不可以|有没有|有沒有|是否|怎么|怎麼|如何|哪里|哪裡|哪儿|"
        r"什么|什麼|多少|几点|幾點|麻烦|麻煩|帮|幫|找|请(?!问)|請(?!問)",
        ENGLISH.asks.pattern.pattern,
    ),
    courtesy=any_of(
        r"^(?:你|您)好[,，!！。]*$|^(?:谢谢|謝謝|多谢|多謝|感谢|感謝)|^(?:祝|此致|敬礼|敬禮)",
        ENGLISH.courtesy.pattern.pattern,
    ),
    pointing=any_of(""),  # what is known is left out: any short question may hang on what went before
    private=any_of(
        r"去世|过世|過世|逝世|病逝|死了|死亡|葬礼|葬禮|遗孀|遺孀|守寡",
        r"癌|肿瘤|腫瘤|化疗|化療|糖尿病|中风|中風|心脏病|心臟病|手术|手術|住院|医院|醫院|生病|患病|得了.{0,6}病|透析|痴呆|癡呆|"
        r"诊断|診斷|骨折|受伤|受傷|摔断|摔斷|拐杖|石膏",
        r"吃药|吃藥|药物|藥物|处方|處方|胰岛素|胰島素|心理医生|心理醫生|精神科|抑郁|抑鬱|忧郁|憂鬱|焦虑症|焦慮症|自闭|自閉|怀孕|"
        r"懷孕|流产|流產|堕胎|墮胎|残疾|殘疾|残障|殘障|低保|救济|救濟|福利金",
        r"离婚|離婚|分居|抚养权|撫養權|监护权|監護權|赡养费|贍養費|欠债|欠債|债务|債務|破产|破產|驱逐|驅逐|逼迁|逼遷|欠租|无家可归|"
        r"無家可歸",
        r"签证|簽證|绿卡|綠卡|移民|难民|難民|庇护|庇護|工签|工簽|学签|學簽|(?:工作|学习|學習|居留)许可|(?:工作|學習|居留)許可|入籍|"
        r"公民考试|公民考試|遣返|黑户|非法居留",
        r"逮捕|被捕|坐牢|监狱|監獄|假释|假釋|出庭|法院|起诉|起訴|(?:社保|社会保险|社會保險|社安|护照|護照|银行账|銀行帳)(?:号|號)|被骗|被騙",
        r"同性恋|同性戀|跨性别|跨性別|出柜|出櫃|信教|受洗",
        ENGLISH.private.pattern.pattern,
    ),
    unsaid=any_of(
        # A plight of one's own, told.
        r"我.{0,6}(?:骨折|住院|手术|手術|怀孕|懷孕|生病|被捕|破产|破產)|(?:查出|患有|患了|得了).{0,10}[病症癌]|"
        r"(?:孩子|女儿|儿子|女兒|兒子).{0,3}(?:自闭|自閉|住院)",
        r"他妈|他媽|操你|混蛋|傻[逼bB]",
        ENGLISH.unsaid.pattern.pattern,
    ),
    delicate=any_of(
        r"去世|过世|過世|病逝|葬礼|葬禮|自杀|自殺|不想活|想死|轻生|輕生",
        r"癌|化疗|化療|艾滋|愛滋|怀孕|懷孕|流产|流產|堕胎|墮胎|痴呆|癡呆|抑郁症|抑鬱症|忧郁症|憂鬱症|诊断|診斷|吸毒|酗酒",
        r"驱逐|驅逐|逼迁|逼遷|无家可归|無家可歸|遣返|庇护|庇護|黑户|离婚|離婚|抚养权|撫養權|监护权|監護權",
        r"坐牢|监狱|監獄|逮捕|被捕|假释|假釋|家暴|打我|虐待|强奸|強姦|性侵|性骚扰|性騷擾|跟踪我|跟蹤我|保护令|保護令",
        r"前夫|前妻|前男友|前女友|同性恋|同性戀|跨性别|跨性別|出柜|出櫃|被收养|被收養|生母",
        r"(?:不要|别|別|不能|不想)(?:让|讓|告诉|告訴).{0,8}(?:知道|发现|發現)|(?:不要|别|別)(?:告诉|告訴|打电话|打電話)|没人知道|沒人知道|"
        r"我(?:很|好)?(?:害怕|怕他|怕她)",
        ENGLISH.delicate.pattern.pattern,
    ),
)
