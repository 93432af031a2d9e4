/**
 * A plugin of Swagger UI that fills what an answer names into the operations that need it: after an order, `GET
 * /orders/{id}` is about this order.
 */
export function carryIds() {
  return {
    statePlugins: {
      spec: {
        wrapActions: {
          setResponse: (original, system) => (path, method, response) => {
            const body = Object(response.body);
            if (response.status === 201) carryMember(system, path, body);
            if (response.status === 200 && method === 'get') carryFirst(system, path, body);
            carryLink(system, body);
            carryRefreshToken(system, body);
            return original(path, method, response);
          },
        },
      },
    },
  };
}

/** Operations that are about something that was created here. */
const created = new Set();

/** Fills the parameter that follows the path of a collection with the id of its new member. */
function carryMember(system, collection, member) {
  for (const { pathMethod, name } of memberOperations(system, collection)) {
    created.add(pathMethod.join());
    fill(system, pathMethod, name, member[name] ?? member.id);
  }
}

/**
 * Fills the first member of a list in where nothing was created, but for deletion only what was created here, or a session
 * that is not the one in use.
 */
function carryFirst(system, collection, { results }) {
  const member = Array.isArray(results) ? results.find(({ current }) => !current) : undefined;
  if (!member) return;
  for (const { pathMethod, name } of memberOperations(system, collection)) {
    const isHarmless = pathMethod[1] !== 'delete' || member.current === false;
    if (isHarmless && !created.has(pathMethod.join()))
      fill(system, pathMethod, name, member[name] ?? member.id);
  }
}

function carryLink(system, body) {
  const [, token] = /\/links\/([^/?]+)$/.exec(body.link?.url ?? body.url) ?? [];
  if (token) fill(system, ['/links/{token}', 'get'], 'token', token);
}

/** Refresh tokens work once, so none is kept but in the form that sends it. */
function carryRefreshToken({ oas3Actions }, { refresh_token }) {
  if (!refresh_token) return;
  const value = JSON.stringify({ refresh_token }, null, 2);
  oas3Actions.setRequestBodyValue({ value, pathMethod: ['/accounts/refresh', 'post'] });
}

/** Returns the operations on a member of a collection, with the name of the parameter that selects it. */
function memberOperations({ specSelectors }, collection) {
  const paths = specSelectors.specJson().get('paths').entrySeq().toArray();
  return paths
    .filter(([path]) => path.startsWith(`${collection}/{`))
    .flatMap(([path, operations]) => {
      const [, name] = /\{(\w+)\}/.exec(path.slice(collection.length));
      return [...operations.keys()].map((method) => ({ pathMethod: [path, method], name }));
    });
}

/** Sets a value beneath those that were typed into the form, which stay. */
function fill({ specActions }, pathMethod, name, value) {
  if (value) specActions.changeParam(pathMethod, name, 'path', value);
}
