export interface S3Address {
  bucket: string;
  /** Stands before each key: empty, or with a slash at its end. */
  prefix: string;
  region: string;
  /** A server other than Amazon's, which has buckets in the path. */
  endpoint?: string;
  /** Without them: those that the AWS tools would find, in the environment or from the machine's role. */
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

/**
 * Reads `s3://KEY:SECRET@BUCKET/PREFIX?region=REGION&endpoint=URL`, of which only the bucket is required.
 *
 * @throws {Error} whose message shows nothing of the text, which may hold a secret
 */
export function parseS3Url(text: string): S3Address {
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
