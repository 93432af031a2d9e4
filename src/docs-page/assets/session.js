/** Ends with the tab, unlike local storage. */
const STORAGE_KEY = 'tally.access_token';

/** Problems after which a token is of no use. */
const ENDED = ['token_expired', 'session_ended', 'invalid_token'];

/**
 * A plugin of Swagger UI that signs later calls with the token of a sign-in, keeps it over reloads of the page, and
 * shows whose it is.
 */
export function keepSession() {
  return {
    afterLoad({ authActions }) {
      document.querySelector('#sign-out').addEventListener('click', async () => {
        const failure = await endSession();
        if (failure) return show(failure, true);
        authActions.logout(['bearer']);
        // Forms and answers may still show passwords and tokens.
        location.reload();
      });
    },
    statePlugins: {
      auth: {
        wrapActions: {
          authorize: (original) => (credentials) => {
            remember(credentials.bearer?.value);
            return original(credentials);
          },
          logout: (original) => (names) => {
            forget();
            return original(names);
          },
        },
      },
      spec: {
        wrapActions: {
          updateJsonSpec: (original, system) => (spec) => {
            const result = original(requireToken(spec));
            const token = sessionStorage.getItem(STORAGE_KEY);
            if (token) authorize(system, token);
            return result;
          },
          setResponse: (original, system) => (path, method, response) => {
            followSession(system, { path, method, response });
            return original(path, method, response);
          },
        },
      },
    },
  };
}

/** Removes the choice to send no token, for which Swagger UI shows a closed padlock to those who have none. */
function requireToken(spec) {
  for (const operation of Object.values(spec.paths).flatMap((path) => Object.values(path))) {
    operation.security = operation.security?.filter((choice) => Object.keys(choice).length > 0);
  }
  return spec;
}

function authorize({ authActions }, value) {
  const schema = { type: 'http', scheme: 'bearer' };
  authActions.authorize({ bearer: { name: 'bearer', schema, value } });
}

/** Takes over the token of a sign-in, and drops it once the server says that it has ended. */
function followSession(system, { path, method, response }) {
  const body = Object(response.body);
  if (response.status === 200 && body.token_type === 'Bearer') authorize(system, body.access_token);
  const isOver =
    (response.status === 401 && ENDED.includes(body.code)) ||
    (response.status === 204 &&
      (path === '/accounts/logout' || `${method} ${path}` === 'delete /accounts/me'));
  if (isOver) system.authActions.logout(['bearer']);
}

/** Ends the session of an account, or says why it goes on. A guest's token belongs to none, and is only dropped. */
async function endSession() {
  const token = sessionStorage.getItem(STORAGE_KEY);
  if (!claimsOf(token)?.sid) return undefined;
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch('/accounts/logout', { method: 'POST', headers }).catch(() => null);
  if (response?.status === 204) return undefined;
  const { code } = (await response?.json().catch(() => null)) ?? {};
  if (code === 'session_ended' || code === 'invalid_token') return undefined;
  return code === 'token_expired'
    ? 'The token has expired, but its session goes on: sign in again, then sign out or delete the session'
    : 'The session could not be ended: try again';
}

let expiry;

function remember(token) {
  if (!token) return;
  sessionStorage.setItem(STORAGE_KEY, token);
  const claims = claimsOf(token);
  clearTimeout(expiry);
  if (claims?.exp) {
    const left = claims.exp * 1000 - Date.now();
    if (left <= 0) return showExpired();
    expiry = setTimeout(showExpired, Math.min(left, 2 ** 31 - 1));
  }
  show(claims ? describe(claims) : 'Signed in with a token of your own', true);
}

function forget() {
  sessionStorage.removeItem(STORAGE_KEY);
  clearTimeout(expiry);
  show('Not signed in', false);
}

function showExpired() {
  show('Your token has expired: sign in again', true);
}

function describe({ sub, uid, scope = '', exp }) {
  const role = !uid ? 'guest' : scope.split(' ').includes('admin') ? 'administrator' : 'account';
  const time = new Date(exp * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
  return `${sub} · ${role} · until ${time.replace(/\s/g, '\u00a0')}`;
}

function show(text, isSignedIn) {
  document.querySelector('#session-status').textContent = text;
  document.querySelector('#sign-out').hidden = !isSignedIn;
}

/** Returns the claims of a JWT, unverified; undefined for any other token. */
function claimsOf(token) {
  try {
    const base64 = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
