/** WGSL with its keywords, types, numbers and comments told apart. */
import { ScrollRegion } from './scroll-region';

/** In order: comment, attribute, number, word. */
const TOKEN =
  /(\/\/[^\n]*|\/\*[\s\S]*?\*\/)|(@\w+)|(\b(?:0x[\da-fA-F]+|\d+\.?\d*(?:e[+-]?\d+)?)[fhiu]?\b)|([A-Za-z_]\w*)/g;

const KEYWORDS = new Set(
  'alias break case const const_assert continue continuing default diagnostic else enable false fn for if let loop override requires return struct switch true var while'.split(
    ' ',
  ),
);

const TYPE =
  /^(?:bool|[fiu]32|f16|vec[234][fhiu]?|mat[234]x[234][fh]?|array|atomic|ptr|storage|uniform|workgroup|private|function|read|read_write)$/;

interface Token {
  readonly text: string;
  readonly kind?: 'comment' | 'attribute' | 'number' | 'keyword' | 'type';
}

/** The tokens of a kind, and between two of them all other text in one: each is a node of the page. */
function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    const token = tokenOf(match);
    if (token.kind === undefined) continue;
    if (match.index > end) tokens.push({ text: source.slice(end, match.index) });
    tokens.push(token);
    end = match.index + token.text.length;
  }
  tokens.push({ text: source.slice(end) });
  return tokens;
}

function tokenOf([text, comment, attribute, number]: RegExpMatchArray): Token {
  if (comment !== undefined) return { text, kind: 'comment' };
  if (attribute !== undefined) return { text, kind: 'attribute' };
  if (number !== undefined) return { text, kind: 'number' };
  if (KEYWORDS.has(text)) return { text, kind: 'keyword' };
  return TYPE.test(text) ? { text, kind: 'type' } : { text };
}

/** Lines of a block, about. */
const BLOCK_LINES = 60;

/** Tokens in blocks of whole lines: kernels have up to 1,600 lines, and only those in sight are laid out. */
function blocksOf(tokens: readonly Token[]): Token[][] {
  const blocks: Token[][] = [[]];
  let lines = 0;
  const add = (token: Token) => blocks[blocks.length - 1].push(token);
  for (const token of tokens) {
    const end = token.text.lastIndexOf('\n') + 1;
    lines += token.text.split('\n').length - 1;
    if (token.kind !== undefined || end === 0 || lines < BLOCK_LINES) {
      add(token);
      continue;
    }
    add({ text: token.text.slice(0, end) });
    blocks.push([{ text: token.text.slice(end) }]);
    lines = 0;
  }
  return blocks;
}

/** Lines that a block takes: its last line break begins the next block. */
function linesOf(tokens: readonly Token[]): number {
  const text = tokens.map((token) => token.text).join('');
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

interface Props {
  readonly source: string;
  /** What the code is, for those who come to it with the keyboard. */
  readonly label: string;
  /** The line to begin at, from 0; what comes before is there to scroll to. */
  readonly startLine?: number;
}

export function WgslCode({ source, label, startLine }: Props) {
  return (
    <ScrollRegion class="code" label={label} startLine={startLine}>
      <pre>
        <code>
          {blocksOf(tokensOf(source)).map((tokens, block) => (
            <span key={block} class="code-block" style={{ '--lines': linesOf(tokens) }}>
              {tokens.map(({ text, kind }, index) =>
                kind === undefined ? (
                  text
                ) : (
                  <span key={index} class={`code-${kind}`}>
                    {text}
                  </span>
                ),
              )}
            </span>
          ))}
        </code>
      </pre>
    </ScrollRegion>
  );
}
