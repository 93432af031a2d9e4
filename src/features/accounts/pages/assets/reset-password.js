const FAILURE = 'The server did not answer as it should. Try again.';
const element = (id) => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get('token');
// The token stays neither in the history nor on the screen.
history.replaceState(null, '', location.pathname);
element(token ? 'reset' : 'ask').hidden = false;

function show(text, isError = false) {
  element('message').textContent = text;
  element('message').classList.toggle('error', isError);
}

/** Sends JSON. Returns the problem, in words for the person, and its code, if it was not accepted. */
async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return {};
    const { code, detail = FAILURE, errors = [] } = await response.json();
    if (code !== 'validation_failed') return { code, problem: detail };
    const rules = errors.map(({ message }) => message).join(', and ');
    return { code, problem: `The password ${rules}.` };
  } catch {
    return { problem: FAILURE };
  }
}

/** Runs `send` when a form is submitted, once at a time. Hides the form if that succeeds. */
function onSubmit(id, send) {
  const form = element(id);
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    show('');
    const { done, problem, isOver = problem === undefined } = await send();
    form.hidden = isOver;
    button.disabled = false;
    show(problem ?? done, problem !== undefined);
  });
}

onSubmit('reset', async () => {
  const new_password = element('password').value;
  if (new_password !== element('again').value) return { problem: 'The two passwords differ.' };
  const { code, problem } = await post('/accounts/password/reset', { token, new_password });
  if (code !== 'invalid_link')
    return { problem, done: 'The password is set. You can sign in with it now.' };
  element('ask').hidden = false;
  return { problem, isOver: true };
});

onSubmit('ask', async () => {
  const { problem } = await post('/accounts/password/forgotten', { email: element('email').value });
  return { problem, done: 'If there is an account with this address, a mail is on its way.' };
});
