/**
 * Whose the jars in a web application's `lib` are, by Java's packages: a module of the application itself has
 * classes in the domain that its classes are in (`com.acme`). The folders: the Servlet specification, 10.5
 * (`WEB-INF`), and Spring Boot's executable archives (`BOOT-INF`).
 */
const IN_APPLICATION =
  /^(.*(?:BOOT|WEB)-INF\/(?:classes\/|lib\/[^/]+\.jar!\/))([^!]+)\/[^/!]+\.class$/;
const LIBRARY = /^(.*(?:BOOT|WEB)-INF\/)(lib\/[^/]+\.jar!\/)/;
/** Domains in which everybody publishes: what is below them says whose a package is. */
const SHARED = /^(?:io|com)\/(?:github|gitlab)$/;
/** Domains in which so much is published that they make nothing an application's own. */
const COMMON =
  /^(?:org\/(?:apache|springframework|eclipse)|com\/(?:google|sun)|jakarta|javax?)(?:\/|$)/;

/** The domain of a class in a web application, as a path: `app.jar!/BOOT-INF/classes/com/acme`. */
export function javaPackageOf(path: string): string | undefined {
  if (!path.endsWith('.class') || !path.includes('-INF/')) return undefined;
  const [, before, folders] = IN_APPLICATION.exec(path) ?? [];
  if (before === undefined || folders === undefined) return undefined;
  const names = folders.split('/');
  const domain = names.slice(0, 2).join('/');
  const own = SHARED.test(domain) ? names.slice(0, 3).join('/') : domain;
  return COMMON.test(own) ? undefined : before + own;
}

/** The domain that a jar's file shares with the application around the jar, as Java writes it. */
export function sharedDomain(packages: ReadonlySet<string>, path: string): string | undefined {
  const [, application, library] = LIBRARY.exec(path) ?? [];
  if (application === undefined || library === undefined) return undefined;
  const classes = `${application}classes/`;
  for (const known of packages) {
    if (!known.startsWith(classes)) continue;
    const domain = known.slice(classes.length);
    if (packages.has(`${application}${library}${domain}`)) return domain.replaceAll('/', '.');
  }
  return undefined;
}
