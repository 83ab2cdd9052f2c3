/** Types of the package wgsl-preprocessor, which ships none. */
declare module 'wgsl-preprocessor' {
  /** Tag of a WGSL template; understands #if, #elif, #else and #endif before an expression. */
  export function wgsl(strings: TemplateStringsArray, ...values: readonly unknown[]): string;
}
