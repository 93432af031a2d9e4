import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { parseS3Url } from '../../src/storage/s3-url.ts';

/** Creates the bucket of a STORAGE_URL, unless it exists. */
export async function createBucket(url: string): Promise<void> {
  const { bucket, region, endpoint, credentials } = parseS3Url(url);
  const client = new S3Client({
    region,
    ...(endpoint && { endpoint, forcePathStyle: true }),
    ...(credentials && { credentials }),
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: Error) => {
    if (!/^BucketAlready/.test(error.name)) throw error;
  });
  client.destroy();
}
