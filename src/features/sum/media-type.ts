import { problems } from '../../http/problem.ts';

/** `curl -d` says that its body is a form; `text/json` is what older clients say. */
const JSON_MEDIA_TYPE =
  /^(?:application\/json|text\/json|application\/x-www-form-urlencoded|[\w!#$&^.+-]+\/[\w!#$&^.+-]+\+json)$/i;

/** @throws {Problem} 415 for a body that does not claim to be JSON; one that claims nothing is read as JSON. */
export function checkMediaType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return;
  const mediaType = contentType.split(';', 1)[0]!.trim();
  if (!JSON_MEDIA_TYPE.test(mediaType)) throw problems.unsupportedMediaType();
}
