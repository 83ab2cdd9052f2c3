/** What an attacker would put where a value, a name or a text is expected. None of it may do anything but be shown. */

/** Text that would run, load or show something if it became HTML, a style, an address or a script. */
const HTML = [
  '<script>evil()</script>',
  '</script><script>evil()</script>',
  '<img src=x onerror=evil()>',
  '"><img src=x onerror=evil()>',
  "'><svg onload=evil()>",
  '<svg><script>evil()</script></svg>',
  '<iframe srcdoc="<script>parent.evil()</script>"></iframe>',
  '<iframe src="javascript:parent.evil()"></iframe>',
  '<object data="javascript:evil()"></object>',
  '<a href="javascript:evil()">x</a>',
  '<body onload=evil()>',
  '<details open ontoggle=evil()>',
  '<math><mtext><img src=x onerror=evil()></mtext></math>',
  '<template><img src=x onerror=evil()></template>',
  '<style>*{display:none}</style>',
  '<link rel=stylesheet href=//example.org/x.css>',
  '<base href=//example.org/>',
  '<meta http-equiv=refresh content="0;url=javascript:evil()">',
  '<form action=javascript:evil()><button>x</button></form>',
  '&lt;img src=x onerror=evil()&gt;',
  '&#60;script&#62;evil()&#60;/script&#62;',
  '" onmouseover="evil()" x="',
  'javascript:evil()',
  'JaVaScRiPt:evil()',
  'data:text/html,<script>evil()</script>',
  'x; background: url(javascript:evil())',
] as const;

/** Text that would be a program if it stood in one: WGSL, TypeScript, a template, a shell, a query. */
const CODE = [
  '}\n@compute @workgroup_size(1) fn evil() {}',
  '; } fn evil() { loop {} } //',
  '*/ fn evil() {} /*',
  '#include <evil>',
  '#define f32 evil',
  '@group(0) @binding(9) var<storage> evil: u32;',
  'f32(0.0) + evil()',
  '$' + '{globalThis.evil()}',
  '{{constructor.constructor("evil()")()}}',
  '`; evil(); `',
  "'); evil(); ('",
  '$(evil)',
  "'; DROP TABLE runs; --",
  '../../../../etc/passwd',
  '=HYPERLINK("javascript:evil()")',
] as const;

/** Names that objects have already. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'hasOwnProperty',
  'toString',
  'then',
] as const;

/** Text that is hard to see, to cut or to count. */
const CHARACTERS = [
  '\u202egnp.exe',
  '\u2066evil\u2069',
  'ev\u200bil',
  'evil\u0000',
  '\ufeffevil',
  '\ud800',
  '\udc00evil',
  'e\u0301'.repeat(500),
  '\u0130\u0131',
  'evil\r\nSet-Cookie: evil=1',
  'evil\u2028evil()',
  'e'.repeat(10_000),
] as const;

/** Numbers beyond what a number should be. */
const NUMBERS = [
  '1e999',
  '-1e999',
  '-0',
  'NaN',
  '1e-999',
  '0x1p3',
  '9'.repeat(400),
  '1_000',
] as const;

export const PAYLOADS: readonly string[] = [...HTML, ...CODE, ...NAMES, ...CHARACTERS, ...NUMBERS];

/** Those that are seen when they are shown as text, and not so long that a page cannot hold all. */
export const SHOWN_PAYLOADS: readonly string[] = [...HTML, ...CODE];
