/**
 * What is named before a value: sections, keys, imports, hosts. A provider's name among them tells what a
 * value without a form of its own may open. Other values are never among them, since they may be secrets.
 */

const NAMED =
  /^[ \t]{0,40}(?:\[([\w."' :/-]{1,64})\]|(?:from|import|require|use)[ \t(]{1,4}["']?([\w./@-]{1,64})|["'-]?[ \t]?["']?([A-Za-z_][\w.-]{0,64})["']?[ \t]{0,4}[:={])|https?:\/\/([\w.-]{1,128})/gm;
const MOST = 12;

/** The names in a text, the nearest first. */
export function neighbourNames(text: string): string[] {
  const names: string[] = [];
  for (const match of text.matchAll(NAMED)) {
    const name = match[1] ?? match[2] ?? match[3] ?? match[4];
    if (name !== undefined) names.push(name);
  }
  return names.reverse().slice(0, MOST);
}
