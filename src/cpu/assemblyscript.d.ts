/** AssemblyScript, compiled by build/assemblyscript.mjs: WebAssembly modules as base64. */
declare module '*?assemblyscript' {
  export const SIMD: string;
  export const RELAXED_SIMD: string;
}
