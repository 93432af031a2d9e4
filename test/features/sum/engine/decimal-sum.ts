/** Adds decimals as a BigInt and a scale, for the oracles. */
export class DecimalSum {
  #units = 0n;
  #scale = 0;

  /** Adds `digits` times ten to the power of `exponent`. */
  add(digits: string, exponent: number, negative: boolean): void {
    const value = BigInt(digits) * (negative ? -1n : 1n);
    if (value === 0n) return;
    const scale = Math.max(this.#scale, -exponent);
    this.#units *= 10n ** BigInt(scale - this.#scale);
    this.#units += value * 10n ** BigInt(scale + exponent);
    this.#scale = scale;
  }

  /** Returns the canonical text of the sum. */
  text(): string {
    const negative = this.#units < 0n;
    const digits = String(negative ? -this.#units : this.#units).padStart(this.#scale + 1, '0');
    const point = digits.length - this.#scale;
    const fraction = digits.slice(point).replace(/0+$/, '');
    return (negative ? '-' : '') + digits.slice(0, point) + (fraction && `.${fraction}`);
  }
}
