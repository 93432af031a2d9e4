import { carryIds } from './carry-ids.js';
import { followColorScheme } from './color-scheme.js';
import { improveForms } from './forms.js';
import { addHeader } from './header.js';
import { improveList, sortOperations } from './list.js';
import { foldResponses } from './responses.js';
import { keepSession } from './session.js';

addHeader();
followColorScheme();

/** For the configuration of Swagger UI, which starts when the page is loaded. */
window.tally = {
  plugins: [improveList, improveForms, foldResponses, carryIds, keepSession],
  sortOperations,
};
