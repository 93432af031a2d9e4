/** Content of a mail, without its form. */
export interface MailText {
  subject: string;
  paragraphs: string[];
  /** A link that stands after the first paragraph. */
  link?: { label: string; url: string };
}

/** Returns the two forms of a mail: plain text, and HTML that needs no style sheet, image or script. */
export function layOut(productName: string, { subject, paragraphs, link }: MailText) {
  const [first = '', ...others] = paragraphs;
  const text = [first, ...(link ? [link.url] : []), ...others, `-- \n${productName}`];
  const html = [
    paragraph(first),
    ...(link ? [button(link)] : []),
    ...others.map(paragraph),
    `<p style="${FINE_PRINT}">${escapeHtml(productName)}</p>`,
  ];
  return {
    subject,
    text: `${text.join('\n\n')}\n`,
    html: `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>${escapeHtml(subject)}</title></head>
<body style="${BODY}">
<h1 style="${HEADING}">${escapeHtml(subject)}</h1>
${html.join('\n')}
</body>
</html>
`,
  };
}

const BODY =
  'max-width: 34rem; margin: 0 auto; padding: 2rem 1.25rem; font: 1rem/1.5 system-ui, sans-serif';
const HEADING = 'margin: 0 0 1.25rem; font-size: 1.375rem; line-height: 1.3';
const BUTTON =
  'display: inline-block; padding: 0.75rem 1.25rem; border-radius: 0.375rem; background: #0b6b55; color: #fff; font-weight: 600; text-decoration: none';
const FINE_PRINT = 'margin: 2rem 0 0; font-size: 0.875rem; opacity: 0.75';

const paragraph = (text: string) => `<p style="margin: 0 0 1rem">${escapeHtml(text)}</p>`;

/** Shows the address too, for those who want to see it, or whose program does not open links. */
function button({ label, url }: { label: string; url: string }): string {
  const address = escapeHtml(url);
  return `<p style="margin: 0 0 1rem"><a href="${address}" style="${BUTTON}">${escapeHtml(label)}</a></p>
<p style="margin: 0 0 1rem; overflow-wrap: anywhere">${address}</p>`;
}

const ESCAPES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]!);
