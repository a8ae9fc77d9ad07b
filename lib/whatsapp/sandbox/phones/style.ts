/** The page's only style: the console's colours, without its files. */
export const style = `
:root{color-scheme:light dark;
--bg:light-dark(#fff,#14181f);--surface:light-dark(#f7f8fa,#1c222b);--surface-2:light-dark(#eceff3,#29313c);
--ink:light-dark(#14181f,#e8ebf0);--muted:light-dark(#4b5563,#a6b0bd);--line:light-dark(#d5dae1,#343d49);
--edge:light-dark(#6b7280,#8a93a0);--accent:light-dark(#0b6b50,#4cc79f);--on-accent:light-dark(#fff,#08150f);
--soft:light-dark(#e6f5ef,#15332a);--bad:light-dark(#b3261e,#ff9d94);--wall:light-dark(#e9ecef,#0e1217);
--bubble:light-dark(#fff,#29313c);--link:light-dark(#0067b1,#7dbdf2);--image:light-dark(#dfe5ea,#38424f)}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1,h2,h3{margin:0;font-size:16px}h3{font-size:14px}p{margin:0}a{color:var(--link)}
.note{color:var(--muted);font-size:13px}
.top{display:flex;flex-wrap:wrap;gap:4px 16px;align-items:baseline;padding:12px 16px;border-bottom:1px solid var(--line)}
.top h1 a{color:inherit;text-decoration:none}.top .clock{margin-left:auto}
.skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--bg);padding:8px}
.only-read{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.parts{display:grid;grid-template-columns:300px minmax(0,1fr);max-width:1120px;margin:0 auto}
main:focus{outline:none}
.people{border-right:1px solid var(--line);padding:16px;min-height:calc(100vh - 50px)}
.people ul{list-style:none;margin:12px 0;padding:0}
.people li a{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:0 8px;padding:8px;border-radius:6px;color:inherit;text-decoration:none;min-height:44px}
.people li a:hover{background:var(--surface)}.people li a[aria-current]{background:var(--soft)}
.people b{overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.badge{position:relative;justify-self:end;min-width:20px;padding:0 6px;border-radius:10px;background:var(--accent);color:var(--on-accent);font-size:13px;text-align:center}
.empty{color:var(--muted);padding:8px}.pick{padding:48px 24px;color:var(--muted)}
.phone{padding:16px 24px 48px;display:grid;gap:16px;align-content:start;min-width:0}
.phone>header{display:flex;gap:12px;align-items:baseline;flex-wrap:wrap}.back{display:none}
.mode{display:flex;flex-wrap:wrap;gap:8px 12px;align-items:center;background:var(--surface);padding:12px;border-radius:8px}
.mode p{flex:1 1 240px}
.screen{max-width:460px;width:100%;border:1px solid var(--line);border-radius:16px;overflow:hidden;background:var(--wall)}
.screen>form{padding:8px;background:var(--surface)}
.sender{display:flex;flex-direction:column;padding:8px 16px;background:var(--surface);border-bottom:1px solid var(--line)}
.chat{list-style:none;margin:0;padding:16px 12px;height:min(560px,70vh);overflow:auto;display:flex;flex-direction:column;gap:12px}
.chat>li{max-width:88%;min-width:0}.from-person{align-self:flex-end}.event{align-self:center;color:var(--muted);font-size:13px;text-align:center}
.chat>.from-business:has(.cards){max-width:100%;width:100%}
.bubble{background:var(--bubble);border-radius:10px;padding:8px 12px;display:grid;gap:6px;overflow-wrap:anywhere}
.from-person .bubble{background:var(--soft)}
.text{white-space:pre-line}.foot{color:var(--muted);font-size:13px}.time{color:var(--muted);font-size:12px;text-align:right}
.media{background:var(--image);border-radius:6px;min-height:96px;display:flex;flex-direction:column;align-items:center;justify-content:center;text-align:center;padding:12px}
.offer{background:var(--surface-2);border-radius:6px;padding:8px;display:flex;flex-direction:column}
.buttons{list-style:none;margin:0 -12px -8px;padding:0;border-top:1px solid var(--line)}
.buttons li+li{border-top:1px solid var(--line)}
.buttons button,.buttons a,.inert{display:block;width:100%;min-height:44px;padding:10px;border:0;background:none;color:var(--link);font:inherit;text-align:center;text-decoration:none;position:relative}
.buttons button:hover,.buttons a:hover{background:var(--surface)}.inert{color:var(--muted)}
.cards{list-style:none;display:flex;gap:8px;overflow-x:auto;margin:8px 0 0;padding:0 0 8px}.cards>li{flex:0 0 220px;align-content:space-between}
.reactions{display:flex;gap:8px;align-items:center;min-height:24px}.reactions summary{color:var(--muted);font-size:13px;cursor:pointer;padding:2px 4px}
.reactions .row{flex-wrap:wrap;gap:4px}.reaction{font-size:18px}
button{font:inherit;min-height:36px;padding:6px 12px;border:1px solid var(--edge);border-radius:6px;background:var(--bg);color:var(--ink);cursor:pointer}
button:hover{background:var(--surface)}button.main{background:var(--accent);border-color:var(--accent);color:var(--on-accent)}
button.danger{color:var(--bad);border-color:var(--bad)}button.emoji{font-size:18px;padding:4px 8px}
.row{display:flex;gap:8px;align-items:end}.field{flex:1;min-width:0;display:grid;gap:4px;position:relative}.field span{font-size:13px;color:var(--muted)}
input,select{font:inherit;width:100%;min-height:36px;padding:6px 10px;border:1px solid var(--edge);border-radius:6px;background:var(--bg);color:var(--ink)}
.controls,.facts{max-width:460px;width:100%}.controls{align-content:start}.controls .row{flex-wrap:wrap}.controls .field{flex:1 1 170px}.controls,.controls>div,.controls details[open]{display:grid;gap:12px}
.controls details>form,.add form{margin-top:12px}summary{cursor:pointer;padding:4px 0}
#marketing,#blocking{display:grid;gap:8px}
dl{margin:8px 0 0;display:grid;gap:4px}dl div{display:grid;grid-template-columns:160px minmax(0,1fr);gap:8px}dt{color:var(--muted)}dd{margin:0;overflow-wrap:anywhere}
.toast{position:fixed;bottom:16px;left:50%;transform:translateX(-50%);background:var(--ink);color:var(--bg);padding:10px 16px;border-radius:8px;max-width:calc(100vw - 32px)}
.problem{color:var(--bad)}
@media (min-width:1180px){.phone{grid-template-columns:minmax(0,460px) minmax(0,1fr)}.phone>header,.phone>#mode,.phone>.facts{grid-column:1/-1}}
@media (min-width:800px){.people ul{max-height:calc(100vh - 240px);overflow:auto}}
@media (max-width:799px){
.parts{grid-template-columns:minmax(0,1fr)}.people{border:0;min-height:0}.has-phone .people{display:none}.phone{padding:16px}
.back{display:inline-block;padding:4px 0}.pick{display:none}.top .clock{margin-left:0}
button,input,select{min-height:44px}dl div{grid-template-columns:120px minmax(0,1fr)}
}
@media (prefers-reduced-motion:no-preference){.chat{scroll-behavior:smooth}}
`;
