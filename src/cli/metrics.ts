import { type Command, DONE, JSON_OPTION, print, UsageError } from './command.js';
import { write } from './write.js';

const metrics: Command = {
  summary: 'print figures of the service for Prometheus',
  usage: '[--json]',
  help: `Prints what the service counts and measures, in Prometheus' text format; docs/metrics.md explains each metric. Prometheus itself
reads them where [metrics] listen says.

  --json          a list of {name, type, help, values: {labels, value}}
  --socket PATH   the service's socket

Examples:
  dropset metrics | grep dropped
  dropset metrics > dropset.prom.new && mv dropset.prom.new dropset.prom   # in node_exporter's textfile directory`,
  options: JSON_OPTION,

  async run(invocation) {
    const { words, options, client } = invocation;
    if (words.length > 0) throw new UsageError(`metrics takes no '${words[0]}'`);
    if (options.json) print(invocation, JSON.stringify(await client.metricFamilies()));
    else await write(invocation, await client.metrics());
    return DONE;
  },
};

export default metrics;
