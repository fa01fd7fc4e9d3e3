import { type Command, DONE, JSON_OPTION, print, UsageError } from './command.js';
import { bash } from './completion/bash.js';
import { fish } from './completion/fish.js';
import { zsh } from './completion/zsh.js';
import { definitionsOf } from './definitions.js';

const SHELLS = { bash, zsh, fish };

const completion: Command = {
  summary: 'print a script that has a shell complete the words of dropset',
  usage: '[--json] bash|zsh|fish',
  help: `Prints the script for one shell. It knows every command and option, and needs no dropset while it completes.

  --json          {"shell": "...", "script": "..."}

Examples:
  dropset completion bash > /usr/share/bash-completion/completions/dropset
  dropset completion zsh > /usr/local/share/zsh/site-functions/_dropset
  dropset completion fish > /etc/fish/completions/dropset.fish
  source <(dropset completion bash)`,
  options: JSON_OPTION,

  async run(invocation) {
    const { words, options, commands } = invocation;
    const [shell] = words;
    if (words.length !== 1 || shell === undefined || !Object.hasOwn(SHELLS, shell)) {
      throw new UsageError(`completion needs the name of one shell: ${Object.keys(SHELLS).join(', ')}`);
    }
    const script = SHELLS[shell as keyof typeof SHELLS](await definitionsOf(commands));
    print(invocation, options.json ? JSON.stringify({ shell, script }) : script.trimEnd());
    return DONE;
  },
};

export default completion;
