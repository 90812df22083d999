"""English, as patrons write it: with misspellings and without apostrophes."""

from __future__ import annotations

from mailbot.writing.lexicon import Detail, Lexicon, any_of

_CLOSE = (
    r"husband|wife|partner|brother|sister|son|daughter|mother|father|mom|mum|dad|grandmother|"
    r"grandfather|grandson|granddaughter|uncle|aunt|nephew|niece|cousin|friend|neighbor|child"
)

ENGLISH = Lexicon(
    asks=any_of(
        r"\b(?:could|can|would|will|wd|cld) (?:you|u|someone|somebody|anyone|we|i|he|she|they|one|my|the|a friend)\b",
        r"\b(?:may|might|should|must|shall) (?:i|we|he|she|they|you)\b",
        r"\b(?:i|we)(?:'d| would|’d) (?:(?:really|very much|gladly) )?(?:like|love|need|want|be (?:glad|grateful))\b",
        r"\b(?:i|we|she|he) (?:\w+ )?(?:need|want|wish|hope|wonder)s?\b",
        r"\blooking for\b",
        r"\bwondering\b",
        r"\bplease\b",
        r"\bpls\b",
        r"\bplz\b",
        r"\bdo (?:you|u|i|we|they|people)\b",
        r"^does\b|\b(?:what|where|when|who|why|how) does\b",
        r"\bdid (?:you|i|any)",
        r"\bare there\b",
        r"\bis there\b",
        r"\bhave you\b",
        r"\bhow (?:do|does|can|much|many|long|to|would|is|high|old)\b",
        r"^(?:so |and |but |also,? )?(?:whats|wheres|whens|(?:what|where|when|who|why|which|how)"
        r"(?:['’]s| (?:is|are|was|were|do|does|did|can|could|would|will|should|have|has|to|if|about|much|many|long|"
        r"time|day|kind|one)))\b",
        r"\bwhat (?:i|we) (?:mean|need|want|would)\b",
        r"\bit(?:'s|’s| is) about\b",
        r"\bit was this\b",
        r"^(?:need|want|looking|cancel|renew|send|put|get|seeking|requesting|tell|change|cannot|can't|more)\b",
        r"\bthinking of\b",
        r"\b(?:i|we) (?:can(?! tell)|could|offer)\b",
        r"\bask(?:s|ing)? (?:if|whether|about|you|for)\b",
        r"\bi(?:'d| would) (?:sooner|rather)\b",
        r"\bif you(?:'ve|’ve| have| can| could)\b",
        r"\bif (?:there (?:is|are|was|were)|anyone|anybody|someone|somebody)\b",
        r"\b(?:just )?(?:tell|let) (?:me|us)\b",
        r"\bwould be (?:honored|glad|grateful|happy)\b",
        r"\b(?:he|she|they|\w+er) wants\b",
        r"\bhelp me\b",
        r"\bwant(?:ed)? to know\b",
        r"\bought to know\b",
    ),
    weak=any_of(
        r"\bwould\b",
        r"\b(?:i|we)(?:'ve| have) (?:got|found|lost)\b",
        r"\bi mean\b",
        r"\bwon'?t\b",
        r"\bdoesn'?t\b",
        r"\bnot work",
        r"\bstill\b",
        r"\bgave you\b",
        r"\bleft\b",
        r"\blost\b",
        r"\bmissing\b",
        r"\bwrong\b",
        r"\binstead\b",
        r"\boffer",
        r"\bfree\b",
        r"\bsince\b",
        r"\bbroken?\b",
    ),
    courtesy=any_of(
        r"^(?:many )?(?:thanks?|thx|ty|thank you)\b",
        r"^sorry\b",
        r"^\(?sorry\b",
        r"^i(?:'m| am) sorry\b",
        r"^(?:hi|hey|hello)\b",
        r"^good (?:morning|day|afternoon|evening)\b",
        r"^(?:yours|regards|sincerely|best|cheers|love)\b",
        r"^sent from\b",
        r"^(?:quick|just a|two quick) (?:q|question|one)s?\b",
        r"^(?:kind|warm|best) regards\b",
        r"^with (?:kind|best)\b",
        r"^hope (?:this|you)\b",
        r"^bless\b",
        r"^please (?:answer|reply|write)\b",
        r"thank you for reading",
    ),
    pointing=any_of(
        r"\b(?:it|its|it's|they|them|those|these|this|that|that's|ones?|he|him|his|she|her|their|then|such|"
        r"here)\b"
    ),
    empty=frozenset(
        "a an the and or but if so as at by for from in into is are was were be been am do does did done have "
        "has had "
        "having i me my mine we us our you your u he she it its they them their his her him this that these "
        "those there here to of on off up out over with about what where when who why which how can could would "
        "will may might should shall must not no yes just some any also too very then than all one ones please "
        "thanks thank get got go going come want need like know tell it's i'd i'm don't you've we've i've "
        "there's that's what's let see one's anyone someone somebody who'd else still more much many now ever even "
        "back way thing things between whoever next".split()
    ),
    common=frozenset(
        "add age around article articles back bill book books box boxes brought bring bag bags building buy "
        "call called cancel "
        "card charge charged class club code come copy copies court deadline due error event everything fee "
        "fees film form "
        "found full get give gave hold holds hours house home in info information job jobs join keep kid kids "
        "late left "
        "library list look looked lost late message need new notice number open order page paper parts pay "
        "people photo "
        "picture pictures pick print printed program put question read reading renew request requests reserve "
        "return returned "
        "room safe sale saturday says score scores school series set shelf shop show sign sources space story "
        "stop study "
        "suggest table talk test today tomorrow tonight used van visit volume volumes waiting week week weeks "
        "work photo "
        "died killed son daughter girl boy child children grandfather grandmother grandson aunt uncle print- "
        "build built "
        "computer computers password pin account phone notice due".split()
    ),
    opens=any_of(
        r"^(?:and |but |so |also,? )?(?:is|are|am|do|does|did|can|could|will|would|may|might|should|has|have|"
        r"was|were|"
        r"when|what|where|who|whom|whose|which|how|why|whats|what's|wheres|hows|any)\b"
    ),
    private=any_of(
        r"\b(?:died|dying|dead|death|killed|passed (?:away|on)|funeral|widow(?:er)?|grief|griev\w+|hospice)\b",
        r"\b(?:stroke|hospital\w*|treatment|surgery|cancer|tumou?r\w*|diabet\w+|chemo\w*|c(?:o|oe)?eliac|asthma\w*|"
        r"epilep\w+|"
        r"arthritis|parkinson\w*|multiple sclerosis|dialysis|transplant|heart attack|dementia|alzheimer\w*|"
        r"macular|diagnos\w+|illness|doctor has me|my (?:hip|heart|cancer|knee|diagnosis))\b",
        r"\b(?:broke\w* (?:\w+ )?(?:foot|leg|arm|hip|ankle|wrist|rib|collarbone)|fractur\w+|sprain\w*|crutches|"
        r"concussion|"
        r"in a cast|injur(?:y|ies|ed))\b",
        r"\b(?:medications?|meds|prescriptions?|antidepress\w*|insulin|therapist|psychiatr\w*|anxiety|panic attacks?|"
        r"depress(?:ed|ion)|bipolar|autis\w+|adhd|in recovery|pregnan\w+|miscarr\w*|ivf|disability (?:benefits?|"
        r"claims?|"
        r"pension|checks?|cheques?|payments?)|ssdi?|food stamps)\b",
        r"\b(?:divorc\w+|custody|alimony|child support|separated from|debts?|bankrupt\w*|foreclos\w*|repossess\w*|"
        r"evict\w*|behind on (?:the|my|our) (?:rent|mortgage)|back rent|homeless)\b",
        r"\b(?:naturali[sz]ation|citizenship|green card|(?:work|study|residence) permit|visa (?:application|status|"
        r"interview)|"
        r"immigration|am a refugee|asylum|undocumented|deport\w*)\b",
        r"\b(?:arrest\w*|jail|prison|parole|probation|convict(?:ed|ion)|felony|court date|drunk|dob|date of birth|"
        r"(?:social (?:security|insurance)|passport|bank account) number|ssn|(?:my|her|his|their|our) sin|scammed|"
        r"embarr?ass\w*)\b",
        r"\b(?:gay|lesbian|transgender|i(?:'m| am|’m) (?:muslim|jewish|catholic|hindu)|converted to|baptized)\b",
    ),
    unsaid=any_of(
        # A plight of one's own, told.
        r"\bbroken? (?:my|her|his) (?:\w+ )?(?:foot|leg|arm|hip|ankle|wrist|ribs?)\b|\bon crutches\b",
        r"\b(?:i|we|she|he|my \w+)(?:['’](?:ve|s|m|re)| have| has| had| am| is| are| was| were| got| just| been|"
        r" recently)+ "
        r"(?:diagnosed|hospitali[sz]ed|operated on|evicted|arrested|pregnant)\b",
        r"\b(?:my|her|his) (?:chemo\w*|surgery|stroke|diagnosis|cancer|miscarriage|divorce|eviction|bankruptcy|"
        r"(?:parole|probation) officer)\b",
        r"\b(?:i|she|he)(?:['’](?:ll|m|s)| am| is| was| will)(?: be)? (?:back )?in (?:the )?hospital\b",
        r"\b(?:tickets?|case number|reference number|request id|do not reply|no-?reply|important to (?:us|me)|"
        r"inconvenience|"
        r"as soon as possible|asap|shortly|in a timely manner|business days?|customers?|kindly|please be advised|"
        r"pursuant|at your earliest|patrons?|misrouted|the appropriate|our experts|our system|algorithm|"
        r"confidence|error|happy to help|hope this helps|have a (?:great|nice|good) day|thank you for|queue|"
        r"unfortunately|"
        r"damn|hell|crap|shit|fuck\w*|bitch\w*|bastards?|idiots?)\b",
    ),
    delicate=any_of(
        r"\b(?:passed away|(?:he|she|husband|wife|mother|father|mom|mum|dad|son|daughter|brother|sister|friend)"
        r" (?:has |just )?died)\b",
        r"\bmy (?:late|dead) (?:husband|wife|partner|son|daughter|mother|father|mom|mum|dad|brother|sister)\b",
        r"\b(?:suicid\w*|(?:kill|killed|killing) (?:my|your|him|her|them)sel\w*|"
        r"end (?:my|his|her) life|want to die|hurt myself|self.harm)\b",
        r"\bwon.?t matter (?:any|much)\b",
        r"\b(?:jail|prison|inmate|parole|probation|arrest\w*|incarcerat\w*)\b",
        r"\b(?:rap(?:e|ed|ist)|molest\w*|assault\w*|abus(?:e|ed|ive|er|ing)|beat(?:s|en)? me|hits me|"
        r"violen(?:t|ce))\b",
        r"\brestraining order\b",
        r"\border of protection\b",
        r"\bkeep someone away\b",
        r"\bmy ex(?:-\w+|\b(?![ -]?libris))",
        r"\blooks at my phone\b",
        r"\bafraid of (?:him|her|my)\b",
        r"\b(?:follow(?:s|ing) me|stalk\w*|goes wherever i go|i don.?t feel safe|unsafe)\b",
        r"\b(?:cancer|hiv|aids|abortion|pregnan\w*|miscarr\w*|chemo\w*|diagnos\w*|dementia|alzheimer\w*|rehab|"
        r"overdose|depress\w*)\b",
        r"\b(?:evict\w*|homeless|foster care|asylum|deport\w*|undocumented|immigration (?:status|papers|court))\b",
        r"\b(?:gay|lesbian|trans(?:gender)?)\b",
        r"\b(?:coming out (?:as|to my)|queer)\b",
        r"\b(?:custody|divorc\w*|alimony)\b",
        r"\b(?:court|hearing|lawyer|sued|lawsuit) (?:tomorrow|date|on|at)\b",
        r"\b(?:be|go|going|to) (?:in|to) court\b",
        r"\bopen investigation\b",
        r"\bsubpoena\w*\b",
        r"\bsearch warrant\b",
        r"\bunwed\b",
        r"\bgiven away\b",
        r"\b(?:was|were|be|been|being) adopted\b",
        r"\badoptee\b",
        r"\bbirth (?:mother|parent)s?\b",
        r"\bdon.?t (?:want|let|tell) (?:my|him|her|them|any\w+|this|it|the|people|"
        r"others)\b[^.?!]{0,30}\b(?:know|find out|show up|see)\b",
        r"\bdon.?t (?:phone|call) (?:the|my)\b",
        r"\bplease only write\b",
        r"\bin front of everybody\b",
        r"\b(?:drinking|drugs|addict\w*) problem\b",
        r"\bsays? (?:she|he) wants to die\b",
        r"\bhe.?s dying\b",
        r"\bshe.?s dying\b",
        r"\bfuneral\b",
        r"\b(?:i.?m|i am) (?:scared|afraid (?:of|for|to|at))\b",
        r"\bhiding from\b",
        r"\bno one (?:knows|must know)\b",
        r"\bnobody knows\b",
    ),
    urgent=any_of(
        r"\b(?:urgent(?:ly)?|emergenc\w*|asap|right away|immediately|at once)\b",
        r"\bstill on tonight\b",
        r"\b(?:tonight|this evening)\b",
        r"\b(?:before|by|at|until) \d{1,2}(?::\d\d)? ?(?:a\.?m\.?|p\.?m\.?)? today\b",
        r"\btoday (?:by|before|at)\b",
        r"\b(?:standing|waiting|stuck) outside\b",
        r"\b(?:tomorrow|today) if (?:i|we|you) can\b",
        r"\b(?:fix|mend) (?:that|this|it)(?: one)? today\b",
        r"\b(?:comment|answer|need\w*|deadline|due|exam|court|class|hearing|appointment|interview|setting up)"
        r"\b.{0,60}\b(?:today|tonight|tomorrow|tmrw|tmrow|tomorow)\b",
        r"\b(?:today|tonight|tomorrow|tmrw)\b.{0,40}\b(?:court|hearing|deadline|exam|class|appointment|"
        r"interview|due)\b",
        r"\bfor class (?:tmrw|tomorrow)\b",
        r"\b(?:suicid\w*|(?:kill|killed|killing) (?:my|your|him|her|them)sel\w*|"
        r"end (?:my|his|her) life|want to die|won.?t matter (?:any|much))\b",
        r"\b(?:locked (?:in|out) (?:here|the building)|trapped|stuck in the (?:elevator|lift))\b",
        r"\btime matters\b",
        r"\bwho is dying\b",
        r"\b(?:restraining order|order of protection|keep someone away|goes wherever i go|hits me|afraid of him)\b",
        r"\bdeadline\b.{0,40}\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b",
        r"\bwater (?:is )?(?:coming|pouring)\b",
        r"\b(?:gas leak|on fire|bleeding|unconscious)\b",
    ),
    details=(
        Detail(
            any_of(r"\b(?:days?|dates?|hours?|when)\b"),
            any_of(
                r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)(?:\w{3,6})?\b(?! (?:be|i|we|he|she|it))",
                r"\b\d{1,2}/\d{1,2}\b|\bthe \d{1,2}(?:st|nd|rd|th)\b",
                r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tues?|thurs?|tomorrow|tonight|thanksgiving|"
                r"christmas|easter)\b",
            ),
        ),
        Detail(
            any_of(r"\b(?:where|place|floor|building|branch|location|computer|printer|machine)\b"),
            any_of(
                r"\b(?:floor|upstairs|downstairs|basement|ground|(?:lower|upper) level|room \w?\d+|entrance|lobby|"
                r"stacks|"
                r"corner|branch|wing)\b",
            ),
        ),
        Detail(
            any_of(r"\b(?:titles?|topic|citation|author|course|module|link|says?|message|question)\b"),
            any_of(r"[\"“‘„«][^\"”’“»]{4,}[\"”’“»]", r"\b[a-z]{2,5} ?\d{3,4}\b", r"\b(?:isbn|doi|topic)\b|https?://"),
        ),
        Detail(
            any_of(r"\b(?:how (?:many|old)|number of|size)\b"), any_of(r"\b\d+\b|\b(?:two|three|four|five|dozen)\b")
        ),
    ),
    general=any_of(
        r"(?:^|[.?!:;…\n] ?)(?:and |but |so )?(?:how (?:do|does|long|much|many|often)|which|where|what|who(?:se)?|"
        r"why|do (?:you|they|we)|does|did|"
        r"when (?:do|does|is|are|will)|is (?:this|that|it|the)|is there (?:an?|any)|are (?:you|there|they))\b",
    ),
    trouble=any_of(
        r"\b(?:ate|broken|broke down|jam(?:med)?|wrong|fail(?:s|ed)|refused|rejected|denied|never|didn.?t|doesn.?t|"
        r"won.?t|wouldn.?t|can.?t (?:get in|open|find)|could not|not able|stuck|blocked|errors?|crash\w*|dead|"
        r"missing|vanished|disappeared|gone|expired|revoked|no longer|gr[ae]yed out|all booked|"
        r"not (?:work\w*|valid|recognized|found|permitted|allowed|fair|paying|opening|loading|showing)|"
        r"still (?:show\w*|say\w*|not|waiting|on my)|again and again|nothing (?:came|happen\w*)|"
        r"do not have access|(?:page|site|website|catalogu?e|form|app) (?:says?|said|shows?)|heard (?:nothing|back)|"
        r"ha(?:ve|s)n.?t (?:heard|got(?:ten)?|received|given|arrived|come)|"
        r"any sign of|"
        r"complain\w*|rude|tried|overdue|disputed?|instead of|harmed|damaged|blurr\w+|already)\b",
    ),
    remedy=any_of(r"\b(?:trouble|mends?|help|look at it|asked? for|keeps found)\b"),
    several=any_of(
        r"(?:^|[.?!\n] ?)(?:and )?(?:also|separately|second(?:ly)?|another thing|one more thing)\b",
        r"\b(?:and|the) (?:also|separately|other is|other thing)\b",
        r"\btwo (?:\w+ )?(?:things|questions|ones|matters)\b",
        r"(?:^|\s)1[.)] [^\0]{1,2000}\s2[.)] ",
        r"\bon a \w+ matter\b",
    ),
    dear=any_of(
        rf"\bmy (?:late|dead|deceased) (?:\w+ )?({_CLOSE})\b",
        rf"\bmy (?:\w+ )?({_CLOSE})(?:,? [a-z]+)?(?: has| just| recently){{0,2}} (?:died|passed away)\b",
        rf"\bmy (?:\w+ )?({_CLOSE})(?: [a-z]+){{0,6}} (?:jail|prison|dying|hospice)\b",
        rf"\bmy (?:\w+ )?({_CLOSE})\b[^.?!]{{0,60}} (?:wants? to die|end (?:his|her) life|(?:him|her)self)\b",
    ),
    feared=any_of(
        r"\b(?:rap(?:e|ed|ist)|molest\w*|assault\w*|abus\w*|beat(?:s|en|ing)? (?:me|us|up)|(?:hits?|hurts?) (?:me|us)|"
        r"violen\w*|threat\w*|stalk\w*|(?:restraining|protect\w*) orders?|order of protection|afraid of|scared of|"
        r"hid(?:e|ing) from|looks at my|pregnan\w*|abortion|hiv|gay|lesbian|trans(?:gender)?|queer|coming out|custody|"
        r"divorc\w*|adopt\w*|birth (?:mother|parent)s?|unwed)\b",
        r"\b(?:finds?|found) out\b|\b(?:no ?one|nobody|doesn.?t|don.?t)\b[^.?!]{0,20}\bknows?\b",
        r"\bdon.?t (?:tell|let|want|call)\b",
    ),
)
