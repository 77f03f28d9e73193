/** Texts that do harm where somebody takes them for markup, code, a path, an address or a formula. */

/** Sets a mark wherever it runs. */
const MARK = "globalThis.pwned=1";

const MARKUP = [
  `<script>${MARK}</script>`,
  `</script><script>${MARK}</script>`,
  `</title><script>${MARK}</script>`,
  `</style><script>${MARK}</script>`,
  `</textarea><script>${MARK}</script>`,
  `--><script>${MARK}</script><!--`,
  `]]><script>${MARK}</script>`,
  `<img src=x onerror="${MARK}">`,
  `<img src=x onerror=${MARK}//`,
  `"><img src=x onerror=${MARK}>`,
  `'><img src=x onerror=${MARK}>`,
  `" onfocus="${MARK}" autofocus x="`,
  `' onmouseover='${MARK}' x='`,
  `<svg onload=${MARK}>`,
  `<svg><script>${MARK}</script></svg>`,
  `<svg><animate onbegin=${MARK} attributeName=x dur=1s>`,
  `<svg><a xlink:href="javascript:${MARK}"><text>x</text></a></svg>`,
  `<svg><foreignObject><iframe srcdoc="<script>parent.pwned=1</script>"></iframe></foreignObject></svg>`,
  `<math><mtext></mtext><img src=x onerror=${MARK}></math>`,
  `<iframe srcdoc="<script>parent.pwned=1</script>"></iframe>`,
  `<iframe src="javascript:parent.pwned=1"></iframe>`,
  `<object data="javascript:${MARK}"></object>`,
  `<embed src="javascript:${MARK}">`,
  `<details open ontoggle=${MARK}>x</details>`,
  `<body onload=${MARK}>`,
  `<marquee onstart=${MARK}>x</marquee>`,
  `<video><source onerror=${MARK}></video>`,
  `<input autofocus onfocus=${MARK}>`,
  `<base href="https://elsewhere.invalid/">`,
  `<meta http-equiv="refresh" content="0;url=https://elsewhere.invalid/">`,
  `<link rel=stylesheet href=https://elsewhere.invalid/x.css>`,
  `<style>@import "https://elsewhere.invalid/x.css"; * {display: none}</style>`,
  `<form action=https://elsewhere.invalid/><button>x`,
  `<a href="javascript:${MARK}">x</a>`,
  `<noscript><p title="</noscript><img src=x onerror=${MARK}>">`,
  `<template><script>${MARK}</script></template>`,
  `<xmp><img src=x onerror=${MARK}></xmp>`,
  `&lt;script&gt;${MARK}&lt;/script&gt;`,
  `&#60;img src=x onerror=${MARK}&#62;`,
  `<ScRiPt>${MARK}</sCrIpT>`,
  `<img/src=x/onerror=${MARK}>`,
  `<scr\u0000ipt>${MARK}</scr\u0000ipt>`,
  `\u003cscript\u003e${MARK}\u003c/script\u003e`,
  `＜script＞${MARK}＜/script＞`
];
const TEMPLATES = [
  `\${${MARK}}`,
  `\`\${${MARK}}\``,
  `#{${MARK}}`,
  `{{constructor.constructor("${MARK}")()}}`,
  `<%= ${MARK} %>`,
  `");${MARK};("`,
  `');${MARK};('`,
  `\\");${MARK};//`,
  `\u2028${MARK}\u2029`,
  `*/${MARK}/*`,
  `\n\`\`\`js\n${MARK}\n\`\`\`\n`,
  `\n\n<script>${MARK}</script>\n\n`,
  `$& $1 $\` $' $$ \\0`,
  `__proto__`,
  `constructor`,
  `%s%n%x`,
  `'; DROP TABLE predictions; --`,
  `" OR 1=1 --`,
  `\\input{/etc/passwd}`,
  `\\write18{id}`,
  `%0d%0aSet-Cookie: x=1`
];
const ADDRESSES = [
  `javascript:${MARK}`,
  `JaVaScRiPt:${MARK}`,
  ` java\tscript:${MARK}`,
  `data:text/html,<script>${MARK}</script>`,
  `vbscript:${MARK}`,
  "//elsewhere.invalid/x",
  "https://elsewhere.invalid/x.png",
  "[x](javascript:globalThis.pwned=1)",
  "![x](https://elsewhere.invalid/x.png)",
  "url(https://elsewhere.invalid/x)",
  "blob:https://elsewhere.invalid/x",
  "?sql=DROP&example=x#top"
];
const TRICKS = [
  "\u202Egpj.exe\u202C",
  "\u2066\u2067x\u2069\u2069",
  "a\u200Bb\u200Cc\u200Dd\uFEFF",
  "\u0000\u0001\u0008\u001B[31m",
  "\uD83D",
  "\uDC00x",
  "e\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
  "ﷺ".repeat(20),
  "İıſK",
  "\u00A0\u2003\u3000",
  "x".repeat(5000),
  "🏳️‍🌈👨‍👩‍👧‍👦",
  "\u{E0041}\u{E0042}"
];
const PATHS = [
  "../../../../tmp/pwned",
  "..\\..\\pwned",
  "/etc/pwned",
  "%2e%2e%2fpwned",
  "....//pwned",
  ["C:", "pwned"].join("\\"),
  "~/pwned",
  "file:///etc/passwd",
  "a/b/c",
  "nul",
  ".",
  "..",
  "-rf",
  "a\nb",
  "*?"
];
const FORMULAS = [
  `=HYPERLINK("https://elsewhere.invalid/","x")`,
  `=cmd|' /C calc'!A0`,
  `+cmd|' /C calc'!A0`,
  `-2+3+cmd|' /C calc'!A0`,
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  `\t=1+1`,
  `\r=1+1`,
  `\n=1+1`,
  `"=1+1`,
  `,=1+1`,
  `;=1+1`,
  `＝1+1`
];

/** Each as it is, within words, and after what may end a text. */
export const HOSTILE: readonly string[] = [
  ...[...MARKUP, ...TEMPLATES, ...ADDRESSES, ...TRICKS, ...PATHS, ...FORMULAS].flatMap((text) => [
    text,
    `It says ${text} here.`,
    `"'>\`)}]${text}`
  ])
];

export const FORMULA_BEGINNINGS = /^[=+\-@\t\r\n＝＋－＠]/;
