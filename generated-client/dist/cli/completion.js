import { print } from './output.js';
export const SHELLS = ['bash', 'zsh', 'fish'];
/** Prints the completions of a program for a shell. */
export function complete(program, shell) {
    return print(WRITERS[shell](specOf(program)));
}
const HELP = {
    flag: '--help',
    description: 'display help',
    value: undefined,
    isRepeatable: false,
};
function specOf(program) {
    const commands = program.commands.map((command) => ({
        name: command.name(),
        description: command.description(),
        options: [...command.options.map(optionSpec), HELP],
        words: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    }));
    const names = commands.map(({ name }) => name);
    return [
        ...commands,
        { name: 'help', description: 'display help for a command', options: [], words: names },
    ];
}
function optionSpec(option) {
    const { long, description, argChoices, required, flags } = option;
    const takesFile = flags.endsWith('<file>');
    return {
        flag: long,
        description,
        value: required ? (argChoices ?? (takesFile ? 'file' : 'other')) : undefined,
        isRepeatable: Array.isArray(option.defaultValue),
    };
}
const WRITERS = {
    bash: writeBash,
    zsh: writeZsh,
    fish: writeFish,
};
/** Leaves files, and values that are not known, to bash itself, which quotes names and is the default. */
function writeBash(commands) {
    const values = new Map(commands.flatMap(({ options }) => options).map(({ flag, value }) => [flag, value]));
    const valueCases = [...values].flatMap(([flag, value]) => {
        if (value === undefined)
            return [];
        return [`    ${flag}) candidates='${Array.isArray(value) ? value.join(' ') : ''}' ;;`];
    });
    const commandCases = commands.map(({ name, options, words }) => `        ${name})
          candidates='${words.join(' ')}'
          [[ $word == -* ]] && candidates='${options.map(({ flag }) => flag).join(' ')}' ;;`);
    const first = [...commands.map(({ name }) => name), '--help', '--version'].join(' ');
    return `# Completions of tally for bash.
_tally() {
  local word=\${COMP_WORDS[COMP_CWORD]} candidates=
  case \${COMP_WORDS[COMP_CWORD - 1]} in
${valueCases.join('\n')}
    *)
      case \${COMP_WORDS[1]} in
${commandCases.join('\n')}
      esac
      ((COMP_CWORD == 1)) && candidates='${first}' ;;
  esac
  COMPREPLY=($(compgen -W "$candidates" -- "$word"))
}
complete -o bashdefault -o default -F _tally tally`;
}
function writeZsh(commands) {
    const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
    const describe = (text) => text.replace(/[[\]:\\]/g, '\\$&');
    const argumentsOf = ({ options, words }) => [
        ...options.map(({ flag, description, value, isRepeatable }) => {
            const action = value === 'file' ? '_files' : Array.isArray(value) ? `(${value.join(' ')})` : ' ';
            const suffix = value === undefined ? '' : `:value:${action}`;
            return quote(`${isRepeatable ? '*' : ''}${flag}[${describe(description)}]${suffix}`);
        }),
        quote(words.length > 0 ? `*:word:(${words.join(' ')})` : '*:file:_files'),
    ];
    const cases = commands.map((command) => `    ${command.name}) _arguments ${argumentsOf(command).join(' \\\n      ')} ;;`);
    const names = commands.map(({ name, description }) => quote(`${name}:${describe(description)}`));
    return `#compdef tally
# Completions of tally for zsh.
_tally() {
  local -a commands=(
    ${names.join('\n    ')}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  local command=\${words[2]}
  shift words
  ((CURRENT--))
  case $command in
${cases.join('\n')}
  esac
}
compdef _tally tally`;
}
function writeFish(commands) {
    const quote = (text) => `'${text.replace(/['\\]/g, '\\$&')}'`;
    const lines = commands.flatMap(({ name, description, options, words }) => {
        const inCommand = `complete -c tally -n '__fish_seen_subcommand_from ${name}'`;
        return [
            `complete -c tally -n __fish_use_subcommand -f -a ${name} -d ${quote(description)}`,
            ...(words.length > 0 ? [`${inCommand} -f -a ${quote(words.join(' '))}`] : []),
            ...options.map(({ flag, description, value }) => {
                const takes = value === undefined ? '' : value === 'file' ? ' -r -F' : ' -x';
                const choices = Array.isArray(value) ? ` -a ${quote(value.join(' '))}` : '';
                return `${inCommand} -l ${flag.slice(2)}${takes}${choices} -d ${quote(description)}`;
            }),
        ];
    });
    return `# Completions of tally for fish.\n${lines.join('\n')}`;
}
