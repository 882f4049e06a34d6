'use strict';
// Creates an agent, starts a run, watches it, disconnects in the middle, resumes by sequence number, and prints what it saw as JSON.
// Arguments: the server's address (host:port), the folder of the .proto files, the name of the agent, the name of its model.
const path = require('path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [, , address, protos, name, model] = process.argv;
const files = ['agents', 'runs'].map((file) => path.join('minion/orchestration/v1', `${file}.proto`));
const { v1 } = grpc.loadPackageDefinition(loader.loadSync(files, { includeDirs: [protos], keepCase: true, longs: Number })).minion.orchestration;
const credentials = grpc.credentials.createInsecure();
const agents = new v1.AgentService(address, credentials);

const call = (client, method, request) =>
  new Promise((resolve, reject) => client[method](request, { deadline: Date.now() + 30000 }, (error, response) => (error ? reject(error) : resolve(response))));

// Reads parts until the stream ends or `enough` says so; then the connection is closed, not only the call.
const watch = (runId, afterSeq, enough) =>
  new Promise((resolve, reject) => {
    const client = new v1.RunService(address, credentials, { 'grpc.use_local_subchannel_pool': 1 });
    const seen = [];
    const end = () => {
      client.close();
      resolve(seen);
    };
    const stream = client.WatchRun({ run_id: runId, after_seq: afterSeq });
    stream.on('data', ({ entry }) => {
      if (entry && !enough(seen)) {
        seen.push(entry.seq);
        if (enough(seen)) {
          stream.cancel();
        }
      }
    });
    stream.on('end', end);
    stream.on('error', (error) => (error.code === grpc.status.CANCELLED ? end() : reject(error)));
  });

const main = async () => {
  const runs = new v1.RunService(address, credentials);
  const definition = { name, instructions: 'Count.', model, behaviour: 'react', tools: ['notes_add'] };
  const { agent } = await call(agents, 'CreateAgent', { definition });
  const { run } = await call(runs, 'StartRun', { agent: name, input: 'count' });
  const first = await watch(run.id, 0, (seen) => seen.length === 2);
  const second = await watch(run.id, first.at(-1), () => false);
  const { run: ended } = await call(runs, 'GetRun', { id: run.id });
  const refused = await call(agents, 'CreateAgent', { definition: { name: 'Not A Name', behaviour: 'juggle' } }).catch((error) => error.code);
  console.log(JSON.stringify({ version: agent.version, first, second, status: ended.status, last: ended.last_seq, output: ended.output, refused }));
  process.exit(0);
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
