import { Html, html } from "./html";

const marks: [sign: RegExp, tag: string][] = [
  [/```([^`]+)```/g, "code"],
  [/(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])/g, "b"],
  [/(?<![\w_])_(?=\S)([^_\n]+?)(?<=\S)_(?![\w_])/g, "i"],
  [/(?<![\w~])~(?=\S)([^~\n]+?)(?<=\S)~(?![\w~])/g, "s"],
];

/** A text with WhatsApp's marks for bold, italic, struck and monospaced; addresses stay as they are. */
export function marked(text: string): Html {
  return new Html(
    text
      .split(/(https?:\/\/\S+)/)
      .map((piece, index) => (index % 2 === 1 ? html`${piece}`.text : withMarks(html`${piece}`.text)))
      .join(""),
  );
}

function withMarks(escaped: string): string {
  return marks.reduce((text, [sign, tag]) => text.replace(sign, `<${tag}>$1</${tag}>`), escaped);
}
