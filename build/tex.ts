/** The build's part of formulas: TeX in the sources becomes MathML, and nothing of Temml goes to the page. */
import type { Plugin } from 'vite';

const FORMULA = /\btex`([^`]*)`/g;

/**
 * Puts MathML in the place of every template literal `tex…`, in a string.
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
        const { default: temml } = await import('temml');
        const compiled = code.replaceAll(FORMULA, (_, tex: string) => {
          if (tex.includes('${')) throw new Error(`A formula is compiled as it stands: ${tex}`);
          return JSON.stringify(mathMlOf(temml, tex));
        });
        return { code: compiled, map: null };
      },
    },
  };
}

function mathMlOf(temml: Pick<typeof import('temml'), 'renderToString'>, tex: string): string {
  const math = temml.renderToString(tex.trim(), { displayMode: true, throwOnError: true });
  // The page's policy allows no style attributes, and its own style sheet does without Temml's classes.
  return math.replaceAll(/ (?:style|class)="[^"]*"/g, '');
}
