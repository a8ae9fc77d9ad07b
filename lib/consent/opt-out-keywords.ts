// What people write to get out. Keywords and fillers: the seed list of the product's compliance specification
// (optout-keywords.json; its English set follows the carriers' defaults). Phrases: our own, to be read by native speakers.
// All languages are matched at once, because the language of a contact is not the language of an angry contact.
// An organisation adds keywords, never removes any. Texts are compared after `normalise` of opt-out-detector.ts, so the
// lists are written without accents where the script is Latin.

/** Alone, or with fillers only, each of these withdraws. */
export const optOutKeywords: Readonly<Record<string, readonly string[]>> = {
  en: [
    "stop",
    "stopall",
    "stop all",
    "unsubscribe",
    "cancel",
    "end",
    "quit",
    "optout",
    "opt out",
    "revoke",
    "remove",
    "remove me",
  ],
  es: [
    "baja",
    "dar de baja",
    "darme de baja",
    "parar",
    "detener",
    "cancelar",
    "cancelar suscripcion",
    "eliminar",
    "salir",
  ],
  pt: ["sair", "parar", "cancelar", "descadastrar", "pare", "remover"],
  de: ["stopp", "abmelden", "abbestellen", "kuendigen", "kundigen"],
  fr: ["arret", "desabonner", "desinscrire", "desinscription"],
  it: ["ferma", "cancellami", "annulla iscrizione", "disiscrivimi", "disiscrivi"],
  ca: ["baixa", "atura"],
  nl: ["afmelden", "stop berichten"],
  pl: ["wypisz"],
  tr: ["iptal", "dur"],
  id: ["berhenti"],
  ar: ["إيقاف", "ايقاف", "إلغاء", "الغاء الاشتراك"],
  hi: ["बंद", "बंद करो"],
  ru: ["стоп", "отписаться", "отписка"],
  "us-ca-carrier": ["td"],
};

/** Words that may stand beside a keyword without changing what it says. */
export const fillers: readonly string[] = [
  ...[
    "please",
    "pls",
    "plz",
    "thanks",
    "thank you",
    "thx",
    "now",
    "me",
    "all",
    "messages",
    "hi",
    "hello",
    "ok",
    "kindly",
    "hey",
    "asap",
  ],
  ...["por favor", "porfavor", "porfa", "favor", "gracias", "ya", "ahora", "mensajes", "hola", "buenas", "buenos dias"],
  ...["bitte", "danke", "jetzt", "hallo", "svp", "merci", "bonjour", "grazie", "ciao", "per favore"],
  ...["obrigado", "obrigada", "ola", "alstublieft", "aub", "si us plau", "gracies", "lutfen", "prosze", "tolong"],
  ...[
    "quiero",
    "quisiera",
    "quero",
    "i want to",
    "id like to",
    "ik wil me",
    "ik wil",
    "je veux",
    "je souhaite",
    "me",
    "se",
  ],
  ...["voglio", "vorrei", "vull", "ich mochte mich", "ich will mich", "mich", "хочу"],
  ...["пожалуйста", "спасибо", "من فضلك", "कृपया"],
];

/** What people name when they say what must stop; beside a keyword as harmless as a filler. */
export const messageWords: readonly string[] = [
  ...["message", "messaging", "texts", "whatsapp", "sms", "spam", "ads", "marketing", "newsletter", "notifications"],
  ...["subscription", "promotions", "promos", "mensaje", "publicidad", "promociones", "ofertas", "notificaciones"],
  ...["suscripcion", "lista", "envios", "mensagens", "nachrichten", "werbung", "messages", "pub", "publicite"],
  ...["messaggi", "pubblicita", "missatges", "publicitat", "berichten", "reclame", "mesaj", "mesajlar", "pesan"],
];

const ES_OBJECT =
  "(?:mensaj\\w*|publicidad|whats\\w*|wasaps?|promo\\w*|ofertas?|spam|sms|correos?|notificaciones|info\\w*)";
