/**
 * Completion scripts: the whole tree is in the script, so that a key press starts no process, and nothing that
 * has been typed is ever run. Alternative considered: @bomb.sh/tab, which asks the program at each key press,
 * completes no file names, and in bash passes what was typed through eval.
 */
import type { OutlineNode, Shell } from './outline.ts';

const flagsOf = (node: OutlineNode): string => node.options.flatMap(({ flags }) => flags).join(' ');

const namesOf = (node: OutlineNode): string =>
  [...node.commands.map(({ name }) => name), ...node.values].join(' ');

const keyOf = (node: OutlineNode): string => node.path.join(' ');

/** Flags that take a value, with the values that are known. */
function valueCases(nodes: readonly OutlineNode[], line: (flag: string, values: string) => string): string[] {
  const seen = new Map<string, string>();
  for (const { options } of nodes) {
    for (const { flags, takesValue, values } of options) {
      if (takesValue) for (const flag of flags) seen.set(flag, values.join(' '));
    }
  }
  return [...seen].map(([flag, values]) => line(flag, values));
}

/** What both shells share: the command that has been typed so far, what it may be followed by, and values. */
function cases(nodes: readonly OutlineNode[]): {
  readonly inner: string;
  readonly outer: string;
  readonly values: string;
} {
  const inner = nodes
    .filter(({ path }) => path.length > 0)
    .map((node) => `      "${keyOf(node)}") command="${keyOf(node)}" ;;`)
    .join('\n');
  const outer = nodes
    .map((node) => `    "${keyOf(node)}") names="${namesOf(node)}"; flags="${flagsOf(node)}" ;;`)
    .join('\n');
  const values = valueCases(nodes, (flag, list) => `    ${flag}) values="${list}"; takes=1 ;;`).join('\n');
  return { inner, outer, values };
}

function bashScript(nodes: readonly OutlineNode[]): string {
  const { inner, outer, values } = cases(nodes);
  return `# bash completion of truetape. Use it with: source <(truetape completion bash)
_truetape() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}"
  local command="" names="" flags="" values="" takes="" word at
  for (( at = 1; at < COMP_CWORD; at++ )); do
    word="\${COMP_WORDS[at]}"
    case "\${command:+$command }$word" in
${inner}
    esac
  done
  case "$command" in
${outer}
  esac
  case "$prev" in
${values}
  esac
  COMPREPLY=()
  if [[ -n "$takes" ]]; then
    if [[ -n "$values" ]]; then
      COMPREPLY=( $(compgen -W "$values" -- "$cur") )
    else
      compopt -o default
    fi
  elif [[ "$cur" == -* ]]; then
    COMPREPLY=( $(compgen -W "$flags" -- "$cur") )
  elif [[ -n "$names" ]]; then
    COMPREPLY=( $(compgen -W "$names" -- "$cur") )
  else
    compopt -o default
  fi
}
complete -F _truetape truetape
`;
}

function zshScript(nodes: readonly OutlineNode[]): string {
  const { inner, outer, values } = cases(nodes);
  return `#compdef truetape
# zsh completion of truetape. Use it with: source <(truetape completion zsh)
_truetape() {
  local cur="\${words[CURRENT]}" prev="\${words[CURRENT-1]}"
  local command="" names="" flags="" values="" takes="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "\${command:+$command }$word" in
${inner}
    esac
  done
  case "$command" in
${outer}
  esac
  case "$prev" in
${values}
  esac
  if [[ -n "$takes" ]]; then
    if [[ -n "$values" ]]; then
      compadd -- \${(s: :)values}
    else
      _files
    fi
  elif [[ "$cur" == -* ]]; then
    compadd -- \${(s: :)flags}
  elif [[ -n "$names" ]]; then
    compadd -- \${(s: :)names}
  else
    _files
  fi
}
if [[ "\${funcstack[1]}" == "_truetape" ]]; then
  _truetape "$@"
else
  compdef _truetape truetape
fi
`;
}

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** A condition of fish that holds behind exactly this command. */
function fishCondition(node: OutlineNode): string {
  if (node.path.length === 0) return '__fish_use_subcommand';
  const seen = node.path.map((name) => `__fish_seen_subcommand_from ${name}`);
  const children = node.commands.map(({ name }) => name).join(' ');
  return [...seen, ...(children === '' ? [] : [`not __fish_seen_subcommand_from ${children}`])].join(
    '; and ',
  );
}

function fishLines(node: OutlineNode): string[] {
  const condition = fishQuoted(fishCondition(node));
  const commands = node.commands.map(
    ({ name, summary }) => `complete -c truetape -f -n ${condition} -a ${name} -d ${fishQuoted(summary)}`,
  );
  const values = node.values.map((value) => `complete -c truetape -f -n ${condition} -a ${value}`);
  const options = node.options.map(({ flags, description, takesValue, values: known }) => {
    const names = flags
      .map((flag) => (flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`))
      .join(' ');
    const argument = !takesValue ? '' : known.length === 0 ? ' -r' : ` -x -a ${fishQuoted(known.join(' '))}`;
    return `complete -c truetape -n ${condition} ${names}${argument} -d ${fishQuoted(description)}`;
  });
  return [...commands, ...values, ...options];
}

function fishScript(nodes: readonly OutlineNode[]): string {
  const heading = '# fish completion of truetape. Use it with: truetape completion fish | source';
  return `${[heading, ...nodes.flatMap(fishLines)].join('\n')}\n`;
}

/** The completion script of a shell. */
export function completionScript(shell: Shell, nodes: readonly OutlineNode[]): string {
  switch (shell) {
    case 'bash':
      return bashScript(nodes);
    case 'zsh':
      return zshScript(nodes);
    case 'fish':
      return fishScript(nodes);
  }
}
