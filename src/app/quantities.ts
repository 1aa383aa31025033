/** Numbers with units that a person reads. */

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `1.2 GB`: decimal units, as registries and disks count. */
export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit > 0 && value < 9.95 ? 1 : 0;
  return `${value.toLocaleString('en', { maximumFractionDigits: digits })} ${bytes === 1 ? 'byte' : UNITS[unit]}`;
}

/** `54,880 files`, `1 file`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** `2.1 s`, `1 min 20 s`. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/** A digest shortened for reading: `sha256:4e9d2f…`. */
export function shortDigest(digest: string): string {
  const hex = digest.replace(/^sha256:/, '');
  return hex.length > 12 ? hex.slice(0, 12) : hex;
}

/** `2023-03-03`, of an ISO date; empty where it is none. */
export function day(date: string | null | undefined): string {
  const match = /^\d{4}-\d\d-\d\d/.exec(date ?? '');
  return match && !match[0].startsWith('0001') && match[0] !== '1970-01-01' ? match[0] : '';
}

/** Text from an image made safe to show: controls, and marks that turn its direction or are not seen, become visible. */
export function visible(text: string): string {
  return text.replace(
    /[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb]|\udb40[\udc00-\udfff]/g,
    (mark) =>
      Array.from(
        { length: mark.length },
        (_, i) => `\\u${mark.charCodeAt(i).toString(16).padStart(4, '0')}`,
      ).join(''),
  );
}
