import type { S3Config } from './s3-client.ts';

/**
 * Reads `s3://KEY:SECRET@BUCKET/PREFIX?region=REGION&endpoint=URL`, of which only the bucket must be there.
 *
 * @throws {Error} that shows nothing of the text, which may hold a secret.
 */
export function parseS3Url(text: string): S3Config {
  const url = URL.parse(text);
  if (!url?.hostname) throw new Error('it names no bucket');
  const endpoint = url.searchParams.get('endpoint');
  if (endpoint !== null && !URL.canParse(endpoint)) {
    throw new Error('its endpoint is no URL');
  }
  const prefix = decodeURIComponent(url.pathname).replace(/^\/+|\/+$/g, '');
  return {
    bucket: url.hostname,
    prefix: prefix && `${prefix}/`,
    region: url.searchParams.get('region') ?? 'us-east-1',
    ...(endpoint && { endpoint }),
    ...(url.username && {
      credentials: {
        accessKeyId: decodeURIComponent(url.username),
        secretAccessKey: decodeURIComponent(url.password),
      },
    }),
  };
}
