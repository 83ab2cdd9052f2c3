/** A large CSV for the measuring scripts: twenty numbers of a measurement a row, then one of ten classes. */

const ROWS = 5000;
const FEATURES = 20;

/**
 * @param {number} megabytes about how large it is
 * @returns {Uint8Array<ArrayBuffer>[]} its header, and the same rows again and again
 */
export function csvParts(megabytes) {
  let seed = 1;
  const random = () => {
    seed = (seed * 48271) % 2147483647;
    return seed / 2147483647;
  };
  const row = () =>
    `${Array.from({ length: FEATURES }, () => (1000 * random()).toFixed(4)).join(',')},${Math.floor(10 * random())}\n`;
  const encoder = new TextEncoder();
  const part = encoder.encode(Array.from({ length: ROWS }, row).join(''));
  const header = `${Array.from({ length: FEATURES }, (_, i) => `x${i}`).join(',')},label\n`;
  const count = Math.ceil((megabytes * 1e6) / part.length);
  return [encoder.encode(header), ...Array.from({ length: count }, () => part)];
}
