/** The text of a Python source file, as the compiler reads it. */

const COOKIE = /^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)/; // PEP 263
const COOKIE_WITHIN = 1000; // bytes in which the first two lines are looked for

/** Names of Python that the platform has other names for. */
const LABELS: Readonly<Record<string, string>> = {
  'latin-1': 'latin1',
  cp932: 'shift_jis',
  cp936: 'gbk',
  cp949: 'euc-kr',
  cp950: 'big5',
};

/** Decodes a source by what its first lines declare (PEP 263), UTF-8 if nothing; lines end in a line feed alone. */
export function sourceText(bytes: Uint8Array): string {
  const text = decoderOf(bytes).decode(bytes);
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

function decoderOf(bytes: Uint8Array): TextDecoder {
  const start = new TextDecoder().decode(bytes.subarray(0, COOKIE_WITHIN));
  const [first = '', second = ''] = start.split(/\r\n?|\n/, 2);
  const declared =
    COOKIE.exec(first) ?? (/^[ \t\f]*(?:#|$)/.test(first) ? COOKIE.exec(second) : null);
  const label = declared?.[1]?.toLowerCase().replaceAll('_', '-') ?? 'utf-8';
  try {
    return new TextDecoder(LABELS[label] ?? label);
  } catch {
    return new TextDecoder();
  }
}
