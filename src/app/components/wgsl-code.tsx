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

function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of source.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ text: source.slice(end, match.index) });
    tokens.push(tokenOf(match));
    end = match.index + match[0].length;
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

interface Props {
  readonly source: string;
  /** What the code is, for those who come to it with the keyboard. */
  readonly label: string;
  /** A token to begin at, for instance `@compute`; what comes before is there to scroll to. */
  readonly startAt?: string;
}

export function WgslCode({ source, label, startAt }: Props) {
  return (
    <ScrollRegion class="code" label={label} startAt={startAt}>
      <pre>
        <code>
          {tokensOf(source).map(({ text, kind }, index) =>
            kind === undefined ? (
              text
            ) : (
              <span key={index} class={`code-${kind}`}>
                {text}
              </span>
            ),
          )}
        </code>
      </pre>
    </ScrollRegion>
  );
}
