// The official client against a Minion server: node client.js BASE_URL KEY SCENARIO [MODEL]. Prints what happened as JSON.
const { default: OpenAI } = require('openai');

const [, , baseURL, apiKey, scenario, model = 'default'] = process.argv;
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const messages = [{ role: 'user', content: 'Hello' }];
const weather = {
  type: 'function',
  function: { name: 'weather', description: 'The weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
};

async function failureOf(call) {
  try {
    await call();
    return null;
  } catch (e) {
    return { name: e.constructor.name, status: e.status, code: e.code, type: e.type, param: e.param, retry: e.headers?.get?.('x-should-retry') ?? null };
  }
}

const scenarios = {
  async chat() {
    const { data, response } = await client.chat.completions.create({ model, messages }).withResponse();
    return { text: data.choices[0].message.content, usage: data.usage.total_tokens, run: response.headers.get('minion-run-id'), request: data._request_id };
  },
  async stream() {
    const stream = await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } });
    const seen = { text: '', parts: 0, finish: null, usage: null };
    for await (const chunk of stream) {
      const choice = chunk.choices[0];
      if (choice?.delta?.content) {
        seen.text += choice.delta.content;
        seen.parts++;
      }
      seen.finish = choice?.finish_reason ?? seen.finish;
      seen.usage = chunk.usage?.total_tokens ?? seen.usage;
    }
    return seen;
  },
  async tools() {
    const ran = [];
    const runner = client.chat.completions.runTools({
      model, messages,
      tools: [{ type: 'function', function: { ...weather.function, parse: JSON.parse, function: async (args) => { ran.push(args); return 'rain'; } } }],
    });
    return { text: await runner.finalContent(), ran };
  },
  async streamedTools() {
    const stream = client.chat.completions.stream({ model, messages, tools: [weather] });
    const message = (await stream.finalChatCompletion()).choices[0].message;
    return { calls: message.tool_calls.map((c) => [c.id, c.function.name, c.function.arguments]) };
  },
  async structured() {
    const parsed = await client.chat.completions.parse({
      model, messages,
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: { type: 'object', properties: { sum: { type: 'number' } } } } },
    });
    return { content: parsed.choices[0].message.content };
  },
  async responses() {
    const response = await client.responses.create({ model, input: 'Hello', instructions: 'Be brief.' });
    const events = [];
    let text = '';
    for await (const event of await client.responses.create({ model, input: 'Hello', stream: true })) {
      events.push(event.type);
      text += event.type === 'response.output_text.delta' ? event.delta : '';
    }
    return { text: response.output_text, status: response.status, streamed: text, first: events[0], last: events.at(-1) };
  },
  async embeddings() {
    const base64 = await client.embeddings.create({ model, input: ['one', 'two'], dimensions: 8 });
    const float = await client.embeddings.create({ model, input: ['one', 'two'], dimensions: 8, encoding_format: 'float' });
    return { count: base64.data.length, length: base64.data[0].embedding.length, same: base64.data.every((d, i) => d.embedding.every((n, j) => Math.abs(n - float.data[i].embedding[j]) < 1e-6)) };
  },
  async models() {
    const ids = [];
    for await (const found of client.models.list()) {
      ids.push(found.id);
    }
    return { ids, one: (await client.models.retrieve(model)).id, agent: (await client.models.retrieve('agent/hello')).id, none: await failureOf(() => client.models.retrieve('nobody/nothing')) };
  },
  async errors() {
    return {
      unknown: await failureOf(() => client.chat.completions.create({ model: 'nobody/nothing', messages })),
      invalid: await failureOf(() => client.chat.completions.create({ model, messages: [], temperature: 9 })),
      key: await failureOf(() => new OpenAI({ baseURL, apiKey: 'not-a-key-of-the-server', maxRetries: 0 }).models.list()),
      long: await failureOf(() => client.chat.completions.create({ model, messages: [{ role: 'user', content: 'x'.repeat(5_000_000) }] })),
    };
  },
  async failure() {
    return failureOf(() => client.chat.completions.create({ model, messages }));
  },
  async broken() {
    return failureOf(async () => {
      for await (const _ of await client.chat.completions.create({ model, messages, stream: true })) {
      }
    });
  },
  async abort() {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    let parts = 0;
    for await (const chunk of stream) {
      if (chunk.choices[0]?.delta?.content && ++parts === 2) {
        stream.controller.abort();
      }
    }
    return { parts };
  },
};

scenarios[scenario]().then(
  (result) => console.log(JSON.stringify(result)),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
