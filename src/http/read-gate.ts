import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one client that one turn of the event loop parses before its connections have to wait. */
const REQUESTS_PER_TURN = 256;
/** Connections of a client that are read again in each turn. */
const CONNECTIONS_PER_TURN = 32;
/** A client that exceeds them, as a chunk of a thousand requests does, is not read for so many times what that took. */
const PAUSE_FACTOR = 4;

interface Client {
  connections: Set<Socket>;
  /** Requests that were parsed in this turn. */
  parsed: number;
  /** Time of the first of them, by `performance.now()`. */
  startedAt: number;
  /** End of the time in which none of its connections is read, by `performance.now()`. */
  readableAt: number;
  /** Connections that wait to be read again. */
  held: Socket[];
}

/**
 * Keeps one client from filling a turn of the event loop with requests: once it has sent many, its other connections are
 * not read until later turns, and after a flood, none of them for a while. Node by itself parses all that has arrived on
 * all connections.
 */
export interface ReadGate {
  /** Counts a request that was parsed. */
  count(client: string): void;
}

/**
 * Creates a gate for the connections of a server.
 *
 * @param clientOf returns undefined for connections that many clients share
 * @param mayRead tells whether nothing else keeps a connection from being read
 */
export function createReadGate(
  server: Server,
  clientOf: (socket: Socket) => string | undefined,
  mayRead: (socket: Socket) => boolean,
): ReadGate {
  const clients = new Map<string, Client>();
  const active = new Set<Client>();

  server.on('connection', (socket: Socket) => {
    const key = clientOf(socket);
    if (key === undefined) return;
    const client = clients.get(key) ?? newClient();
    clients.set(key, client);
    client.connections.add(socket);
    // In the next tick, because Node starts reading after this one.
    if (client.readableAt > performance.now()) process.nextTick(hold, client, socket);
    socket.once('close', () => {
      client.connections.delete(socket);
      if (client.connections.size === 0) clients.delete(key);
    });
  });

  function hold(client: Client, socket: Socket): void {
    socket.pause();
    client.held.push(socket);
    active.add(client);
  }

  let isScheduled = false;
  let isPaused = false;

  function schedule(): void {
    if (!isScheduled) setImmediate(beginTurn);
    isScheduled = true;
  }

  function beginTurn(): void {
    isScheduled = false;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const client of active) {
      const isFlood = client.parsed > REQUESTS_PER_TURN;
      if (isFlood) client.readableAt = now + PAUSE_FACTOR * (now - client.startedAt);
      client.parsed = 0;
      if (client.readableAt <= now) resume(client.held.splice(0, CONNECTIONS_PER_TURN), mayRead);
      if (client.held.length === 0 && client.readableAt <= now) active.delete(client);
      else next = Math.min(next, client.readableAt);
    }
    if (next <= now) schedule();
    else if (active.size > 0 && !isPaused) {
      isPaused = true;
      setTimeout(endPause, next - now).unref();
    }
  }

  function endPause(): void {
    isPaused = false;
    schedule();
  }

  return {
    count(key) {
      const client = clients.get(key);
      if (!client) return;
      if (client.parsed++ === 0) client.startedAt = performance.now();
      active.add(client);
      schedule();
      if (client.parsed !== REQUESTS_PER_TURN) return;
      const isHeld = new Set(client.held);
      for (const socket of client.connections) {
        if (!socket.isPaused() && !isHeld.has(socket)) hold(client, socket);
      }
    },
  };
}

function newClient(): Client {
  return { connections: new Set(), parsed: 0, startedAt: 0, readableAt: 0, held: [] };
}

function resume(sockets: Socket[], mayRead: (socket: Socket) => boolean): void {
  for (const socket of sockets) if (!socket.destroyed && mayRead(socket)) socket.resume();
}
