/** Decimal numbers without exponent, as the sums of reports are spelled. */
const DECIMAL = /^-?\d+(?:\.\d+)?$/;
export function isDecimal(text) {
    return DECIMAL.test(text);
}
/** The exact sum of decimal numbers. */
export class DecimalSum {
    /** The sums of the numbers with so many digits behind the point, in units of the last one. */
    #byScale = new Map();
    /** Adds a text that `isDecimal`. */
    add(text) {
        const { scale, units } = unitsOf(text);
        this.#byScale.set(scale, (this.#byScale.get(scale) ?? 0n) + units);
        return this;
    }
    subtract(text) {
        return this.add(text.startsWith('-') ? text.slice(1) : `-${text}`);
    }
    /** Returns the canonical text: no leading or trailing zeros, no exponent. */
    toString() {
        const scale = Math.max(0, ...this.#byScale.keys());
        let total = 0n;
        for (const [own, units] of this.#byScale)
            total += units * 10n ** BigInt(scale - own);
        const digits = String(total < 0n ? -total : total).padStart(scale + 1, '0');
        const whole = digits.slice(0, digits.length - scale);
        const fraction = digits.slice(whole.length).replace(/0+$/, '');
        return `${total < 0n ? '-' : ''}${whole}${fraction && `.${fraction}`}`;
    }
}
function unitsOf(text) {
    const point = text.indexOf('.');
    if (point < 0)
        return { scale: 0, units: BigInt(text) };
    return {
        scale: text.length - point - 1,
        units: BigInt(text.slice(0, point) + text.slice(point + 1)),
    };
}
