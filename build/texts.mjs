// The catalogue of texts: every sentence, label and message of the sources that a person may come to read,
// with its place. `npm run texts` prints it, to be read aloud, `npm run texts -- error notice` only these
// kinds; tests/unit/texts.test.ts holds it to rules.
// JavaScript, since Node starts it as it is.
import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Text
 * @property {'element' | 'attribute' | 'error' | 'notice' | 'other'} kind - who shows it
 * @property {string} role - of an attribute or property its name, of an error its class
 * @property {string} text - with `{…}` for each expression in it
 * @property {string} place - file and line
 */

/** @typedef {Pick<Text, 'kind' | 'role'>} Shown */
/** @typedef {{ readonly type: string, readonly start: number, readonly [key: string]: any }} Node */

/** Attributes and properties whose texts nobody reads. */
const SILENT =
  /^(autoComplete|autocomplete|chosen|columns|fill|inputMode|inputmode|scope|step|stroke\w*|textAnchor|text-anchor|value|aria-hidden|class|className|d|href|id|key|name|path|points|rel|role|src|target|transform|type|viewBox|for|htmlFor|style|code|wgsl|numpy|aria-(controls|describedby|labelledby|live|current|haspopup))$/;
/** Calls whose texts are names for programs. */
const SILENT_CALL =
  /^(import|querySelector(All)?|closest|matches|getElementById|addEventListener|getContext|wgsl|tex|define|createElement|assembly)$/;
const OTHER = /** @type {Shown} */ ({ kind: 'other', role: '' });
/** Calls that tell somebody something. */
const TELLING = /^(report|say|offerUndo)$/;
/** Elements that stand within a sentence. */
const INLINE = /^(a|abbr|b|code|em|i|kbd|span|strong|sub|sup|var|small|Math|Scientific|Help)$/;

/**
 * The texts of a source.
 *
 * @param {string} file - its name from the project's folder
 * @param {string} code
 * @returns {readonly Text[]}
 */
export function textsIn(file, code) {
  /** @type {Text[]} */
  const texts = [];
  /** @type {(node: Node, shown: Shown, text: string) => void} */
  const add = (node, shown, text) => {
    const line = code.slice(0, node.start).split('\n').length;
    texts.push({ ...shown, text, place: `${file}:${line}` });
  };
  visit(/** @type {any} */ (parseSync(file, code).program), OTHER);
  return texts;

  /** @type {(node: Node, shown: Shown) => void} */
  function visit(node, shown) {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ImportExpression':
      case 'TSLiteralType':
      case 'TaggedTemplateExpression':
        return;
      case 'NewExpression':
        return inside(
          node,
          /Error$/.test(nameOf(node.callee)) ? { kind: 'error', role: nameOf(node.callee) } : shown,
        );
      case 'CallExpression': {
        const name = nameOf(node.callee);
        if (SILENT_CALL.test(name)) return;
        return inside(node, TELLING.test(name) ? { kind: 'notice', role: name } : shown);
      }
      case 'JSXElement':
      case 'JSXFragment': {
        const hasText = node.children.some(
          (/** @type {Node} */ child) => child.type === 'JSXText' && /\S/.test(child.value),
        );
        if (hasText) {
          const phrase = phraseOf(node.children).replace(/\s+/g, ' ').trim();
          add(node, { kind: 'element', role: '' }, phrase);
        }
        const parts = hasText ? node.children.flatMap(partsOf) : node.children;
        for (const part of parts) visit(part, OTHER);
        if (node.openingElement) inside(node.openingElement, OTHER);
        return;
      }
      case 'JSXAttribute': {
        const role = nameOf(node.name);
        if (node.value === null || SILENT.test(role)) return;
        return visit(node.value, { kind: 'attribute', role });
      }
      case 'Property':
      case 'PropertyDefinition': {
        const role = nameOf(node.key);
        if (node.computed) visit(node.key, shown);
        if (node.value && !SILENT.test(role)) visit(node.value, { kind: shown.kind, role });
        return;
      }
      case 'Literal':
        if (isRead(node.value, shown.kind)) add(node, shown, node.value);
        return;
      case 'TemplateLiteral':
        if (isRead(templateOf(node), shown.kind)) add(node, shown, templateOf(node));
        for (const expression of node.expressions) visit(expression, OTHER);
        return;
      default:
        return inside(node, shown);
    }
  }

  /** @type {(node: Node, shown: Shown) => void} */
  function inside(node, shown) {
    for (const [key, value] of Object.entries(node)) {
      if (key.startsWith('type') && key !== 'type') continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type === 'string') visit(child, shown);
      }
    }
  }

  /** A sentence from the children of an element. @type {(children: readonly Node[]) => string} */
  function phraseOf(children) {
    return children
      .map((child) => {
        if (child.type === 'JSXText') return child.value.replace(/^\s*\n\s*|\s*\n\s*$/g, '');
        if (isInline(child)) return phraseOf(child.children);
        if (child.type !== 'JSXExpressionContainer') return ' ';
        const { expression } = child;
        return expression.type === 'Literal' ? String(expression.value) : sourceOf(expression);
      })
      .join('');
  }

  /** What of a child that is part of a sentence holds texts of its own. @type {(child: Node) => readonly Node[]} */
  function partsOf(child) {
    return isInline(child) ? [child.openingElement, ...child.children.flatMap(partsOf)] : [child];
  }

  /** @type {(node: Node) => string} */
  function templateOf({ quasis, expressions }) {
    return quasis
      .map((/** @type {Node} */ quasi, /** @type {number} */ i) =>
        quasi.value.cooked.concat(i < expressions.length ? sourceOf(expressions[i]) : ''),
      )
      .join('');
  }

  /** @type {(node: Node) => string} */
  function sourceOf({ start, end }) {
    const source = code.slice(start, end).replace(/\s+/g, ' ');
    return `{${source.length > 30 ? '…' : source}}`;
  }
}

/** @type {(node: Node) => boolean} */
function isInline(node) {
  return node.type === 'JSXElement' && INLINE.test(node.openingElement.name.name);
}

/** @type {(node: Node) => string} */
function nameOf(node) {
  return String(node.name ?? node.property?.name ?? node.value ?? node.type);
}

/** Whether a text is for people: one word alone is mostly a name. @type {(text: unknown, kind: Text['kind']) => boolean} */
function isRead(text, kind) {
  if (typeof text !== 'string') return false;
  const words = text.replace(/\{[^}]*\}/g, '…');
  if (/[a-z,;.…] [a-z…(]/i.test(words)) return /[a-z]{2}/i.test(words);
  return kind !== 'other' ? /[a-z]{2}/i.test(words) : /^[A-Z][a-z]+/.test(words);
}

/** Folders of what people read; `parts` of kernels are WGSL throughout. */
const FOLDERS = ['src', 'shaders'];
const UNREAD = /\.d\.ts$|\/assembly\/|^shaders\/parts\//;

/** Every text of the page and of the command line, by their places. @returns {readonly Text[]} */
export function allTexts() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
      [folder, ...file.split(sep)].join('/'),
    ),
  )
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && !UNREAD.test(file))
    .sort()
    .flatMap((file) => textsIn(file, readFileSync(join(ROOT, file), 'utf8')));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const kinds = argv.slice(2);
  for (const { place, kind, role, text } of allTexts()) {
    if (kinds.length > 0 && !kinds.includes(kind)) continue;
    console.log([place, [kind, role].join(' ').trim(), text.replace(/\s+/g, ' ')].join('\t'));
  }
}
