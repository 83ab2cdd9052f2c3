// The catalogue of texts: every sentence, label and message of the sources that a person may come to read,
// with its place. `npm run texts` prints it, to be read aloud; tests/unit/texts.test.ts holds it to rules.
// JavaScript, since Node starts it as it is.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * @typedef {object} Text
 * @property {'element' | 'attribute' | 'error' | 'notice' | 'other'} kind - who shows it
 * @property {string} text - with `{…}` for each expression in it
 * @property {string} place - file and line
 */

/** @typedef {{ readonly type: string, readonly start: number, readonly [key: string]: any }} Node */

/** Attributes and properties whose texts nobody reads. */
const SILENT =
  /^(class|className|d|href|id|key|name|path|points|rel|role|src|target|transform|type|viewBox|for|htmlFor|style|code|wgsl|aria-(controls|describedby|labelledby|live|current|haspopup))$/;
/** Calls whose texts are names for programs. */
const SILENT_CALL =
  /^(import|querySelector(All)?|closest|matches|getElementById|addEventListener|getContext|wgsl|tex|define|createElement|assembly)$/;
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
  /** @type {(node: Node, kind: Text['kind'], text: string) => void} */
  const add = (node, kind, text) => {
    const line = code.slice(0, node.start).split('\n').length;
    texts.push({ kind, text: text.replace(/\s+/g, ' ').trim(), place: `${file}:${line}` });
  };
  visit(/** @type {any} */ (parseSync(file, code).program), 'other');
  return texts;

  /** @type {(node: Node, kind: Text['kind']) => void} */
  function visit(node, kind) {
    switch (node.type) {
      case 'ImportDeclaration':
      case 'ExportAllDeclaration':
      case 'ImportExpression':
      case 'TSLiteralType':
      case 'TaggedTemplateExpression':
        return;
      case 'NewExpression':
        return inside(node, /Error$/.test(nameOf(node.callee)) ? 'error' : kind);
      case 'CallExpression': {
        const name = nameOf(node.callee);
        if (SILENT_CALL.test(name)) return;
        return inside(node, TELLING.test(name) ? 'notice' : kind);
      }
      case 'JSXElement':
      case 'JSXFragment': {
        const hasText = node.children.some(
          (/** @type {Node} */ child) => child.type === 'JSXText' && /\S/.test(child.value),
        );
        if (hasText) add(node, 'element', phraseOf(node.children));
        const parts = hasText ? node.children.flatMap(partsOf) : node.children;
        for (const part of parts) visit(part, 'other');
        if (node.openingElement) inside(node.openingElement, 'other');
        return;
      }
      case 'JSXAttribute':
        if (node.value === null || SILENT.test(node.name.name)) return;
        if (node.value.type === 'Literal') return add(node, 'attribute', node.value.value);
        return visit(node.value, 'attribute');
      case 'Property':
      case 'PropertyDefinition':
        if (node.computed) visit(node.key, kind);
        if (node.value && !SILENT.test(nameOf(node.key))) visit(node.value, kind);
        return;
      case 'Literal':
        if (isRead(node.value, kind)) add(node, kind, node.value);
        return;
      case 'TemplateLiteral':
        if (isRead(templateOf(node), kind)) add(node, kind, templateOf(node));
        for (const expression of node.expressions) visit(expression, 'other');
        return;
      default:
        return inside(node, kind);
    }
  }

  /** @type {(node: Node, kind: Text['kind']) => void} */
  function inside(node, kind) {
    for (const [key, value] of Object.entries(node)) {
      if (key.startsWith('type') && key !== 'type') continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (typeof child?.type === 'string') visit(child, kind);
      }
    }
  }

  /** A sentence from the children of an element. @type {(children: readonly Node[]) => string} */
  function phraseOf(children) {
    return children
      .map((child) => {
        if (child.type === 'JSXText') return child.value;
        if (isInline(child)) return phraseOf(child.children);
        if (child.type !== 'JSXExpressionContainer') return ' ';
        const { expression } = child;
        return expression.type === 'Literal' ? String(expression.value) : sourceOf(expression);
      })
      .join('');
  }

  /** What of a child that is part of a sentence holds texts of its own. @type {(child: Node) => readonly Node[]} */
  function partsOf(child) {
    return isInline(child) ? child.children.flatMap(partsOf) : [child];
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

/** Every text of the page and of the command line, by their places. @returns {readonly Text[]} */
export function allTexts() {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => join(ROOT, 'src', file))
    .filter((file) => /\.(tsx?|mjs)$/.test(file) && !/\.d\.ts$|\/assembly\//.test(file))
    .sort()
    .flatMap((path) => textsIn(relative(ROOT, path), readFileSync(path, 'utf8')));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const { place, kind, text } of allTexts()) console.log(`${place}\t${kind}\t${text}`);
}
