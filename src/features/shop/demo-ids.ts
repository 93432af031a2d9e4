/** Returns the id of the product at a position of the demo catalogue: fixed, so that examples can name it. */
export const demoId = (position: number) =>
  `0199a1f0-3c5e-7b1a-9f5e-2f6f0f1c7d${(0x3a + position).toString(16)}`;

export const DEMO_IDS = { mokaPot: demoId(0), mug: demoId(1), notebook: demoId(5) };
