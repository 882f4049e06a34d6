'use strict';
// Calls the probe service at argv[2] and prints for each check one line of JSON: { name, ok, error, milliseconds }.
// argv[3] is a server that compresses its responses.
const assert = require('assert');
const { grpc, ProbeService, endWithParent } = require('./probe');
const { rawChecks } = require('./raw');

const [, , address, gzipAddress] = process.argv;
const connect = (to = address, options = {}) => new ProbeService(to, grpc.credentials.createInsecure(), options);
const client = connect();
const status = grpc.status;

const unary = (request, { metadata = new grpc.Metadata(), options = {}, via = client } = {}) =>
  new Promise((resolve) => {
    const result = {};
    const settle = () => 'status' in result && 'answered' in result && resolve(result);
    const call = via.Unary(request, metadata, options, (error, response) => {
      Object.assign(result, { error, response, answered: true });
      settle();
    });
    call.on('metadata', (headers) => (result.headers = headers));
    call.on('status', (s) => {
      result.status = s;
      settle();
    });
    result.call = call;
  });

const ended = (call) =>
  new Promise((resolve) => {
    call.on('error', () => {});
    call.on('status', resolve);
  });

const collect = (call, messages = []) => {
  call.on('data', (message) => messages.push(message));
  return ended(call).then((end) => ({ end, messages }));
};

