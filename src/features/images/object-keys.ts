import { v7 as uuidv7 } from 'uuid';

/** Where the objects of images are in the storage. */
export const OBJECT_PREFIX = 'images/';

const OWN_KEY =
  /^images\/([\da-f]{2})\/[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{10}\1$/;

/** Spreads objects over folders by what is random in the id. */
export function newObjectKey(): string {
  const id = uuidv7();
  return `${OBJECT_PREFIX}${id.slice(-2)}/${id}`;
}

/** Whether a key is of the form that {@link newObjectKey} makes, so that nobody else's object has it. */
export function isOwnKey(key: string): boolean {
  return OWN_KEY.test(key);
}
