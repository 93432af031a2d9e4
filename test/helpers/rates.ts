/** Limits that no test or bench reaches from its one address; they are checked all the same. */
export const HIGH_RATES = {
  RATE_PER_TOKEN: '1000000000',
  RATE_PER_ADDRESS: '1000000000',
  RATE_SIGN_IN: '1000000000',
  RATE_GUEST_TOKENS: '1000000000',
  RATE_SEARCHES: '1000000000',
  MAX_IN_FLIGHT_PER_CLIENT: '1000000',
};
