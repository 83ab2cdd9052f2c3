/** Formulas as people write them. */

/** TeX of a formula, in which no expression may stand; the page's build puts its MathML in its place. */
export const tex: (formula: TemplateStringsArray) => string = String.raw;
