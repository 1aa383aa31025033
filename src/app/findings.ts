/** What a finding means, in sentences; and its life through the layers of an image. */
import { boundTo } from '../engine/report/binding-text.ts';
import type { Finding, Place, Report } from '../engine/report/report.ts';
import { unreadLayers } from '../engine/report/unread-layers.ts';
import { counted } from './quantities.ts';

/** A layer of the image that is looked at, as far as one finding goes. */
export type LifeStep = 'absent' | 'present' | 'hidden';

/** For each layer of an image, base first: whether the secret is in it, and seen or only hidden after it. */
export function lifeOf(finding: Finding, report: Report, image: number): LifeStep[] {
  const shown = report.images[image];
  if (!shown) return [];
  const steps: LifeStep[] = [];
  const digests = new Set(finding.places.flatMap(({ layer, stepLayer }) => [layer, stepLayer]));
  const first = shown.layers.findIndex((digest) => digests.has(digest));
  const visible = finding.places.some(
    (place) =>
      (place.layer !== null || place.stepLayer !== undefined) &&
      place.images.some(({ id, state }) => id === shown.id && state === 'present'),
  );
  shown.layers.forEach((digest, i) => {
    if (first < 0 || i < first) steps.push('absent');
    else if (visible || digests.has(digest)) steps.push('present');
    else steps.push('hidden');
  });
  return steps;
}

/** The findings under the headings they are shown with, each group most severe first. */
export function groupsOf(findings: readonly Finding[]): { title: string; findings: Finding[] }[] {
  const of = (category: Finding['category']): Finding[] =>
    findings.filter((finding) => finding.category === category);
  return [
    { title: 'Secrets', findings: of('secret') },
    { title: 'Bytecode and its source', findings: of('bytecode') },
    { title: 'Shipped without need', findings: of('hygiene') },
  ].filter((group) => group.findings.length > 0);
}

/** What ties the secret to a name, and where: the line under a finding's title. */
export function summaryOf(place: Place): { before: string; name: string; after: string } {
  if (place.python) return around(boundTo(place.python), place.python.name);
  switch (place.kind) {
    case 'environment':
      return {
        before: 'environment variable ',
        name: place.key ?? '',
        after: ' · every container sees it',
      };
    case 'label':
      return { before: 'label ', name: place.key ?? '', after: ' of the image' };
    case 'history':
      return {
        before: 'step ',
        name: place.key ?? '',
        after: ' of the history, which everyone with the image can read',
      };
    case 'config':
      return { before: '', name: place.key ?? '', after: ' of the image configuration' };
    default:
      return {
        before: '',
        name: '',
        after: place.line ? `line ${place.line}` : 'in the bytes of this file',
      };
  }
}

function around(text: string, name: string): { before: string; name: string; after: string } {
  const at = name === '' ? -1 : text.indexOf(name);
  if (at < 0) return { before: text, name: '', after: '' };
  return { before: text.slice(0, at), name, after: text.slice(at + name.length) };
}

/** The sentence over the list. */
export function headlineOf(report: Report): { title: string; text: string } {
  const secrets = report.findings.filter(({ category }) => category === 'secret');
  const count = secrets.length;
  if (count === 0) {
    return {
      title:
        unreadLayers(report).length > 0 ? 'No secrets in what could be read.' : 'No secrets found.',
      text: `${counted(report.totals.files, 'file')} in ${counted(report.layers.length, 'layer')} ${report.totals.files === 1 ? 'was' : 'were'} scanned. That is no proof that there are none.`,
    };
  }
  const critical = report.totals.bySeverity.critical ?? 0;
  const title = `${counted(count, 'secret')}${critical > 0 ? `, ${critical} of them critical` : ''}.`;
  return {
    title: count === 1 && critical === 1 ? '1 secret, and it is critical.' : title,
    text: hiddenText(report, secrets),
  };
}

/** Secrets that no image shows any more, though a layer of it has them. */
function hiddenText(report: Report, secrets: readonly Finding[]): string {
  const hidden = secrets.filter(({ places }) => {
    const states = places.flatMap(({ images }) => images);
    return states.length > 0 && states.every(({ state }) => state !== 'present');
  });
  if (hidden.length === 0) return 'Everyone with the image can read what stands in it.';
  const [place] = hidden[0]?.places ?? [];
  const layer = report.layers.find(({ digest }) => digest === place?.layer);
  const which = layer
    ? `layer ${layer.index + 1} still holds it`
    : 'an earlier layer still holds it';
  return hidden.length === 1
    ? `One was deleted or replaced in a later layer, but ${which}: anyone with the image can read it.`
    : `${hidden.length} were deleted or replaced in later layers, but earlier layers still hold them: anyone with the image can read them.`;
}

/** The place that says most: bytecode that differs from its source, then files, then the configuration. */
export function mainPlace(finding: Finding): Place | undefined {
  const rank = (place: Place): number =>
    place.python?.source === 'differs' ? 0 : place.python ? 1 : place.kind === 'file' ? 2 : 3;
  return [...finding.places].sort((a, b) => rank(a) - rank(b))[0];
}
