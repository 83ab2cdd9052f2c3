/**
 * WebGPU's flags as the specification numbers them. Browsers have them as globals, engines outside of
 * browsers do not: nothing in this folder asks for a global.
 */

/** https://www.w3.org/TR/webgpu/#namespacedef-gpubufferusage */
export const BUFFER_USAGE = {
  MAP_READ: 0x0001,
  COPY_SRC: 0x0004,
  COPY_DST: 0x0008,
  UNIFORM: 0x0040,
  STORAGE: 0x0080,
  QUERY_RESOLVE: 0x0200,
} as const satisfies Readonly<Record<string, GPUBufferUsageFlags>>;

/** https://www.w3.org/TR/webgpu/#namespacedef-gpumapmode */
export const MAP_MODE = { READ: 0x1 } as const satisfies Readonly<Record<string, GPUMapModeFlags>>;

/** https://www.w3.org/TR/webgpu/#namespacedef-gpushaderstage */
export const SHADER_STAGE = { COMPUTE: 0x4 } as const satisfies Readonly<
  Record<string, GPUShaderStageFlags>
>;