const ES_DO = "(?:escrib(?:a|as|an|ais|ir)|(?:envi|mand|contact|llam|molest)(?:e|es|en|eis|ar))"; // asked of us; not "enviaron"
const EN_OBJECT =
  "(?:message\\w*|msgs?|texts?|ads?|spam|promo\\w*|offers?|marketing|whatsapp\\w*|notifications?|emails?|sms)";
const PT_OBJECT = "(?:mensage\\w*|mensagens|publicidade|promo\\w*|ofertas?|spam|propaganda\\w*|notificac\\w*)";

/** Whoever writes one of these withdraws, whatever greeting or reason stands around it. Patterns on whole words. */
export const optOutPhrases: readonly string[] = [
  // Words that mean nothing else, in any sentence; leaving a list or a group
  "unsubscribe|desuscribir\\w*|descadastrar?\\w*|desabonner|desinscrire|disiscriver\\w*|uitschrijven|afmelden|abbestellen|wypis(?:ac|anie|z)\\w*|отписаться",
  "(?:salir(?:me)?|sair|sortir|uscire|leave|exit|get off) (?:(?:del?|d[ao]s?|du|des|the|this|your|el|la|los|las|este|esta|esse|essa|vuestra|sua|dal|dalla) )*(?:list[ae]?|grupos?|group|gruppo|llista|grup|difusion)",
  // Spanish
  `no (?:me|nos) (?:vuelv\\w+ a )?${ES_DO}(?: nada)?(?: mas| nunca mas| jamas)(?: ${ES_OBJECT}| por favor| porfa| gracias| ya| nunca|$)`,
  `no (?:me|nos) (?:escriban|escribas|escribais|contacten|contactes)$`,
  `no (?:me|nos) ${ES_DO} (?:mas )?(?:\\w+ )?${ES_OBJECT}`,
  `(?:ya )?no (?:quiero|deseo|queremos) (?:seguir )?(?:recib\\w+|saber|que me ${ES_DO})(?: ninguna?| nada)?(?: mas)?(?: ${ES_OBJECT}| nada| de vosotros| de ustedes| por favor|$)`,
  `no quiero (?:mas )${ES_OBJECT}`,
  `(?:no mas|basta de|ni un[oa]? mas|nada de) ${ES_OBJECT}`,
  `no vuelv\\w+ a (?:escrib|envi|mand|contact|llam|molest)\\w+(?:me|nos)`,
  `no (?:autoriz|consient)\\w+ (?:que|el|la|los|recibir|mas)|no doy (?:mi |el )?(?:permiso|consentimiento)`,
  `(?:derecho (?:de|a la) oposicion|me opongo a (?:que|recibir|la publicidad|las comunicaciones))`,
  `(?:dej\\w+|pare\\w*|parad?|cesad|cesen) (?:ya |por favor |porfa )?(?:de |con )(?:(?:escrib|envi|mand|contact|molest|llam|recib)\\w+|(?:los |las |la |tanto |tanta |tantos )?${ES_OBJECT})`,
  `no (?:me|nos) vuelv\\w+ a ${ES_DO}`,
  `no (?:enviar|mandar|escribir|contactar|llamar|molestar)(?:me|nos)?(?: mas|$)`,
  `(?:borr|elimin|suprim|quit)\\w+ (?:todos )?mis? (?:datos|numero|telefono|contacto)`,
  `(?:borr|elimin|quit|saqu?|retir)\\w*(?:me|nos) (?:ya )?del? (?:(?:la|su|vuestra|tu|esta|esa|este|ese|vuestro) )?(?:lista\\w*|base|grupo|difusion|agenda)`,
  `(?:me|nos) (?:quiero|queremos|quisiera|gustaria|deseo|pod\\w+|pued\\w+) (?:dar de baja|desuscribir|desapuntar|borrar$|(?:borrar|quitar|sacar|eliminar) de (?:aqui|(?:la|su|vuestra|tu|esta|esa) (?:lista|base)))`,
  `(?:doy|den|deme|denme|dame|dadme|darme|darnos|dar|quiero|solicito|pido|causar) (?:me )?(?:de |la )?(?:de )?baja$`,
  `(?:darme|denme|deme|dame|dadme|me doy|me de|me dare|quiero darme) (?:de )?baja`,
  `darse de baja$`,
  `(?:borr(?:ad|en|a)|elimin(?:ad|en|a)|quit(?:ad|en|a)|saqu?(?:ad|en|a))me$`,
  `desuscrib\\w*`,
  `(?:cancel\\w+|anul\\w+) (?:mi |la )?(?:suscripcion|consentimiento)`,
  `(?:retiro|revoco) (?:mi |el )?consentimiento`,
  // English
  `(?:stop|quit|cease) (?:\\w+ )?(?:messaging|texting|contacting|sending|spamming|writing|bothering|emailing|calling)(?: me| us| this| these| ${EN_OBJECT}|$)`,
  `stop (?:it|this|these|with the|all|the|your) ?(?:all |these |${EN_OBJECT}|$)`,
  `(?:do not|dont|never|no longer) (?:ever )?(?:contact|message|text|write to|write|call|email|send) (?:me |us |this number |here )?(?:again|anymore|any more|any ${EN_OBJECT}|${EN_OBJECT}|more ${EN_OBJECT}|$)`,
  `(?:do not|dont) (?:contact|message|text) (?:me|us)$`,
  `(?:no longer|do not|dont) (?:wish|want) to (?:(?:receive|get|hear)(?: from (?:you|this)| any\\w*| your| these| more| further| ${EN_OBJECT}|$)|be (?:contacted|messaged))`,
  `(?:do not|dont) want (?:to (?:get|receive)|your|any|these|more)(?: \\w+){0,2} ${EN_OBJECT}`,
  `(?:take|remove|delete|get) (?:me|us|my (?:number|data|details|info|contact)) (?:off|from|out of)`,
  `(?:delete|erase|remove) (?:all )?my (?:data|number|details|info|information)`,
  `(?:unsubscribe|opt) (?:me|us)(?: out)?|(?:am |im )?(?:opting|opted) out$`,
  `(?:lose|forget) my number`,
  `cancel\\w* (?:my |these |this |the |all |your )*(?:subscription|alerts?|${EN_OBJECT})`,
  `(?:never|do not|dont|no longer) want (?:to hear|you to (?:contact|message|text|write|send|call))`,
  `(?:do not|dont) (?:authori[sz]e|consent to|agree to) (?:\\w+ ){0,3}${EN_OBJECT}`,
  `(?:want|like|wish|need) to (?:unsubscribe|opt out|be removed)`,
  `no more ${EN_OBJECT}`,
  `(?:withdraw|revoke) (?:my )?consent`,
  // Portuguese
  `nao (?:quero|desejo) (?:mais )?(?:receber (?:mais )?(?:\\w+ )?${PT_OBJECT}|receber(?: mais| nada)*$|${PT_OBJECT})`,
  `(?:nao|parem?|pare|deixem?) (?:de )?(?:me )?(?:envi|mand|escrev|contat|incomod)\\w+(?: me)? ?(?:mais|${PT_OBJECT}|$)`,
  `(?:apaguem?|excluam?|removam?|retirem?|tirem?)(?: me)? (?:os )?(?:meus? (?:dados|numero)|d[ae]s?(?:sa|ta)? lista)`,
  `(?:cancelar|quero cancelar) (?:a |minha )?(?:inscricao|assinatura)`,
  `nao (?:autorizo|consinto|permito) (?:o |que |a )?(?:envi|uso|me|mais|receb)\\w*`,
  `(?:chega|basta) de ${PT_OBJECT}`,
  `nao quero que (?:voces |vcs )?(?:me )?(?:mand|envi|escrev|contat|chat)\\w+`,
  `(?:tir|remov|retir|exclu|apag)\\w*(?: me| eu| o)* (?:meu numero|minha conta|d(?:a|e|o|essa|esta|esse|este)s? (?:sua |vossa )?(?:lista|grupo|base))`,
  // German
  "keine (?:weiteren |mehr )?(?:nachrichten|werbung|mails|angebote|sms)",
  "(?:schreiben|schreib|schreibt|kontaktieren|kontaktiert) (?:sie )?(?:mir|mich) (?:bitte )?(?:nicht|nie) (?:mehr|wieder)",
  "(?:mochte|moechte|will) (?:\\w+ ){0,3}(?:keine (?:\\w+ )?(?:nachrichten|werbung|mails|angebote|sms|infos?|newsletter)|nicht mehr (?:kontaktiert|angeschrieben|belastigt))",
  "(?:meine daten|meine nummer|mich) (?:\\w+ ){0,4}(?:loschen|loeschen|abmelden|entfernen|austragen)",
  "(?:loschen|loeschen|entfernen) sie (?:bitte )?(?:meine|mich)",
  "(?:melden|tragen) sie mich (?:bitte )?(?:ab|aus)",
  "hor\\w* auf mir zu schreiben",
  "(?:nehm|nimm)\\w* (?:sie )?(?:mich|meine nummer) (?:bitte )?(?:aus|von)",
  "stopp\\w* (?:das|die|diese|alle|mit)\\b.*",
  "(?:will|mochte|moechte) nicht dass (?:ihr|sie|du) (?:mir|mich)",
  "widerruf\\w* (?:hiermit )?(?:meine |die )?(?:einwilligung|zustimmung)|(?:einwilligung|zustimmung) widerrufen",
  // French
  "(?:ne )?(?:m ?|me |nous )(?:envoye[zr]|envoie|ecrive[zr]|ecris|contacte[zr]?|derange[zr]?) (?:plus|pas)",
  "(?:ne )?(?:veux|souhaite|desire) (?:plus|pas) (?:\\w+ )?(?:recevoir(?: plus)?(?: (?:de |des |d |vos |ces )?(?:messages|pub\\w*|offres|sms|promos?)|$)|etre contacte|de (?:messages|pub\\w*))",
  "arrete[zr]? (?:de |d ?)(?:m|me|nous)? ?(?:envoyer|ecrire|contacter|harceler|spammer)\\w*",
  "(?:supprime[zr]?|efface[zr]?|retire[zr]?|enleve[zr]?|desinscri\\w+|desabonne[zr]?) ?(?:moi|mes donnees|mon numero)",
  "(?:me|de me) (?:desabonner|desinscrire)",
  "plus (?:de |aucune? )?(?:messages?|pubs?|publicites?|sms|promos?)(?: merci| svp|$)",
  "(?:ne )?(?:veux|souhaite) (?:plus|pas) que vous (?:m|me) ?\\w+",
  "(?:retire|revoque) (?:mon )?consentement|(?:n )?autorise (?:pas|plus) (?:\\w+ ){0,3}(?:messages?|pub\\w*|envoi)",
  // Italian
  "non (?:mi |ci )?(?:scriv|mand|invi|contatt|disturb)\\w+ (?:mi )?(?:piu|altri messaggi|messaggi|pubblicita)",
  "non (?:voglio|desidero) (?:piu )?(?:ricevere(?: piu| altri| i vostri)*(?: messaggi| pubblicita| sms| offerte|$)|messaggi|pubblicita|essere contattat\\w)",
  "(?:smett\\w+|basta) (?:di |con )?(?:scriver|mandar|inviar|contattar|messaggi|pubblicita)\\w*",
  "(?:cancell|rimuov|elimin)(?:ate|ete|are|ere|ar|er)mi|disiscriver\\w*",
  "(?:cancell|rimuov|elimin|togli|lev)\\w+ (?:mi da|i miei dati|il mio numero|dalla (?:vostra )?lista)",
  "non voglio che mi (?:scriv|mand|invi|contatt)\\w+|non autorizzo (?:\\w+ ){0,3}(?:messaggi|pubblicita|invio)|(?:revoco|ritiro) il (?:mio )?consenso",
  // Catalan
  "no (?:vull|volem) (?:rebre |saber )?(?:mes|res mes|cap)(?: missatg\\w+| publicitat)?",
  "no (?:vull|volem) rebre(?: mes| cap| res| missatg\\w+| publicitat|$)",
  "no m ?(?:escrig|envi|contact|truqu)\\w+ (?:mes|res)",
  "no vull que (?:em|me|m|ens) ?(?:torn\\w+ a )?(?:escri|envi|contact|truc|truqu)\\w*|(?:retiro|revoco) el (?:meu )?consentiment",
  "(?:dona|doneu|donar|donin)(?: ?m| me)? de baixa",
  "(?:esborr|elimin|trei|trey)\\w+ (?:les )?(?:meves dades|el meu numero|de la llista)",
  "deixeu? d ?(?:escriure|enviar)\\w*",
  // Dutch
  "geen (?:berichten|reclame|appjes|meldingen)(?: meer)?",
  "(?:stuur|stuurt|app|bericht) (?:me|mij) (?:\\w+ )?(?:niet|geen \\w+) meer",
  "(?:schrijf|meld|haal) (?:me|mij) (?:uit|af|van de lijst|van)",
  "verwijder (?:mij|me|mijn (?:gegevens|nummer))",
  "wil (?:\\w+ )?(?:geen|niet) (?:\\w+ )?(?:berichten|meer ontvangen)",
  // Polish, Turkish, Indonesian
  "(?:nie|prosze nie|przestan\\w*) (?:chce )?(?:wiecej |juz )?(?:pisz|pisac|wysyla|wiadomosci|otrzymywac|kontaktow)\\w*",
  "(?:usun|wypisz)\\w* (?:mnie|moje dane|moj numer)",
  "mesaj (?:gonderme|atma|istemiyorum|almak istemiyorum)\\w*",
  "(?:bir daha|artik) (?:\\w+ )?(?:yazma|mesaj|arama)\\w*",
  "(?:listeden|abonelikten) cik\\w*|(?:numarami|verilerimi) sil\\w*",
  "(?:jangan|stop|berhenti) (?:kirim|hubungi|chat|mengirim|wa)\\b.*",
  "(?:hapus|keluarkan) (?:nomor|data|saya)",
  // Russian, Arabic, Hindi
  "не (?:пишите|пиши|присылайте|присылай|шлите|отправляйте|беспокойте|звоните)(?: мне)?(?: больше)?",
  "(?:прекратите|перестаньте|хватит) (?:мне )?(?:присылать|писать|слать|рассыл\\S*|отправлять)",
  "больше не (?:пишите|присылайте|отправляйте|хочу)",
  "(?:отпишите|удалите|уберите|исключите) (?:меня|мой номер|мои данные)",
  "не хочу (?:больше )?(?:получать(?: больше)?(?: (?:ваш|эт|рассыл|сообщен|реклам|смс)\\S*|$)|ваших|рекламы)",
  "(?:отменить|отмените) (?:подписку|рассылку)",
  "(?:لا|توقف\\S*) (?:\\S+ )?(?:ترسل\\S*|تراسل\\S*|رسائل|عن الارسال|عن إرسال|إرسال|ارسال)",
  "لا (?:أريد|اريد) (?:\\S+ )?(?:رسائل|استلام|استقبال|تلقي)",
  "(?:احذف\\S*|امسح\\S*|ازل\\S*) (?:رقمي|بياناتي|اسمي)",
  "(?:إلغاء|الغاء) (?:الاشتراك|اشتراكي)",
  "(?:मैसेज|संदेश|मेसेज) (?:मत|नहीं|न|भेजना) (?:भेज\\S*|चाहि\\S*|करो|बंद)",
  "(?:मुझे )?(?:और )?(?:मैसेज|संदेश) नहीं चाहिए",
  "मेरा (?:नंबर|डेटा) (?:हटा|डिलीट)\\S*",
];

