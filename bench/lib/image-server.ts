import { join } from 'node:path';
import { openDriver } from './driver.ts';
import { post, send } from './requests.ts';
import { type Contender, startTally } from './servers.ts';

/** Tally with an account of the tier `premium`. */
export interface ImageServer extends Contender {
  upload(image: Buffer): Promise<{ id: string }>;
  download(path: string): Promise<Buffer>;
}

const BOUNDARY = 'boundary-of-the-bench';

export async function startImageServer(): Promise<ImageServer> {
  const server = await startTally();
  const { url, dataDir } = server;
  const credentials = { email: 'bench@example.com', password: 'correct horse battery' };
  const { id } = await post(`${url}/accounts`, credentials);
  // The quota of this tier is enough for the uploads of the bench.
  const driver = openDriver(`sqlite:${join(dataDir, 'tally.db')}`);
  await driver.run("update accounts set tier = 'premium' where id = ?", [id]);
  await driver.close();
  const { access_token } = await post(`${url}/accounts/login`, credentials);
  const authorization = `Bearer ${access_token}`;
  const type = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
  return {
    ...server,
    headers: { authorization },
    async upload(image) {
      const form = formOf(image);
      const { status, body } = await send('POST', `${url}/images`, { authorization, ...type }, [
        form,
      ]);
      if (status !== 201) throw new Error(`the upload was refused: ${body}`);
      return JSON.parse(body);
    },
    async download(path) {
      const response = await fetch(url + path, { headers: { authorization } });
      return Buffer.from(await response.arrayBuffer());
    },
  };
}

function formOf(image: Buffer): Buffer {
  const head = 'Content-Disposition: form-data; name="image"; filename="photograph.jpg"';
  return Buffer.concat([
    Buffer.from(`--${BOUNDARY}\r\n${head}\r\nContent-Type: image/jpeg\r\n\r\n`),
    image,
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
}
