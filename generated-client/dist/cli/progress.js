import { visible } from './text.js';
/** Time between two drawings, and before the first: short work draws nothing. */
const INTERVAL_MS = 200;
const BAR_COLUMNS = 24;
/** Width of a terminal that does not tell its own. */
const DEFAULT_COLUMNS = 80;
const MAX_NAME = 32;
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];
const SILENT = { add: () => undefined, stop: () => undefined };
/** Shows the progress of reading a file, of so many bytes if that is known, if standard error is a terminal. */
export function startProgress(name, size) {
    if (!process.stderr.isTTY)
        return SILENT;
    const start = performance.now();
    const label = visible(name);
    let bytes = 0;
    let isDrawn = false;
    function draw() {
        const line = describe({ label, bytes, size, seconds: (performance.now() - start) / 1000 });
        isDrawn = true;
        process.stderr.write(`\r${line.slice(0, (process.stderr.columns || DEFAULT_COLUMNS) - 1)}\u001b[K`);
    }
    function stop() {
        clearInterval(timer);
        process.removeListener('SIGINT', interrupt);
        if (isDrawn)
            process.stderr.write('\r\u001b[K');
        isDrawn = false;
    }
    /** Leaves a clean line, and then ends as the signal ends other programs, which shells report as status 130. */
    function interrupt() {
        stop();
        process.kill(process.pid, 'SIGINT');
    }
    const timer = setInterval(draw, INTERVAL_MS).unref();
    process.once('SIGINT', interrupt);
    return {
        add: (count) => {
            bytes += count;
        },
        stop,
    };
}
function describe({ label, bytes, size, seconds }) {
    const rate = bytes / seconds;
    const name = label.length > MAX_NAME ? `…${label.slice(1 - MAX_NAME)}` : label;
    const read = `${spellBytes(bytes)}  ${spellBytes(rate)}/s`;
    if (size === undefined)
        return `${name}  ${read}`;
    // A file may grow while it is read.
    const part = size === 0 ? 1 : Math.min(1, bytes / size);
    const full = Math.round(part * BAR_COLUMNS);
    const bar = '█'.repeat(full) + '░'.repeat(BAR_COLUMNS - full);
    const percent = `${Math.floor(part * 100)} %`.padStart(5);
    return `${name}  ${bar} ${percent}  ${read}  ${spellTime((size - bytes) / rate)} left`;
}
function spellBytes(bytes) {
    const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
    return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}
function spellTime(seconds) {
    if (!Number.isFinite(seconds))
        return '-:--';
    const rounded = Math.max(0, Math.round(seconds));
    const two = (part) => String(part % 60).padStart(2, '0');
    const minutes = Math.floor(rounded / 60);
    if (minutes < 60)
        return `${minutes}:${two(rounded)}`;
    return `${Math.floor(minutes / 60)}:${two(minutes)}:${two(rounded)}`;
}
