import { Agent, request } from 'node:http';
import { guestToken } from './server.ts';

/** Sends small sums until it is stopped, on connections that are kept and on new ones. */
export async function sendSums(server: { url: string }, connections = 4) {
  const authorization = `Bearer ${await guestToken(server)}`;
  const kept = new Agent({ keepAlive: true });
  const agents = [kept, new Agent({ keepAlive: false })];
  const failures: string[] = [];
  let answered = 0;
  let isStopped = false;

  function send(agent: Agent): Promise<void> {
    return new Promise((resolve) => {
      const fail = (reason: string) => {
        failures.push(reason);
        resolve();
      };
      const options = { method: 'POST', agent, headers: { authorization } };
      const outgoing = request(`${server.url}/sum`, options, (answer) => {
        answer.once('error', ({ message }) => fail(message)).resume();
        answer.once('end', () => {
          if (answer.statusCode !== 200) return fail(`status ${answer.statusCode}`);
          answered += 1;
          resolve();
        });
      });
      outgoing.once('error', ({ message }) => fail(message)).end('[1,2,3]');
    });
  }

  async function sendAll(agent: Agent): Promise<void> {
    while (!isStopped) await send(agent);
  }

  const senders = agents.flatMap((agent) =>
    Array.from({ length: connections }, () => sendAll(agent)),
  );
  return {
    get answered() {
      return answered;
    },
    async stop() {
      isStopped = true;
      await Promise.all(senders);
      kept.destroy();
      return { answered, failures };
    },
  };
}
