import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../test/helpers/free-port.ts';
import { root } from '../../../test/helpers/process.ts';
import { pathWithSystemFolders } from './packages.ts';
import { listensOn, type Site, startService } from './services.ts';

/** A proxy at https://localhost:PORT, with a certificate of its own. */
export interface Nginx {
  port: number;
  url: string;
  /** Path of the certificate, for clients that trust nothing else. */
  certificate: string;
}

/** Makes the certificate of a proxy that is started later, and chooses its port. */
export async function prepareNginx(site: Site): Promise<Nginx> {
  const certificate = join(site.folder, 'certificate.pem');
  const files = ['-keyout', join(site.folder, 'key.pem'), '-out', certificate];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const request = ['req', '-x509', ...key, '-days', '2', ...subject, ...files];
  await promisify(execFile)('openssl', request);
  const port = await freePort();
  return { port, url: `https://localhost:${port}`, certificate };
}

/** Starts nginx with the configuration in deploy/, in front of servers at these ports. */
export async function startNginx(site: Site, nginx: Nginx, servers: number[]): Promise<void> {
  const { folder } = site;
  const delivered = await readFile(join(root, 'deploy/nginx/tally.conf'), 'utf8');
  const redirectPort = await freePort();
  const ports = { redirect: redirectPort, https: nginx.port };
  await writeFile(join(folder, 'tally.conf'), configure(delivered, folder, ports, servers));
  await writeFile(join(folder, 'nginx.conf'), mainConfiguration(folder));
  await mkdir(join(folder, 'client_body'), { recursive: true });
  await startService(site, {
    name: 'nginx',
    command: ['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')],
    environment: { PATH: pathWithSystemFolders(process.env.PATH!) },
    isReady: () => listensOn(nginx.port),
  });
}

/** Puts addresses, names and paths of this machine into the configuration for users. */
function configure(
  delivered: string,
  folder: string,
  ports: { redirect: number; https: number },
  servers: number[],
): string {
  const upstream = /^ *server 127\.0\.0\.1:8000(.*;)$/m;
  if (!upstream.test(delivered)) throw new Error('deploy/nginx/tally.conf has another upstream');
  return delivered
    .replace(upstream, (_, rest) =>
      servers.map((server) => `  server 127.0.0.1:${server}${rest}`).join('\n'),
    )
    .replaceAll('tally.example;', 'localhost;')
    .replace(/\/etc\/ssl\/certs\/[^;]+/, join(folder, 'certificate.pem'))
    .replace(/\/etc\/ssl\/private\/[^;]+/, join(folder, 'key.pem'))
    .replace('/var/log/nginx/', `${folder}/`)
    .replace(/^ *listen \[::\].*\n/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${ports.redirect};`)
    .replace('listen 443 ', `listen 127.0.0.1:${ports.https} `);
}

/** Returns what a system's own nginx.conf has, with all files in the folder. */
function mainConfiguration(folder: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  return `daemon off;
${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${folder}/nginx.pid;
error_log ${folder}/nginx-error.log;
events {}
http {
  ${temporary.join('\n  ')}
  include ${folder}/tally.conf;
}
`;
}
