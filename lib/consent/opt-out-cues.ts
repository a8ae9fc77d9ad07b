// What a request to stop is made of, in every language at once: a stop or a no, what we do, and whom it concerns. The phrases of
// opt-out-keywords.ts know how people usually put it; this finds what nobody thought of. Words as `normalise` gives them.

const words = (...patterns: readonly string[]) => new RegExp(`(?<![^ ])(?:${patterns.join("|")})(?![^ ])`, "u");

/** To stop what flows: asked of us. No word here means something else in another language. */
const STOP = words(
  "stop(?:p|pt|pen)?|cease|enough|cancel(?:ar|en|a|ad|e|em|ate)?|parar|paren?|parad|parem?|bast[ae]?|anul(?:ar|en|a|ad|e)",
  "chega|dej(?:a|ad|en|ar|e|es) de|deix(?:em|ar|eu) d[e ]|arrete[zr]?|cesse[zr]?|smett\\w+|fermate|atureu?|prou|aufhoren",
);
/** To take somebody out, or to delete what we have of them. */
const TAKE_OUT = words(
  "remove|delete|erase|forget|exclude|olvid(?:a|ad|en|aos|ense)|(?:borr|elimin|quit|sac|retir)(?:a|ad|en|ar)(?:me|nos)?|saqu?en(?:me|nos)?|suprim(?:a|an|id|ir)(?:me)?|exclu(?:id|ir|yan)(?:me)?",
  "remov(?:a|am|er)|apag(?:a|uem?|ar)|tir(?:em?|ar)|exclu(?:a|am|ir)|retir(?:em?|ar|ez|e)|supprim(?:ez|er|e)|efface[zr]?|enleve[zr]?|oubliez",
  "losch(?:en|t|e)|loesch(?:en|t|e)|streich(?:en|t|e)?|entfern(?:en|t|e)|vergesst|rimuov\\w+|togliete\\w*|dimenticate|cancell(?:ate|are)\\w*",
  "esborr(?:eu|ar|a)|elimineu|tr[ae][iy]eu\\w*|verwijder|haal|schrap",
);
const NO = words(
  "no|not|dont|doesnt|never|nothing|nao|nem|nunca|jamas|nicht|kein\\w*|nie|nichts|ne|pas|plus|rien|jamais|non|mai|niente|niet|geen|nooit|res|sin|without|ni",
);
const MORE = words(
  "mas|more|again|anymore|any|anything|else|mais|nada|ningun\\w*|mehr|plus|piu|altri|mes|meer|weitere\\w*|further|ever",
);
/** What we do, and they no longer want. */
const CONTACT = words(
  "escrib\\w+|envi(?:e|es|en|eis|ar|ando|arme|ame|o)|mand(?:e|es|en|eis|ar|ando|arme|ais)|contact\\w+|llam(?:e|es|en|eis|ar)|recib(?:ir|a|iendo)|lleguen?",
  "send\\w*|text(?:s|ing)?|messag\\w+|writ(?:e|ing)|receiv(?:e|ing)|getting|get|hear|contacting|e?mail(?:ing)?",
  "escrev\\w+|receber|recebendo|recebimento|contat\\w+|mand(?:em|ando)|envi(?:em|ando)",
  "envoy\\w+|ecri\\w+|recevoir|schreib\\w*|schick\\w*|kontaktier\\w*|anschreiben|bekommen|erhalten|scriv\\w+|ricevere|inviat\\w+|invi(?:i|are)",
  "escri(?:gu|ure|v)\\w*|envieu|enviar|rebre|stuur|sturen|schrijf\\w*|ontvangen|appen",
);
/** What we send. */
const THINGS = words(
  "mensaj\\w+|publicidad|promo\\w*|spam|sms|whats\\w*|wasaps?|ofertas?|avisos|anuncios|notificaci\\w+|comunicaci\\w+|suscripci\\w+|newsletters?|boletin\\w*",
  "texts?|messages?|ads|adverts?|marketing|offers?|alerts?|notifications?|emails?|subscription|updates",
  "mensage\\w+|propagandas?|publicidade|notificac\\w+|anuncios|inscricao|assinatura|pubs?|publicites?|offres|nachrichten|werbung|angebote|infos",
  "messaggi\\w*|pubblicita|offerte|missatg\\w+|publicitat|berichten|reclame|aanbiedingen|meldingen|appjes",
);
/** Where somebody stands with us. */
const PLACE = words(
  "list[ae]?s?|difusion|grupos?|base|agenda|database|contactos|contacts|verteiler|liste|group|gruppo|llista|lijst|bestand",
  "mis? (?:\\w+ )?(?:datos|numero|telefono|contacto|movil)|my (?:\\w+ )?(?:number|data|details|info\\w*|phone|contact)|meus? (?:dados|numero|contato|telefone)|mes (?:donnees|coordonnees)|mon numero|meine (?:daten|nummer)|il mio numero|i miei dati|el meu (?:numero|telefon)|les meves dades|mijn (?:nummer|gegevens)",
);
const SELF = words(
  "me|mi|mis|nos|us|my|i|im|meus?|m|moi|mon|mes|mich|mir|meine?|em|mij|mijn|este numero|this number|este medio|\\w+(?:me|nos|mi|moi)",
);
/** What people say who miss something, or speak of what they bought, or of themselves. */
const MATTER = words(
  "lleg(?:a|ado|aron|o)|recibi|recibido|enviaron|mandasteis|mandaron|mandaste|codigo|pedidos?|factura|paquete|enlace|link|cita|reserva|carrito|producto|articulo|talla|tienda|precio|cuenta|tarjeta|app",
  "received|arrived|code|orders?|invoice|parcel|package|item|cart|booking|appointment|receipt|price|shop|store|confirmation|refund|file|picture|photo|bus|open",
  "recebi|chegou|compra|boleto|loja|commande|colis|recu|facture|magasin|bestellung|paket|rechnung|erhielt|termin|laden|ordine|pacco|ricevuto|negozio|comanda|rebut|paquet|botiga|bestelling|pakket|winkel",
  "monday|tuesday|wednesday|thursday|friday|saturday|sunday|lunes|martes|miercoles|jueves|viernes|sabado|domingo|before|after|antes|despues",
  "yo|manana|tomorrow|amanha|demain|morgen|domani|dema|luego|later|when|cuando|hasta|until",
);

const MOST_WORDS = 16;

/**
 * `optout` when somebody asks to stop what we send, or to be taken out; `review` when a no and what we do stand together and
 * nothing else explains it. Undefined: no such thing.
 */
export function readCues(text: string, isQuestion: boolean): "optout" | "review" | undefined {
  if (text.split(" ").length > MOST_WORDS || MATTER.test(text)) return undefined;
  const has = (cue: RegExp) => cue.test(text);
  const stops = (has(STOP) && has(THINGS)) || (has(TAKE_OUT) && has(PLACE) && has(SELF));
  const isRefused = has(NO) && has(CONTACT);
  const asks =
    (stops && (has(THINGS) || (has(PLACE) && has(SELF)))) || (isRefused && has(MORE) && (has(THINGS) || has(SELF)));
  if (asks) return isQuestion || (stops && has(NO)) ? "review" : "optout";
  return (isRefused && has(SELF)) || (has(NO) && has(THINGS)) || (stops && has(CONTACT)) ? "review" : undefined;
}
