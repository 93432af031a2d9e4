import type { Config } from './config.ts';

/** The account that the greeting registers. */
const EXAMPLE_ACCOUNT = { email: 'ada@example.com', password: 'correct horse battery staple' };

/** Returns the addresses of a server that has started, and a first call that works. */
export function greeting({ http: { publicUrl }, auth }: Config): string {
  const [username, password] =
    auth.mode === 'accounts' ? [EXAMPLE_ACCOUNT.email, EXAMPLE_ACCOUNT.password] : ['ada', 'any'];
  return `
  Tally    ${publicUrl}
  Docs     ${publicUrl}/docs

  Try it:

${auth.mode === 'accounts' ? registration(publicUrl) : ''}\
    TOKEN=$(curl -s ${publicUrl}/auth -H 'Content-Type: application/json' \\
      -d '{"username": "${username}", "password": "${password}"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')
    curl ${publicUrl}/sum -H "Authorization: Bearer $TOKEN" -d '[0.1, 0.2]'

`;
}

function registration(publicUrl: string): string {
  return `\
    curl -s ${publicUrl}/accounts -H 'Content-Type: application/json' -w '\\n' \\
      -d '{"email": "${EXAMPLE_ACCOUNT.email}", "password": "${EXAMPLE_ACCOUNT.password}"}'
`;
}
