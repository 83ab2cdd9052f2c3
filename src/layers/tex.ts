/** Formulas as people write them. */

/** A formula's MathML, as plain data: an element with its attributes and what is in it, or text. */
export type MathMl =
  | string
  | readonly [
      tag: string,
      attributes: Readonly<Record<string, string>>,
      content: readonly MathMl[],
    ];

/** TeX of a formula, in which no expression may stand; the page's build puts its MathML in its place. */
export const tex: (formula: TemplateStringsArray) => MathMl = String.raw;