/** Refusal or annoyance that names no opt-out: marketing pauses for the contact until a person has read it. */
export const refusalPhrases: readonly string[] = [
  // Who are you; I do not know you
  "(?:quien(?:es)?|con quien) (?:sois|eres|son ustedes|es este|me escribe)|no (?:se|tengo ni idea de) quien\\w* (?:sois|eres|son)|no (?:os|les|te|los) conozco|who (?:are you|is this|the hell)|(?:no idea|dont know) who (?:you|this)|wer (?:seid ihr|sind sie|bist du|ist das)|qui (?:etes vous|es tu|est ce)|chi (?:siete|sei|e questo)|non vi conosco|quem (?:sao voces|e voce|esta falando)|nao conheco (?:voces|essa|esta)|qui sou|no us conec|wie (?:zijn jullie|bent u|is dit)|кто (?:вы|это)",
  // Indifference
  "me (?:da igual|la suda|importa un)|no (?:me hace falta|lo necesito|necesito nada)|(?:could not|couldnt|dont|do not) care|m en (?:fiche|fous)|ist mir egal|non me ne (?:frega|importa)|m ?es igual|tanto faz|boeit me niet",
  // The law, and fatigue
  "ilegal\\w*|illegal\\w*|illegale?s?|delito|agencia de proteccion|cruz de|que (?:cruz|lata|brasa|tabarra|co[nñ]az\\w+)|agobi\\w+|fatig(?:uez|ais|an|ante)|m(?:i|e) (?:avete |ha )?stanc\\w+|ihr nervt|prou(?: sisplau| ja)?|uff+|otra vez (?:vosotros|ustedes|lo mismo|con)|not again|seriously again|again seriously|chat[oa]s|you (?:guys )?(?:are )?spam\\w*|os bloqueo|bloquear\\w*",
  // A no or a stop and what we send, in a sentence that does not ask for what is missing
  "(?!.*(?:llega|recibid|recibi(?: |$)|entiend|receiv|arriv|understand|receb[ie]|entend|recu|erhalten|bekommen|ricevut|rebut|ontvangen|abr|open|code|codigo|pedido|order))(?:no|not|dont|never|nunca|nao|nicht|kein\\w*|pas|non|geen|stop\\w*|basta|enough|cease|quit) (?:\\w+ ){0,5}(?:mensaj\\w*|messag\\w*|texts|sms|publicid\\w*|pub|propaganda|promo\\w*|notific\\w*|newsletters?|suscripci\\w*|subscription|mensage\\w*|nachrichten|werbung|messaggi|pubblicita|missatg\\w*|berichten|reclame)",
  "(?:no|nunca|never|nao) (?:\\w+ ){0,2}(?:gusta|like|gosto) (?:recibir|receiving|getting|receber)|nunca (?:os |les |te |lo )?(?:pedi|solicite)|(?:never|didnt|did not) (?:ask|sign)",
  "dej\\w* (?:me |nos )?tranquil\\w+|hasta (?:las narices|el gorro|el mono|los huevos)|que (?:chat\\w+|pesad\\w+|pesats|pesades|rollo|palo)|che (?:noia|palle|stress)",
  "(?:gracias|thanks|thank you|merci|danke|grazie|obrigad[oa]|gracies) (?:pero|but|mais|aber|ma|mas) (?:no|non|nein|nao|nee)(?: |$)",
  "no (?:gracias(?! a )|thanks|thank you|merci|danke|grazie|obrigad[oa]|gracies)|(?:nein|nee|ne) danke|non merci|non grazie|nao obrigad[oa]|nee bedankt|nee dank je|nie dziekuje|hayir tesekkurler|tidak terima kasih|нет спасибо|لا شكرا",
  "nada (?:\\w+ ){0,5}me interesa\\w*|no (?:os |les |te )?compro (?:nada )?mas|brauche? (?:ich )?nicht",
  "no (?:me|nos) interesa\\w*|no estoy interesad[oa]|no m ?interessa|not interested|kein interesse|nicht interessiert|pas interesse\\w*|(?:ne )?m ?interesse pas|non (?:mi interessa|sono interessat\\w)|nao (?:tenho interesse|me interessa)|geen interesse|niet geinteresseerd|nie jestem zainteresowan\\w*|ilgilenmiyorum|tidak tertarik|не интересно|не интересует|غير مهتم\\S*|لست مهتم\\S*|रुचि नहीं",
  "no (?:quiero|vull) (?:nada|res|esto|aixo)|dont want (?:this|it|anything)|(?:do not|dont) need (?:this|it)|nao quero|non voglio|will (?:das )?nicht|je (?:n ?en |ne )?veux pas|ik wil (?:dit|het) niet|nie chce|istemiyorum|не хочу|не надо|لا اريد|لا أريد|नहीं चाहिए",
  "spam\\w*|scam|cansin[oa]s?|estafa\\w*|phishing|acos\\w+|plastas?|cans(?:ais|an|as)|hartura|harass\\w*|belastigung|harcelement|molest(?:ia|ando|ais|an)\\w*|annoying|bothering|get lost|keep (?:on )?(?:sending|texting|messaging|writing|spamming)|(?:etes|es|sont) (?:\\w+ )?(?:lourds?|penibles?|relous?)|nervt|nerv(?:ig|en)|fastidi\\w*|спам|достали|надоел\\w*|احتيال|مزعج\\S*|परेशान",
  "(?:leave|let) me (?:alone|be)|go away|piss off|fuck\\w*|shut up|enough|dejad?(?:me|nme|enme)? en paz|deje?nme en paz|dejame en paz|harto|harta|cansad[oa] de|pesad[oa]s?|basta(?: ya)?|que pesadez|no molest\\w+|a la mierda|vete a|lasst? mich in ruhe|lassen sie mich|fichez? moi la paix|laissez? moi|foutez|rompe\\w*|lasciatemi|me deixem? em paz|chega|deixeu ?me|laat me met rust|отстаньте|отвали\\w*|хватит|كفى|كفاية",
  "(?:denunciar|denuncio|denunciare|bloque\\w+|report(?:ar|are)|report you|reporting|block(?:ed|ing)? (?:you|this)|blocking|blockier\\w*|anzeige|signaler|segnal\\w+|aepd|proteccion de datos|gdpr|rgpd|lawyer|abogado|пожал\\w+|заблокир\\w+)",
  "(?:de donde|como) (?:han |habeis |has )?(?:sac|consegu|obten|tien)\\w* mi (?:numero|telefono|contacto)|quien (?:os|les|te) (?:dio|ha dado) mi|woher (?:\\w+ ){1,2}meine|(?:chi|come|dove) (?:\\w+ ){0,2}(?:dato|avut\\w|pres\\w|trovat\\w) (?:il mio numero|i miei dati)|d ?on (?:\\w+ ){1,3}meu (?:numero|telefon|mobil)|quem (?:\\w+ ){0,2}(?:deu|passou) (?:o )?meu (?:numero|contato|telefone)|hoe (?:kom\\w*|heb\\w*) (?:\\w+ ){1,2}mijn (?:nummer|gegevens)|(?:how|where) did you get my|who gave you my|woher haben sie meine|comment avez vous eu mon|come avete avuto il mio|como conseguiram? meu|откуда (?:у вас )?(?:мой|номер)",
  "wrong (?:number|person)|numero equivocad[oa]|se (?:ha |han )?equivoca\\w* de (?:numero|persona)|falsche nummer|mauvais numero|numero sbagliato|numero errado|verkeerd nummer|не туда",
  "never signed up|did(?: not|nt) (?:sign up|subscribe|ask)|no (?:me he|he) (?:suscrito|apuntado|pedido)|nunca (?:me )?(?:suscrib|apunt|di mi)\\w*|no os he dado",
  "demasiad[oa]s (?:mensajes?|whats\\w*|ofertas?|promo\\w*|notificaciones)|too many (?:messages|texts)|zu viele nachrichten|trop de messages|troppi messaggi|muitas mensagens",
];

/** Whole texts that are a keyword misspelt in a way no distance of one letter explains. */
export const misspellings: readonly string[] = [
  "vaja",
  "bja",
  "bajar",
  "baha",
  "unsuscribe",
  "stpo",
  "sto",
  "desuscribir",
  "desuscribirme",
];

/** Words before a phrase that turn it round or make it a condition: then a person decides. */
export const hedges: readonly string[] = [
  ...["if", "unless", "until", "not", "dont", "never", "wont", "didnt", "before", "when", "maybe", "perhaps"],
  ...["si", "no", "nunca", "hasta", "cuando", "se", "nao", "quando", "wenn", "nicht", "falls", "sinon", "als", "niet"],
  ...["quiza", "quizas", "talvez", "vielleicht", "forse", "potser", "misschien"],
  ...["если", "не", "когда", "nie", "jesli", "eger", "jangan", "لا", "إذا", "अगर", "मत"],
];