const until = async (condition, what) => {
  const deadline = Date.now() + 10000;
  while (!(await condition())) {
    assert(Date.now() < deadline, `not within ten seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

const note = async (name) => (await unary({ ask: name })).response.text;

const checks = {
  async unary() {
    const { response, status: end } = await unary({ text: 'hello', payload: Buffer.from('abc') });
    assert.strictEqual(response.text, 'hello');
    assert.deepStrictEqual(response.payload, Buffer.from('abc'));
    assert.strictEqual(end.code, status.OK);
  },

  async server_streaming() {
    const { end, messages } = await collect(client.ServerStream({ count: 5000, text: 'm' }));
    assert.strictEqual(end.code, status.OK);
    assert.deepStrictEqual(messages.map((m) => m.index), [...Array(5000).keys()]);
  },

  async server_streaming_without_messages() {
    const { end, messages } = await collect(client.ServerStream({}));
    assert.strictEqual(end.code, status.OK);
    assert.strictEqual(messages.length, 0);
  },

  async client_streaming() {
    const response = await new Promise((resolve, reject) => {
      const call = client.ClientStream((error, r) => (error ? reject(error) : resolve(r)));
      for (let i = 0; i < 1000; i++) {
        call.write({ text: 'x' });
      }
      call.end();
    });
    assert.strictEqual(response.index, 1000);
    assert.strictEqual(response.text.length, 1000);
  },

  async duplex() {
    const call = client.Duplex();
    const end = ended(call);
    for (let i = 0; i < 100; i++) {
      const next = new Promise((resolve) => call.once('data', resolve));
      call.write({ text: `t${i}` });
      assert.strictEqual((await next).text, `t${i}`);
    }
    call.end();
    call.resume();
    assert.strictEqual((await end).code, status.OK);
  },

  async half_closed_before_the_first_request() {
    const call = client.Duplex();
    const all = collect(call);
    call.end();
    const { end, messages } = await all;
    assert.strictEqual(end.code, status.OK);
    assert.strictEqual(messages.length, 0);
  },

  async half_closed_while_responses_come() {
    const call = client.Duplex();
    const all = collect(call);
    for (let i = 0; i < 50; i++) {
      call.write({ text: 'x', response_size: 10000 });
    }
    call.end();
    const { end, messages } = await all;
    assert.strictEqual(end.code, status.OK);
    assert.strictEqual(messages.length, 50);
  },

  async metadata_both_ways() {
    const metadata = new grpc.Metadata();
    metadata.set('x-text', 'some text; with, signs');
    metadata.add('x-many', 'one');
    metadata.add('x-many', 'two');
    for (let length = 0; length < 5; length++) {
      metadata.add('x-some-bin', Buffer.alloc(length, 254));
    }
    const { headers, status: end } = await unary({ echo_metadata: true }, { metadata });
    for (const got of [headers, end.metadata]) {
      assert.deepStrictEqual(got.get('x-text'), ['some text; with, signs']);
      assert.strictEqual(got.get('x-many').join(',').replaceAll(' ', ''), 'one,two');
      assert.deepStrictEqual(got.get('x-some-bin'), [0, 1, 2, 3, 4].map((length) => Buffer.alloc(length, 254)));
    }
  },

  async deadline() {
    const started = Date.now();
    const { error } = await unary({ wait: true, probe: 'js-deadline' }, { options: { deadline: Date.now() + 500 } });
    assert.strictEqual(error.code, status.DEADLINE_EXCEEDED);
    assert(Date.now() - started < 5000);
    await until(async () => (await note('js-deadline')) === 'cancelled', 'the server hears of the deadline');
  },

  async cancellation_of_a_unary_call() {
    let call;
    const end = new Promise((resolve) => {
      call = client.Unary({ wait: true, probe: 'js-cancel' }, (error) => resolve(error));
    });
    setTimeout(() => call.cancel(), 100);
    assert.strictEqual((await end).code, status.CANCELLED);
    await until(async () => (await note('js-cancel')) === 'cancelled', 'the server hears of the cancellation');
  },

  async cancellation_in_the_middle_of_a_stream() {
    const call = client.ServerStream({ count: 1000000, response_size: 1000, probe: 'js-reset' });
    const end = ended(call);
    let seen = 0;
    call.on('data', () => ++seen === 20 && call.cancel());
    assert.strictEqual((await end).code, status.CANCELLED);
    await until(async () => (await note('js-reset')) === 'cancelled', 'the server stops to write');
  },

  async cancellation_of_a_duplex_call() {
    const call = client.Duplex();
    const end = ended(call);
    call.resume();
    call.write({ wait: true, probe: 'js-duplex' });
    setTimeout(() => call.cancel(), 100);
    assert.strictEqual((await end).code, status.CANCELLED);
    await until(async () => (await note('js-duplex')) === 'cancelled', 'the server hears of the cancellation');
  },

  async status_with_details() {
    const { error, status: end } = await unary({ fail: 9, fail_text: 'Größe: 100 %\nnein' });
    assert.strictEqual(error.code, status.FAILED_PRECONDITION);
    assert.strictEqual(error.details, 'Größe: 100 %\nnein');
    assert.deepStrictEqual(end.metadata.get('grpc-status-details-bin'), [Buffer.from([1, 2, 3, 255])]);
  },

  async status_after_messages() {
    const { end, messages } = await collect(client.ServerStream({ count: 3, fail: 10, fail_text: 'später' }));
    assert.strictEqual(messages.length, 3);
    assert.strictEqual(end.code, status.ABORTED);
    assert.strictEqual(end.details, 'später');
    assert.deepStrictEqual(end.metadata.get('grpc-status-details-bin'), [Buffer.from([1, 2, 3, 255])]);
  },

  async an_exception_is_unknown_and_keeps_its_message() {
    const { error } = await unary({ crash: true });
    assert.strictEqual(error.code, status.UNKNOWN);
    assert(!error.details.includes('secret'), error.details);
  },

  async a_missing_method_is_unimplemented() {
    const error = await new Promise((resolve) => client.Missing({}, resolve));
    assert.strictEqual(error.code, status.UNIMPLEMENTED);
  },

  async a_request_below_the_limit_is_taken() {
    const payload = Buffer.alloc(4 * 1024 * 1024 - 100, 7);
    const { response } = await unary({ payload, response_size: 1 });
    assert.strictEqual(response.payload.length, 1);
  },

  async a_request_above_the_limit_is_refused() {
    const { error } = await unary({ payload: Buffer.alloc(4 * 1024 * 1024 + 1) });
    assert.strictEqual(error.code, status.RESOURCE_EXHAUSTED);
  },

  async a_response_above_the_limit_is_refused() {
    const { error } = await unary({ response_size: 4 * 1024 * 1024 + 1 });
    assert.strictEqual(error.code, status.RESOURCE_EXHAUSTED);
  },

  async a_large_response_arrives_whole() {
    const large = connect(address, { 'grpc.max_receive_message_length': -1 });
    const { response } = await unary({ response_size: 20 * 1024 * 1024 }, { via: large });
    large.close();
    assert.strictEqual(response.payload.length, 20 * 1024 * 1024);
  },

  async gzip_both_ways() {
    const gzip = connect(gzipAddress, { 'grpc.default_compression_algorithm': 2 });
    const text = 'abc'.repeat(10000);
    const { response } = await unary({ text, payload: Buffer.alloc(100000) }, { via: gzip });
    assert.strictEqual(response.text, text);
    assert.strictEqual(response.payload.length, 100000);
    const { end, messages } = await collect(gzip.ServerStream({ count: 10, text }));
    assert.strictEqual(end.code, status.OK);
    assert(messages.every((m) => m.text === text) && messages.length === 10);
    const { error } = await unary({ payload: Buffer.alloc(5 * 1024 * 1024) }, { via: gzip });
    gzip.close();
    assert.strictEqual(error.code, status.RESOURCE_EXHAUSTED, 'a small message that unpacks to more than the limit');
  },

  async a_thousand_concurrent_streams() {
    const many = Array.from({ length: 1000 }, (_, i) => {
      const call = client.Duplex();
      const all = collect(call);
      call.write({ text: `s${i}` });
      return { call, all, i, first: new Promise((resolve) => call.once('data', resolve)) };
    });
    // Every stream has answered while every stream is open.
    for (const one of many) {
      assert.strictEqual((await one.first).text, `s${one.i}`);
    }
    many.forEach((one) => one.call.write({ text: 'again' }));
    many.forEach((one) => one.call.end());
    for (const one of many) {
      const { end, messages } = await one.all;
      assert.strictEqual(end.code, status.OK);
      assert.strictEqual(messages.length, 2);
    }
  },

  async a_slow_reader_holds_the_server_back() {
    const call = client.ServerStream({ count: 100000, response_size: 16384, probe: 'js-slow' });
    const end = ended(call);
    let seen = 0;
    call.on('data', () => ++seen === 3 && call.pause());
    let before = -1;
    let steady = 0;
    await until(async () => {
      const now = Number((await note('js-slow')).replace('written ', ''));
      steady = now === before ? steady + 1 : 0;
      before = now;
      return now > 0 && steady >= 20;
    }, 'the server stops to write');
    assert(before < 1000, `the server has written ${before} messages of 16 kB for a client that reads none`);
    call.cancel();
    call.resume();
    assert.strictEqual((await end).code, status.CANCELLED);
  },

  async an_answer_before_the_requests_end() {
    const response = await new Promise((resolve, reject) => {
      const call = client.ClientStream((error, r) => (error ? reject(error) : resolve(r)));
      call.on('error', () => {});
      call.write({ text: 'a' });
      call.write({ text: 'b', stop: true });
    });
    assert.strictEqual(response.text, 'ab');
  },

  async a_failure_before_the_requests_end() {
    const error = await new Promise((resolve) => {
      const call = client.ClientStream((e) => resolve(e));
      call.on('error', () => {});
      call.write({ fail: 7, fail_text: 'no' });
    });
    assert.strictEqual(error.code, status.PERMISSION_DENIED);
    assert.strictEqual(error.details, 'no');
  },
};

endWithParent();
(async () => {
  for (const [name, check] of Object.entries({ ...checks, ...rawChecks(address) })) {
    const started = Date.now();
    let error = null;
    try {
      let timer;
      const late = new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error('not done after 30 seconds')), 30000);
      });
      await Promise.race([check(), late]);
      clearTimeout(timer);
    } catch (e) {
      error = e.stack ?? String(e);
    }
    console.log(JSON.stringify({ name, ok: error === null, error, milliseconds: Date.now() - started }));
  }
  process.exit(0);
})();
