interface Named {
  operationId: string;
  path: string;
  tags: string[];
}

/** Operations with a method of their own on `TallyCore` and `Images`. */
const BY_HAND: readonly string[] = [
  'authenticate',
  'login',
  'logout',
  'refreshSession',
  'sumDocument',
  'uploadImage',
];

/** Paths that name no resource; the tag does. */
const PLACES: readonly string[] = ['.well-known', 'links'];

export function isByHand({ operationId }: Named): boolean {
  return BY_HAND.includes(operationId);
}

/** Returns the resource of an operation as the client spells it: `auditEvents` for `/audit-events`. */
export function resourceOf({ path, tags }: Named): string {
  const segment = path.split('/')[1]!;
  const name = PLACES.includes(segment) ? tags[0]! : segment;
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns the name of the method: the operation without the noun of its resource, so `createLink` for `createImageLink`. */
export function methodOf(route: Named): string {
  const noun = wordsOf(resourceOf(route)).map(singular).join(' ');
  const words = wordsOf(route.operationId);
  const length = noun.split(' ').length;
  const at = words.findIndex(
    (_, index) =>
      index > 0 &&
      words
        .slice(index, index + length)
        .map(singular)
        .join(' ') === noun,
  );
  if (at < 0) return route.operationId;
  const [first = '', ...others] = words.toSpliced(at, length);
  return first + others.map(capitalize).join('');
}

export function queryTypeOf({ operationId }: Named): string {
  return `${capitalize(operationId)}Query`;
}

export function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Returns a name in camelCase as the name of a file. */
export function kebabCase(name: string): string {
  return wordsOf(name).join('-');
}

function wordsOf(name: string): string[] {
  return name.split(/(?=[A-Z])/).map((word) => word.toLowerCase());
}

function singular(word: string): string {
  return word.replace(/s$/, '');
}
