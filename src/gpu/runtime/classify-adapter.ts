/** Which kind of device an adapter is, from what it says of itself. */
import type { DeviceClass } from '../../training/backend';

/** PCI's numbers of vendors, in decimal, which is what wgpu tells. */
const VENDORS = [
  { names: /\bnvidia\b|\b4318\b/, deviceClass: 'discrete' },
  // Ryzen's own graphics and the Steam Deck's are integrated; AMD's cards have numbers or names.
  { names: /\b(amd|radeon|4098)\b.*\b(vega \d+|\d{3}m|van ?gogh)\b/, deviceClass: 'integrated' },
  { names: /\b(amd|radeon|4098)\b.*\bgraphics\b(?!.*\brx\b)/, deviceClass: 'integrated' },
  { names: /\b(amd|radeon|4098)\b/, deviceClass: 'discrete' },
  // An Arc that has the model of a card (A770, Pro B50), or its architecture; those in processors are called
  // Arc Graphics or Arc 140V.
  {
    names: /\b(intel|32902)\b.*(\barc\b.*\b[ab]\d{2,3}m?\b|\bgen-12-?hp\b|\bxe-\d?hpg\b)/,
    deviceClass: 'discrete',
  },
] as const satisfies readonly { readonly names: RegExp; readonly deviceClass: DeviceClass }[];

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|warp|basic render/;

/**
 * Threads that run in step on a CPU's vectors at most, 4 in SwiftShader and WARP, 8 in Mesa's llvmpipe; a GPU
 * runs 16 and more. What an adapter tells of them it tells of the same device at every start, as a
 * measurement might not: the kind decides the kernels, and so the last bits of a run.
 */
const MOST_IN_SOFTWARE = 8;

/** Whether an adapter's subgroups are those of a CPU; older browsers do not tell. */
function hasVectorsOfCpu({ subgroupMaxSize = 0 }: Partial<GPUAdapterInfo>): boolean {
  return subgroupMaxSize > 0 && subgroupMaxSize <= MOST_IN_SOFTWARE;
}

/**
 * The kind of an adapter: by its name, or, where it has none, by its subgroups. One that says too little
 * passes for an integrated one: its defaults are the least wrong on the others.
 *
 * @param info - what the adapter says; older browsers leave all of it out
 */
export function classifyAdapter(info: Partial<GPUAdapterInfo>): DeviceClass {
  const words = [info.vendor, info.architecture, info.device, info.description].filter(Boolean);
  const name = words.join(' ').toLowerCase();
  if (info.isFallbackAdapter === true || SOFTWARE.test(name)) return 'software';
  if (name === '' && hasVectorsOfCpu(info)) return 'software';

  return VENDORS.find(({ names }) => names.test(name))?.deviceClass ?? 'integrated';
}
