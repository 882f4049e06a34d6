'use strict';
// What no gRPC client would send, over bare HTTP/2.
const assert = require('assert');
const http2 = require('http2');

const path = '/standin.probe.v1.ProbeService';
const frame = (payload, flag = 0) => {
  const header = Buffer.alloc(5);
  header[0] = flag;
  header.writeUInt32BE(payload.length, 1);
  return Buffer.concat([header, payload]);
};

// A request, field by field: { wait: true, probe } as protobuf.
const waiting = (probe) => Buffer.concat([Buffer.from([0x40, 1, 0x5a, probe.length]), Buffer.from(probe)]);
const asking = (probe) => Buffer.concat([Buffer.from([0x62, probe.length]), Buffer.from(probe)]);

exports.rawChecks = (address) => {
  const session = http2.connect(`http://${address}`);
  session.on('error', () => {});

  const open = (method, headers = {}) =>
    session.request({
      ':method': 'POST', ':path': `${path}/${method}`, 'content-type': 'application/grpc', te: 'trailers', ...headers,
    });

  const result = (stream) =>
    new Promise((resolve) => {
      const got = { frames: 0, body: [], trailers: {} };
      stream.on('response', (headers, flags) => Object.assign(got, { headers, ended: (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0 }));
      stream.on('trailers', (trailers) => (got.trailers = trailers));
      stream.on('data', (chunk) => got.body.push(chunk));
      stream.on('error', (error) => (got.error = error));
      stream.on('close', () => resolve({ ...got, body: Buffer.concat(got.body), code: stream.rstCode }));
    });

  const send = (method, body, headers) => {
    const stream = open(method, headers);
    const all = result(stream);
    stream.end(body);
    return all;
  };

  const trailersOnly = (got, status) => {
    assert.strictEqual(got.headers[':status'], 200);
    assert.strictEqual(got.headers['grpc-status'], String(status), JSON.stringify(got.headers));
    assert.strictEqual(got.ended, true, 'the headers end the stream');
  };

  const note = async (probe) => (await send('Unary', frame(asking(probe)))).body.toString();
  const noted = async (probe, what) => {
    const deadline = Date.now() + 10000;
    while (!(await note(probe)).includes(what)) {
      assert(Date.now() < deadline, `the server has not noted '${what}' within ten seconds`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };

  return {
    async raw_unknown_method_and_service() {
      trailersOnly(await send('Nothing', frame(Buffer.alloc(0))), 12);
      const stream = session.request({ ':method': 'POST', ':path': '/no.Service/No', 'content-type': 'application/grpc', te: 'trailers' });
      const all = result(stream);
      stream.end(frame(Buffer.alloc(0)));
      trailersOnly(await all, 12);
    },

    async raw_failure_before_the_first_message() {
      // fail = 5
      trailersOnly(await send('Unary', frame(Buffer.from([0x28, 5]))), 5);
    },

    async raw_answer_has_message_and_trailers() {
      const got = await send('Unary', frame(Buffer.from([0x0a, 1, 0x61])));
      assert.deepStrictEqual(got.body, frame(Buffer.from([0x0a, 1, 0x61])));
      assert.strictEqual(got.trailers['grpc-status'], '0');
      assert.strictEqual('grpc-status' in got.headers, false);
      assert.strictEqual(got.headers['content-type'], 'application/grpc');
    },

    async raw_message_in_single_bytes() {
      const stream = open('Unary');
      const all = result(stream);
      for (const b of frame(Buffer.from([0x0a, 1, 0x61]))) {
        stream.write(Buffer.from([b]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      stream.end();
      assert.strictEqual((await all).trailers['grpc-status'], '0');
    },

    async raw_half_a_message() {
      trailersOnly(await send('Unary', Buffer.from([0, 0, 0, 0, 9, 1, 2])), 13);
      trailersOnly(await send('Unary', Buffer.from([0, 0])), 13);
      trailersOnly(await send('ClientStream', Buffer.from([0, 0, 0, 0, 9, 1, 2])), 13);
    },

    async raw_no_message_and_two_messages() {
      trailersOnly(await send('Unary', Buffer.alloc(0)), 13);
      trailersOnly(await send('Unary', Buffer.concat([frame(Buffer.alloc(0)), frame(Buffer.alloc(0))])), 13);
    },

    async raw_not_protobuf() {
      trailersOnly(await send('Unary', frame(Buffer.from([0xff, 0xff, 0xff]))), 13);
    },

    async raw_announces_four_gigabytes() {
      trailersOnly(await send('Unary', Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1])), 8);
    },

    async raw_unknown_flag_and_encoding() {
      trailersOnly(await send('Unary', frame(Buffer.alloc(0), 7)), 13);
      trailersOnly(await send('Unary', frame(Buffer.alloc(0), 1)), 13);
      const got = await send('Unary', frame(Buffer.alloc(0), 1), { 'grpc-encoding': 'snappy' });
      trailersOnly(got, 12);
      assert(got.headers['grpc-accept-encoding'].includes('gzip'));
      trailersOnly(await send('Unary', frame(Buffer.from('no gzip'), 1), { 'grpc-encoding': 'gzip' }), 13);
    },

    async raw_malformed_metadata() {
      // echo_metadata, so that the server looks at it
      trailersOnly(await send('Unary', frame(Buffer.from([0x48, 1])), { 'x-bad-bin': '***' }), 13);
      trailersOnly(await send('Unary', frame(Buffer.alloc(0)), { 'grpc-timeout': 'soon' }), 13);
    },

    async raw_other_content_type() {
      const got = await send('Unary', frame(Buffer.alloc(0)), { 'content-type': 'application/json' });
      assert.strictEqual(got.headers[':status'], 415);
    },

    async raw_server_keeps_the_deadline_by_itself() {
      const started = Date.now();
      const got = await send('Unary', frame(waiting('raw-deadline')), { 'grpc-timeout': '150m' });
      trailersOnly(got, 4);
      assert(Date.now() - started < 5000);
      await noted('raw-deadline', 'cancelled');
    },

    async raw_deadline_while_the_client_takes_nothing() {
      const narrow = http2.connect(`http://${address}`, { settings: { initialWindowSize: 1000 } });
      narrow.on('error', () => {});
      const stream = narrow.request({
        ':method': 'POST', ':path': `${path}/ServerStream`, 'content-type': 'application/grpc', te: 'trailers', 'grpc-timeout': '300m',
      });
      stream.pause();
      const closed = new Promise((resolve) => stream.on('close', () => resolve(stream.rstCode)));
      stream.on('error', () => {});
      // count = 1000, response_size = 65536
      stream.end(frame(Buffer.from([0x18, 0xe8, 0x07, 0x20, 0x80, 0x80, 0x04])));
      assert.strictEqual(await closed, http2.constants.NGHTTP2_CANCEL);
      narrow.close();
    },

    async raw_reset_in_the_middle_of_a_request() {
      const stream = open('ClientStream');
      stream.on('error', () => {});
      const closed = new Promise((resolve) => stream.on('close', resolve));
      stream.write(frame(waiting('raw-reset')));
      stream.write(Buffer.from([0, 0, 0]));
      await new Promise((resolve) => setTimeout(resolve, 50));
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      await closed;
      await noted('raw-reset', 'cancelled');
    },

    async raw_lost_connection() {
      const other = http2.connect(`http://${address}`);
      other.on('error', () => {});
      const stream = other.request({ ':method': 'POST', ':path': `${path}/Unary`, 'content-type': 'application/grpc', te: 'trailers' });
      stream.on('error', () => {});
      stream.end(frame(waiting('raw-lost')));
      await new Promise((resolve) => setTimeout(resolve, 100));
      other.destroy();
      await noted('raw-lost', 'cancelled');
      session.close();
    },
  };
};
