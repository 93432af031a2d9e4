const element = (id) => document.getElementById(id);
const token = new URLSearchParams(location.hash.slice(1)).get('token');
// The token stays neither in the history nor on the screen.
history.replaceState(null, '', location.pathname);
element(token ? 'reset' : 'ask').hidden = false;

function show(text, isError = false) {
  element('message').textContent = text;
  element('message').classList.toggle('error', isError);
}

/** Sends JSON. Returns undefined if it was accepted, else what to tell the person. */
async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.ok) return undefined;
    const { code, detail, errors = [] } = await response.json();
    if (code !== 'validation_failed') return detail;
    return `The password ${errors.map(({ message }) => message).join(', and ')}.`;
  } catch {
    return 'The server cannot be reached. Try again.';
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
    const { done, problem } = await send();
    form.hidden = problem === undefined;
    button.disabled = false;
    show(problem ?? done, problem !== undefined);
  });
}

onSubmit('reset', async () => {
  const new_password = element('password').value;
  if (new_password !== element('again').value) return { problem: 'The two passwords differ.' };
  const problem = await post('/accounts/password/reset', { token, new_password });
  return { problem, done: 'The password is set. You can sign in with it now.' };
});

onSubmit('ask', async () => {
  const problem = await post('/accounts/password/forgotten', { email: element('email').value });
  return { problem, done: 'If there is an account with this address, a mail is on its way.' };
});
