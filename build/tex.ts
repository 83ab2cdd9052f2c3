/** The build's part of formulas: TeX in the sources becomes MathML, and nothing of Temml goes to the page. */
import type { Plugin } from 'vite';
import type { MathMl } from '../src/layers/tex';

const FORMULA = /\btex`([^`]*)`/g;

/** What is needed of Temml's own tree: of an element, of a list without an element, of text. */
interface TemmlNode {
  readonly type?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly children?: readonly TemmlNode[];
  readonly text?: string;
}

/**
 * Puts MathML, as data, in the place of every template literal `tex…`: the page makes its elements
 * itself, since its policy lets no text become HTML.
 *
 * @throws Error where the TeX is wrong, or an expression stands in it
 */
export function texToMathMl(): Plugin {
  return {
    name: 'tex-to-mathml',
    enforce: 'pre',
    transform: {
      filter: { id: /\.tsx?$/, code: /\btex`/ },
      async handler(code) {
        const compile = await compiler();
        const compiled = code.replaceAll(FORMULA, (_, tex: string) => JSON.stringify(compile(tex)));
        return { code: compiled, map: null };
      },
    },
  };
}

/** The formulas of a source. */
export async function formulasIn(code: string): Promise<readonly MathMl[]> {
  const compile = await compiler();
  return [...code.matchAll(FORMULA)].map(([, tex]) => compile(tex));
}

async function compiler(): Promise<(tex: string) => MathMl> {
  const { default: temml } = await import('temml');
  return (tex) => {
    if (tex.includes('${')) throw new Error(`A formula is compiled as it stands: ${tex}`);
    const options = { displayMode: true, throwOnError: true };
    return mathMlOf(temml.__renderToMathMLTree(tex.trim(), options))[0];
  };
}

/** Without Temml's styles and classes: the page's own style sheet does without them. */
function mathMlOf({ type, attributes = {}, children = [], text }: TemmlNode): readonly MathMl[] {
  if (text !== undefined) return [text];
  const content = children.flatMap(mathMlOf);
  return type === undefined ? content : [[type, attributes, content]];
}
