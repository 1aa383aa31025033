/** The view in the address's fragment, so that every view can be linked and the Back button works. */

export type ViewName = 'findings' | 'files' | 'layers' | 'image' | 'problems';

/** What is shown. */
export interface View {
  name: ViewName;
  /** Id of the finding that is open. */
  finding?: string;
  /** Index of the layer whose files are shown; undefined for the image as a whole. */
  layer?: number;
  /** Index of the image. */
  image: number;
  /** Path of the file that is open. */
  path?: string;
}

const NAMES: readonly string[] = ['findings', 'files', 'layers', 'image', 'problems'];

/** The fragment of a view: `#/files?layer=3&path=app%2Fbuild.py`. A secret is never part of it. */
export function fragmentOf(view: View): string {
  const query = new URLSearchParams();
  if (view.image > 0) query.set('image', `${view.image}`);
  if (view.layer !== undefined) query.set('layer', `${view.layer}`);
  if (view.path !== undefined) query.set('path', view.path);
  const finding = view.finding ? `/${view.finding}` : '';
  const search = query.toString();
  return `#/${view.name}${finding}${search ? `?${search}` : ''}`;
}

/** The view of a fragment; anything malformed is the findings. */
export function viewOf(fragment: string): View {
  const [route = '', search = ''] = fragment.replace(/^#\/?/, '').split('?');
  const [name = '', finding] = route.split('/');
  const query = new URLSearchParams(search);
  const number = (key: string): number | undefined => {
    const text = query.get(key);
    return text !== null && /^\d{1,6}$/.test(text) ? Number(text) : undefined;
  };
  const view: View = {
    name: NAMES.includes(name) ? (name as ViewName) : 'findings',
    image: number('image') ?? 0,
  };
  const layer = number('layer');
  const path = query.get('path');
  if (finding) view.finding = finding;
  if (layer !== undefined) view.layer = layer;
  if (path !== null) view.path = path;
  return view;
}

/** The page's address: reads the fragment, and writes it. */
export class Address {
  view = $state.raw<View>(viewOf(location.hash));

  /** Views whose fragment says less than they do. */
  #views = new Map<string, View>();
  #mask: (text: string) => string;

  /** `mask` takes secrets out of what is to stand in the address: a file may be named after one. */
  constructor(mask: (text: string) => string = (text) => text) {
    this.#mask = mask;
    addEventListener('hashchange', () => {
      this.view = this.#views.get(location.hash) ?? viewOf(location.hash);
    });
  }

  /** Goes to a view; parts that are not given stay out of it, the image stays. */
  go(view: Partial<View> & Pick<View, 'name'>): void {
    const next: View = { image: this.view.image, ...view };
    const path = next.path === undefined ? undefined : this.#mask(next.path);
    const fragment = fragmentOf(path === undefined ? next : { ...next, path });
    if (path !== next.path) this.#views.set(fragment, next);
    this.view = next;
    if (fragment !== location.hash) history.pushState(null, '', fragment);
  }

  /** Back to a clean address, for another file. */
  clear(): void {
    this.view = { name: 'findings', image: 0 };
    this.#views.clear();
    history.replaceState(null, '', location.pathname + location.search);
  }
}
